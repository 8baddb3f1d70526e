"""Mart of days: the papers of each day with the names they hold."""

import polars as pl

from lit_pipeline.marts.named import paper_entities


def daily_papers(
    papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame, results: pl.LazyFrame
) -> pl.LazyFrame:
    """Mart `daily_papers`."""
    n_results = results.group_by("paper_id").agg(pl.len().cast(pl.Int64).alias("n_results"))
    day = pl.coalesce("featured_on", "published_on").alias("day")
    listed = papers.select("paper_id", "title", "upvotes", day, featured=pl.col("featured_on").is_not_null())
    return (
        listed.drop_nulls("day")
        .join(_names(mentions, entities, "model", "models"), on="paper_id", how="left")
        .join(_names(mentions, entities, "benchmark", "benchmarks"), on="paper_id", how="left")
        .join(n_results, on="paper_id", how="left")
        .with_columns(
            pl.col("models", "benchmarks").fill_null([]),
            pl.col("n_results").fill_null(0),
        )
        .sort("day", "paper_id", descending=[True, False])
    )


def _names(mentions: pl.LazyFrame, entities: pl.LazyFrame, entity_type: str, column: str) -> pl.LazyFrame:
    names = pl.col("entity").unique().sort().alias(column)
    return paper_entities(mentions, entities, entity_type).group_by("paper_id").agg(names)
