"""Marts by month: how many papers name an entity, as a count, as a share of the month's papers, and its growth."""

import polars as pl

from lit_pipeline.marts.named import paper_entities

KEYS = ("entity_id", "month")


def model_monthly(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `model_monthly`."""
    return _monthly(papers, paper_entities(mentions, entities, "model"))


def benchmark_monthly(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `benchmark_monthly`."""
    return _monthly(papers, paper_entities(mentions, entities, "benchmark"))


def papers_by_month(papers: pl.LazyFrame) -> pl.LazyFrame:
    """Papers of each month that has any: month (first day), papers_of_month."""
    month = pl.col("published_on").dt.truncate("1mo").alias("month")
    return papers.drop_nulls("published_on").group_by(month).agg(pl.len().cast(pl.Int64).alias("papers_of_month"))


def _monthly(papers: pl.LazyFrame, named: pl.LazyFrame) -> pl.LazyFrame:
    """One row an entity and month with papers, from the entity's first month on; months without papers are missing."""
    month = pl.col("published_on").dt.truncate("1mo").alias("month")
    dated = named.join(papers.select("paper_id", month), on="paper_id").drop_nulls("month")
    counted = dated.group_by("entity_id", "entity", "month").agg(
        pl.len().cast(pl.Int64).alias("papers"), pl.col("mentions").sum()
    )
    months = papers_by_month(papers)
    first = counted.group_by("entity_id", "entity").agg(pl.col("month").min().alias("first_month"))
    grid = first.join(months, how="cross").filter(pl.col("month") >= pl.col("first_month"))
    filled = grid.join(counted.drop("entity"), on=KEYS, how="left").with_columns(
        pl.col("papers").fill_null(0), pl.col("mentions").fill_null(0)
    )
    shared = filled.with_columns(share=pl.col("papers") / pl.col("papers_of_month")).sort(KEYS)
    return shared.with_columns(growth=_growth()).select(
        "entity_id", "entity", "month", "papers", "mentions", "papers_of_month", "share", "growth"
    )


def _growth() -> pl.Expr:
    """Share over the share of the calendar month before, less 1; null where that month is missing or its share zero."""
    before = pl.col("share").shift(1).over("entity_id", order_by="month")
    is_month_before = pl.col("month").shift(1).over("entity_id", order_by="month") == pl.col("month").dt.offset_by(
        "-1mo"
    )
    return pl.when(is_month_before & (before > 0)).then(pl.col("share") / before - 1)
