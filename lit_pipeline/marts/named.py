"""What several marts start from: which papers name which entities, with names and days."""

import polars as pl


def paper_entities(mentions: pl.LazyFrame, entities: pl.LazyFrame, entity_type: str) -> pl.LazyFrame:
    """One row a paper and entity of a type: paper_id, entity_id, entity (canonical name), mentions (count)."""
    counted = (
        mentions.filter(pl.col("type").cast(pl.String) == entity_type)
        .group_by("paper_id", "entity_id")
        .agg(pl.len().cast(pl.Int64).alias("mentions"))
    )
    return counted.join(entities.select("entity_id", entity="name"), on="entity_id")


def dated_entities(papers: pl.LazyFrame, mentions: pl.LazyFrame) -> pl.LazyFrame:
    """One row a paper with a publication day and an entity that it names: paper_id, entity_id, published_on."""
    days = papers.select("paper_id", "published_on").drop_nulls("published_on")
    return mentions.select("paper_id", "entity_id").unique().join(days, on="paper_id")
