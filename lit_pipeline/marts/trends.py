"""Mart of what rises: models named by a larger share of recent papers than before, tested against chance."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy import stats

from lit_pipeline.marts.named import paper_entities

RECENT_DAYS = 90
PAST_DAYS = 365
NO_DAY = date(1970, 1, 1)
"""Last day of data without days; no paper lies in its windows."""

MIN_RECENT_PAPERS = 2
"""Recent papers below which a rise is no trend."""


def trending_models(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `trending_models`.

    The recent window is the last 90 days of the data, the past window the 365 days before. The p-value is that of
    Fisher's exact test (Fisher, "The Design of Experiments", 1935), one-sided: the chance of at least as many recent
    papers, were the model named as often in both windows.
    """
    days = papers.select("paper_id", "published_on").drop_nulls("published_on")
    last_day = days.select(pl.col("published_on").max()).collect().item() or NO_DAY
    recent_from = last_day - timedelta(days=RECENT_DAYS - 1)
    past_from = recent_from - timedelta(days=PAST_DAYS)
    recent = (pl.col("published_on") >= recent_from).alias("recent")
    window = days.filter(pl.col("published_on") >= past_from).select("paper_id", recent)
    n_recent, n_past = window.select(pl.col("recent").sum(), (~pl.col("recent")).sum().alias("past")).collect().row(0)
    counts = (
        paper_entities(mentions, entities, "model")
        .join(window, on="paper_id")
        .group_by("entity_id", "entity")
        .agg(
            pl.col("recent").sum().cast(pl.Int64).alias("recent_papers"),
            (~pl.col("recent")).sum().cast(pl.Int64).alias("past_papers"),
        )
    )
    return _ranked(counts.collect(), n_recent, n_past, recent_from)


def _ranked(counts: pl.DataFrame, n_recent: int, n_past: int, recent_from: date) -> pl.LazyFrame:
    share = {
        "recent_share": pl.col("recent_papers") / max(n_recent, 1),
        "past_share": pl.col("past_papers") / max(n_past, 1),
    }
    rising = counts.with_columns(**share).filter(
        (pl.col("recent_papers") >= MIN_RECENT_PAPERS) & (pl.col("recent_share") > pl.col("past_share"))
    )
    both = (rising["recent_papers"] + rising["past_papers"]).to_numpy()
    tail = stats.hypergeom.sf(rising["recent_papers"].to_numpy() - 1, n_recent + n_past, both, n_recent)
    p_value = pl.Series("p_value", np.clip(tail, 0.0, 1.0), dtype=pl.Float64)
    return (
        rising.with_columns(
            p_value,
            recent_from=pl.lit(recent_from, dtype=pl.Date),
            lift=pl.when(pl.col("past_share") > 0).then(pl.col("recent_share") / pl.col("past_share")),
        )
        .sort("p_value", "recent_papers", "entity_id", descending=[False, True, False])
        .with_row_index("rank", offset=1)
        .with_columns(pl.col("rank").cast(pl.Int64))
        .lazy()
    )
