"""Mart of what is new: entities first seen in the last days of the data."""

import polars as pl

from lit_pipeline.marts.windows import last_day


def new_entities(papers: pl.LazyFrame, entities: pl.LazyFrame, days: int) -> pl.LazyFrame:
    """Mart `new_entities`; the last of the days is that on which the data end, not today."""
    age = pl.lit(last_day(papers), dtype=pl.Date) - pl.col("first_seen_on")
    titles = papers.select("paper_id", paper="title")
    return (
        entities.drop_nulls("first_seen_on")
        .filter(age < pl.duration(days=days))
        .join(titles, left_on="introduced_by", right_on="paper_id", how="left")
        .select(
            "entity_id",
            pl.col("type").cast(pl.String),
            pl.col("name").alias("entity"),
            "first_seen_on",
            "introduced_by",
            "paper",
            "n_papers",
        )
        .sort("first_seen_on", "entity_id", descending=[True, False])
    )
