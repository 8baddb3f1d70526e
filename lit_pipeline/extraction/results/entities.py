"""What is known of the entities of a paper before any number is looked at: where they stand, which are its own."""

from typing import Final

import polars as pl

# Stems of the words by which a paper brings in its own work.
INTRODUCING: Final = ("introduc", "propos", "present", "develop", "call", "nam", "dubb", "term", "releas", "nam", "our")
# Columns of `placed` that say what is known of an entity in its paper.
FACTS: Final = ("in_title", "n_mentions", "introduced", "is_model", "is_first")
# Reach of such a word, in tokens before the name.
REACH: Final = 6


def located(mentions: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Mentions numbered by the rows of `texts`.

    Args:
        mentions: paper_id, entity_id, type, field, start, end.
        texts: paper_id.

    Returns:
        paper, mention (row number), entity_id, type, field, start, end; sorted by paper, field and start. Mentions of
        other papers are left out.
    """
    papers = texts.select("paper_id", pl.int_range(pl.len(), dtype=pl.Int64).alias("paper"))
    return (
        mentions.lazy()
        .join(papers.lazy(), on="paper_id")
        .sort("paper", "field", "start")
        .select(
            "paper",
            pl.int_range(pl.len(), dtype=pl.Int64).alias("mention"),
            "entity_id",
            pl.col("type").cast(pl.String),
            pl.col("field").cast(pl.String),
            "start",
            "end",
        )
        .collect()
    )


def placed(mentions: pl.DataFrame, stream: pl.DataFrame) -> pl.DataFrame:
    """Mentions with their row and sentence in the stream (null in titles), and facts of their entity in the paper.

    Facts are small whole numbers: in_title (2 where the title begins with it), n_mentions (up to 4), introduced,
    is_model, is_first (of its type in the paper).
    """
    introducing = pl.any_horizontal(
        pl.col("word").shift(distance).is_in(INTRODUCING) & (pl.col("sentence").shift(distance) == pl.col("sentence"))
        for distance in range(1, REACH + 1)
    )
    rows = (
        stream.lazy()
        .with_row_index("row")
        .with_columns(introducing.fill_null(value=False).alias("introducing"))
        .filter(pl.col("mention").is_not_null())
        .select("mention", pl.col("row").cast(pl.Int64), "sentence", "introducing")
    )
    in_title = pl.col("field") == "title"
    one = ("paper", "entity_id")
    return (
        mentions.lazy()
        .join(rows, on="mention", how="left", maintain_order="left")
        .filter(in_title | pl.col("row").is_not_null())
        .with_columns(
            (in_title.any().over(one).cast(pl.Int64) + (in_title & (pl.col("start") == 0)).any().over(one)).alias(
                "in_title"
            ),
            pl.len().over(one).clip(upper_bound=4).cast(pl.Int64).alias("n_mentions"),
            pl.col("introducing").fill_null(value=False).any().over(one).cast(pl.Int64).alias("introduced"),
            (pl.col("type") == "model").cast(pl.Int64).alias("is_model"),
            (pl.col("entity_id") == pl.col("entity_id").first().over("paper", "type")).cast(pl.Int64).alias("is_first"),
        )
        .collect()
    )
