"""Turns errors that a retry can't mend into failures that Dagster does not retry."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from lit_pipeline.extraction.vocabulary import VocabularyError
from lit_pipeline.ingest.landing import LandingZoneError
from lit_pipeline.storage.warehouse import WarehouseError

TRANSIENT = dg.RetryPolicy(max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Retries for what can pass, such as a disk that is busy."""


@contextmanager
def permanent_failures() -> Iterator[None]:
    """Raise the errors that stay whatever is tried again as failures without retries."""
    try:
        yield
    except (LandingZoneError, VocabularyError, WarehouseError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
