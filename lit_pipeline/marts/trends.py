"""Marts of what rises and falls: names in a larger or smaller share of recent papers, tested against chance."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from lit_pipeline.marts.named import dated_entities
from lit_pipeline.marts.windows import Windows, counts_by_window, windows_of
from lit_pipeline.tables.marts import EntityTrends, TrendingModels
from lit_pipeline.tables.schema import empty_frame

MIN_PAPERS = 3
"""Papers in both windows together below which no split between them could be uneven beyond chance."""


def entity_trends(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `entity_trends`: the recent window is the last 90 days of the data, the past one the 365 days before.

    The p-value is that of Fisher's exact test (Fisher, "The Design of Experiments", 1935), two-sided by doubling the
    smaller tail: the direction is not chosen before. The q-value corrects it for the names of the same type that
    were tested (Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995). Names are chosen for
    the test by their papers in both windows together, which the test takes as given, so the choice adds no trends.
    Where a window has no papers nothing can be compared, and there are no rows.
    """
    windows = windows_of(papers)
    if windows is None:
        return empty_frame(EntityTrends).lazy()
    tested = (
        counts_by_window(dated_entities(papers, mentions), windows)
        .filter(pl.col("recent_papers") + pl.col("past_papers") >= MIN_PAPERS)
        .join(entities.select("entity_id", "type", entity="name"), on="entity_id")
        .rename({"first_on": "first_seen_on"})
        .collect()
    )
    p_value = pl.Series("p_value", _p_values(tested, windows), dtype=pl.Float64)
    compared = tested.lazy().with_columns(
        p_value,
        past_from=pl.lit(windows.past_from),
        recent_from=pl.lit(windows.recent_from),
        recent_share=pl.col("recent_papers") / windows.n_recent,
        past_share=pl.col("past_papers") / windows.n_past,
    )
    return compared.with_columns(
        direction=_direction(),
        lift=pl.when(pl.col("past_share") > 0).then(pl.col("recent_share") / pl.col("past_share")),
        q_value=false_discovery(pl.col("p_value")).over("type", order_by="p_value"),
    ).sort("type", "p_value", "entity_id")


def trending_models(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `trending_models`: the rising models of `entity_trends`, the surest first."""
    is_rising_model = (pl.col("type").cast(pl.String) == "model") & (pl.col("direction") == "rising")
    return (
        entity_trends(papers, mentions, entities)
        .filter(is_rising_model)
        .sort("p_value", "recent_papers", "entity_id", descending=[False, True, False])
        .with_row_index("rank", offset=1)
        .select(TrendingModels.column_names())
    )


def false_discovery(p_value: pl.Expr) -> pl.Expr:
    """Benjamini and Hochberg's q-values of p-values that stand in ascending order.

    >>> pl.DataFrame({"p": [0.01, 0.02, 0.9]}).select(false_discovery(pl.col("p"))).to_series().to_list()
    [0.03, 0.03, 0.9]
    """
    place = pl.int_range(1, pl.len() + 1)
    return (p_value * pl.len() / place).cum_min(reverse=True)


def _direction() -> pl.Expr:
    return (
        pl.when(pl.col("recent_share") > pl.col("past_share"))
        .then(pl.lit("rising"))
        .when(pl.col("recent_share") < pl.col("past_share"))
        .then(pl.lit("falling"))
        .otherwise(pl.lit("steady"))
    )


def _p_values(tested: pl.DataFrame, windows: Windows) -> NDArray[np.float64]:
    """Twice the smaller tail of the hypergeometric distribution of each name's recent papers, at most 1.

    The papers that name it are the draws, for there are fewer of them than papers in a window: the time of the tail
    grows with the draws.
    """
    recent = tested["recent_papers"].to_numpy()
    named = recent + tested["past_papers"].to_numpy()
    n_papers = windows.n_recent + windows.n_past
    rises = recent * n_papers > named * windows.n_recent
    tail = np.empty(len(tested))
    tail[rises] = stats.hypergeom.sf(recent[rises] - 1, n_papers, windows.n_recent, named[rises])
    tail[~rises] = stats.hypergeom.cdf(recent[~rises], n_papers, windows.n_recent, named[~rises])
    return np.clip(2 * tail, 0.0, 1.0)
