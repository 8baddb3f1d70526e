"""Tells failures that may pass, which are tried again, from those that stay whatever is tried."""

import errno
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar, cast

import dagster as dg
import duckdb

from lit_pipeline.extraction.vocabulary import VocabularyError
from lit_pipeline.fetch.http import FetchError
from lit_pipeline.ingest.landing import LandingZoneError
from lit_pipeline.storage.warehouse import WarehouseError

P = ParamSpec("P")
R = TypeVar("R")

TRANSIENT = dg.RetryPolicy(max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Retries for what can pass in seconds, such as a disk that is busy."""

OWN_ERRORS = (FetchError, LandingZoneError, VocabularyError, WarehouseError)
"""Errors whose message is one clear line. A FetchError stays: its requests were tried again as often as they may."""

PASSING_ERRNOS = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOLCK,
        errno.ENOMEM,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ETXTBSY,
    }
)
"""Errors of the operating system that say that something is busy, not that it is wrong."""


def may_pass(error: BaseException) -> bool:
    """Whether the same step may succeed when it is tried again a little later."""
    if isinstance(error, OSError):
        return error.errno in PASSING_ERRNOS
    return isinstance(error, MemoryError | duckdb.IOException | duckdb.OutOfMemoryException)


@contextmanager
def permanent_failures() -> Iterator[None]:
    """Raise errors that stay, whatever is tried again, as failures that Dagster does not retry.

    Interrupts are such errors too: Dagster takes them for a reason to try again.
    """
    try:
        yield
    except dg.Failure:
        raise
    except (KeyboardInterrupt, dg.DagsterExecutionInterruptedError) as interrupt:
        raise dg.Failure("interrupted", allow_retries=False) from interrupt
    except Exception as error:
        if may_pass(error):
            raise
        raise dg.Failure(_one_line(error), allow_retries=False) from error


def retried_where_it_helps(compute: Callable[P, R]) -> Callable[P, R]:
    """Decorate the function of an asset with a retry policy, so that only failures that may pass are retried."""
    if inspect.isgeneratorfunction(compute):

        @functools.wraps(compute)
        def generate(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            with permanent_failures():
                yield from compute(*args, **kwargs)

        return cast("Callable[P, R]", generate)

    @functools.wraps(compute)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with permanent_failures():
            return compute(*args, **kwargs)

    return call


def _one_line(error: BaseException) -> str:
    """Message of an error of ours; kind and first line of any other."""
    if isinstance(error, OWN_ERRORS):
        return str(error)
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]
