"""Texts of our own for deduplication, and the short way from titles and abstracts to clusters."""

from collections.abc import Callable, Sequence

import polars as pl
import pytest

from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.signatures import signatures

Row = tuple[str, str | None, str, str | None]
"""record_id, arxiv_id, title, abstract."""

LANTERN = (
    "Reading a gauge from a photograph sounds easy until the glass is dirty and the needle throws a shadow. "
    "We describe Lantern, a small network that first finds the dial, then unrolls it into a strip, and at last "
    "reads the strip as if it were a ruler. On 170,982 photographs taken in boiler rooms it is off by 0.4% of the "
    "scale at the median, and it says so when it can't tell. A version that fits a telephone runs ten times a "
    "second. We give away the photographs, the readings of three engineers and the weights."
)

ORCHARD = (
    "Apples that hang behind leaves are missed by pickers and by cameras alike. Our orchard robot looks at each tree "
    "from four sides, keeps a loose map of what it saw, and moves its arm only where two views agree that a fruit "
    "should be. Over one autumn in three orchards it left one apple in thirty on the tree, against one in nine for "
    "the machine it replaces, while bruising no more of them. Failures come mostly from wind, which moves the fruit "
    "between two looks."
)


@pytest.fixture
def lantern() -> str:
    """An abstract."""
    return LANTERN


@pytest.fixture
def orchard() -> str:
    """An abstract that has nothing in common with `lantern`."""
    return ORCHARD


@pytest.fixture
def matched() -> Callable[[Sequence[Row]], pl.DataFrame]:
    """Matches of records given as rows."""

    def run(rows: Sequence[Row]) -> pl.DataFrame:
        schema = {"record_id": pl.String, "arxiv_id": pl.String, "title": pl.String, "abstract": pl.String}
        return match(signatures(pl.DataFrame(rows, schema=schema, orient="row")))

    return run


@pytest.fixture
def clusters(matched: Callable[[Sequence[Row]], pl.DataFrame]) -> Callable[[Sequence[Row]], list[list[str]]]:
    """Clusters of records given as rows: their record ids, sorted."""

    def run(rows: Sequence[Row]) -> list[list[str]]:
        grouped = matched(rows).group_by("survivor_id").agg(pl.col("record_id").sort())
        return sorted(grouped["record_id"].to_list())

    return run
