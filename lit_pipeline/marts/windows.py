"""The day on which the data end, the two windows of time before it that trends compare, and the papers in them."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

RECENT_DAYS = 90
"""A quarter: shorter windows hold too few papers of most names."""

PAST_DAYS = 365
"""A whole year, so that the seasons of conferences don't pass for trends."""

SUPPORT_DAYS = 30
SUPPORT_PAPERS = 3
"""Papers in so many days up to a day that make it one of the data: a single wrong date does not move their end."""


@dataclass(frozen=True)
class Windows:
    """First days of the past and the recent window, the last day of the recent one, and the papers of each."""

    past_from: date
    recent_from: date
    last_day: date
    n_past: int
    n_recent: int


def last_day(papers: pl.LazyFrame) -> date | None:
    """Day on which the data end; never the clock's. None where no paper has a publication day.

    It is the latest publication day up to which 3 papers were published within 30 days; where there is none, the
    latest publication day.
    """
    by_day = papers.drop_nulls("published_on").group_by("published_on").len("papers").sort("published_on")
    near = pl.col("papers").rolling_sum_by("published_on", window_size=f"{SUPPORT_DAYS}d")
    supported = pl.col("published_on").filter(near >= SUPPORT_PAPERS).max()
    found: date | None = by_day.select(pl.coalesce(supported, pl.col("published_on").max())).collect().item()
    return found


def windows_of(papers: pl.LazyFrame) -> Windows | None:
    """Windows that end with the data; None where a window has no papers."""
    last = last_day(papers)
    if last is None:
        return None
    recent_from = last - timedelta(days=RECENT_DAYS - 1)
    past_from = recent_from - timedelta(days=PAST_DAYS)
    day = pl.col("published_on")
    counted = papers.select(
        n_past=day.is_between(past_from, recent_from, closed="left").sum(),
        n_recent=day.is_between(recent_from, last).sum(),
    )
    n_past, n_recent = counted.collect().row(0)
    return Windows(past_from, recent_from, last, n_past, n_recent) if n_past and n_recent else None


def counts_by_window(dated: pl.LazyFrame, windows: Windows) -> pl.LazyFrame:
    """Papers of each entity in both windows, and its first day.

    Args:
        dated: one row a paper and entity: entity_id, published_on (not null).
        windows: from `windows_of`.

    Returns:
        entity_id, first_on, past_papers, recent_papers; an entity of neither window counts zero.

    """
    day = pl.col("published_on")
    past = day.is_between(windows.past_from, windows.recent_from, closed="left")
    recent = day.is_between(windows.recent_from, windows.last_day)
    return dated.group_by("entity_id").agg(
        day.min().alias("first_on"),
        past.sum().cast(pl.Int64).alias("past_papers"),
        recent.sum().cast(pl.Int64).alias("recent_papers"),
    )
