"""Mart of pairs: which models and benchmarks are named in one paper."""

import polars as pl

from lit_pipeline.marts.named import paper_entities


def model_benchmark(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `model_benchmark`."""
    models = paper_entities(mentions, entities, "model").select("paper_id", model_id="entity_id", model="entity")
    benchmarks = paper_entities(mentions, entities, "benchmark").select(
        "paper_id", benchmark_id="entity_id", benchmark="entity"
    )
    days = papers.select("paper_id", "published_on")
    return (
        models.join(benchmarks, on="paper_id")
        .join(days, on="paper_id")
        .group_by("model_id", "model", "benchmark_id", "benchmark")
        .agg(
            pl.len().cast(pl.Int64).alias("papers"),
            pl.col("published_on").min().alias("first_on"),
            pl.col("published_on").max().alias("last_on"),
        )
        .sort(pl.col("papers"), "model_id", "benchmark_id", descending=[True, False, False])
    )
