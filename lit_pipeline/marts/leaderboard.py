"""Mart of the best values: what each model reaches on each benchmark, as papers report it."""

import polars as pl

from lit_pipeline.marts.scores import BOARD, benchmark_scores, signed_value


def leaderboard(
    papers: pl.LazyFrame, entities: pl.LazyFrame, results: pl.LazyFrame, metrics: pl.DataFrame
) -> pl.LazyFrame:
    """Mart `leaderboard`: of the scores with a model, each model's best a board (benchmark, metric and unit).

    A score whose text names no model is on no board: it is never given to a model by guess. Models with equal values
    share a rank. An implausible value has no rank, and stands only where the model has no plausible one.

    Args:
        papers: table `papers`.
        entities: table `entities`.
        results: table `results`.
        metrics: from `load_metrics`.

    """
    of_models = benchmark_scores(papers, entities, results, metrics).drop_nulls("model_id")
    earliest_surest = [signed_value(), -pl.col("confidence"), "reported_on", "paper_id", "start"]
    best = of_models.sort(earliest_surest, descending=[True, *[False] * 4], nulls_last=True).unique(
        [*BOARD, "model_id"], keep="first", maintain_order=True
    )
    place = signed_value().rank("min", descending=True).over(BOARD).cast(pl.Int64)
    ranked = best.with_columns(rank=pl.when(~pl.col("implausible")).then(place))
    return ranked.sort(*BOARD, "rank", "model_id", nulls_last=True)
