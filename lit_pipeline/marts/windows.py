"""The two windows of time that trends compare, both ending with the data, and the papers in them."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

RECENT_DAYS = 90
"""A quarter: shorter windows hold too few papers of most names."""

PAST_DAYS = 365
"""A whole year, so that the seasons of conferences don't pass for trends."""


@dataclass(frozen=True)
class Windows:
    """First days of the past and the recent window, and the papers of each."""

    past_from: date
    recent_from: date
    n_past: int
    n_recent: int


def windows_of(papers: pl.LazyFrame) -> Windows | None:
    """Windows that end with the latest publication day of the data; None where a window has no papers."""
    day = pl.col("published_on")
    recent_from = day.max().dt.offset_by(f"-{RECENT_DAYS - 1}d")
    past_from = recent_from.dt.offset_by(f"-{PAST_DAYS}d")
    counted = papers.select(
        latest=day.max(),
        n_past=day.is_between(past_from, recent_from, closed="left").sum(),
        n_recent=(day >= recent_from).sum(),
    )
    latest, n_past, n_recent = counted.collect().row(0)
    if not (n_past and n_recent):
        return None
    first_recent = latest - timedelta(days=RECENT_DAYS - 1)
    return Windows(first_recent - timedelta(days=PAST_DAYS), first_recent, n_past, n_recent)


def counts_by_window(dated: pl.LazyFrame, windows: Windows) -> pl.LazyFrame:
    """Papers of each entity in both windows, and its first day.

    Args:
        dated: one row a paper and entity: entity_id, published_on (not null).
        windows: from `windows_of`.

    Returns:
        entity_id, first_on, past_papers, recent_papers; an entity of neither window counts zero.

    """
    day = pl.col("published_on")
    return dated.group_by("entity_id").agg(
        day.min().alias("first_on"),
        day.is_between(windows.past_from, windows.recent_from, closed="left").sum().cast(pl.Int64).alias("past_papers"),
        (day >= windows.recent_from).sum().cast(pl.Int64).alias("recent_papers"),
    )
