"""What several marts start from: which papers name which entities, with names and days."""

import polars as pl

EntityType = str


def paper_entities(mentions: pl.LazyFrame, entities: pl.LazyFrame, entity_type: EntityType) -> pl.LazyFrame:
    """One row a paper and entity of a type: paper_id, entity_id, entity (canonical name), mentions (count)."""
    counted = (
        mentions.filter(pl.col("type").cast(pl.String) == entity_type)
        .group_by("paper_id", "entity_id")
        .agg(pl.len().cast(pl.Int64).alias("mentions"))
    )
    return counted.join(entities.select("entity_id", entity="name"), on="entity_id")


def entity_names(entities: pl.LazyFrame, id_column: str, name_column: str) -> pl.LazyFrame:
    """Canonical names under the given column names, for a join."""
    return entities.select(pl.col("entity_id").alias(id_column), pl.col("name").alias(name_column))
