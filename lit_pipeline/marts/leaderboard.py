"""Mart of the best values: what each model reaches on each benchmark, as papers report it."""

import polars as pl

from lit_pipeline.marts.metrics import UNNAMED, folded

BOARD = ("benchmark_id", "metric", "unit")
HIGHEST_PERCENTAGE = 100.0


def leaderboard(
    papers: pl.LazyFrame, entities: pl.LazyFrame, results: pl.LazyFrame, metrics: pl.DataFrame
) -> pl.LazyFrame:
    """Mart `leaderboard`: absolute scores with a model and a benchmark; each model's best a board.

    A percentage over 100 of a metric that can't exceed it is kept, marked implausible, and has no rank.

    Args:
        papers: table `papers`.
        entities: table `entities`.
        results: table `results`.
        metrics: names and directions, from `load_metrics`.
    """
    scores = (
        results.filter(pl.col("kind").cast(pl.String) == "score")
        .drop_nulls(["model_id", "benchmark_id"])
        .with_columns(alias=folded(pl.col("metric").fill_null(UNNAMED)))
        .join(metrics.lazy(), on="alias", how="left", suffix="_known")
        .with_columns(
            metric=pl.coalesce("metric_known", pl.col("metric").str.to_lowercase(), pl.lit(UNNAMED)),
            unit=pl.col("unit").fill_null(""),
            higher_is_better=pl.col("higher_is_better").fill_null(value=True),
            implausible=_implausible(),
        )
    )
    best = scores.sort(_worst_last(), "confidence", "paper_id", "start", descending=[True, True, False, False]).unique(
        [*BOARD, "model_id"], keep="first", maintain_order=True
    )
    return _named(_ranked(best), papers, entities).sort(*BOARD, "rank", "model_id", nulls_last=True)


def _implausible() -> pl.Expr:
    is_percentage = (pl.col("unit").fill_null("") == "%") & pl.col("bounded").fill_null(value=True)
    return is_percentage & (pl.col("value") > HIGHEST_PERCENTAGE)


def _worst_last() -> pl.Expr:
    """A number that is greater the better a value is; implausible values come after all others."""
    signed = pl.when("higher_is_better").then("value").otherwise(-pl.col("value"))
    return pl.when("implausible").then(-float("inf")).otherwise(signed)


def _ranked(best: pl.LazyFrame) -> pl.LazyFrame:
    place = _worst_last().rank("min", descending=True).over(BOARD).cast(pl.Int64)
    return best.with_columns(rank=pl.when(~pl.col("implausible")).then(place))


def _named(ranked: pl.LazyFrame, papers: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    names = entities.select("entity_id", "name")
    return (
        ranked.join(names.rename({"entity_id": "benchmark_id", "name": "benchmark"}), on="benchmark_id")
        .join(names.rename({"entity_id": "model_id", "name": "model"}), on="model_id")
        .join(papers.select("paper_id", paper="title", reported_on="published_on"), on="paper_id")
    )
