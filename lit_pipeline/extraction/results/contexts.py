"""Draws the mentions of names into the token stream, so that a name is one token whatever it is spelt like."""

from typing import Final

import polars as pl

from lit_pipeline.extraction.results.features import surface_class
from lit_pipeline.extraction.results.tokens import unified

# More code points than any abstract has, so that paper and place make one rising number.
PLACES: Final = 2**32


def stream_of(tokens: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens and mentions in order: what all later steps look at.

    Args:
        tokens: see `tokens.tokens_of`; whole sentences of it.
        mentions: see `with_mentions`.

    Returns:
        Columns of `with_mentions`, and word (see `features.surface_class`).
    """
    return with_mentions(unified(tokens), mentions).with_columns(surface_class().alias("word"))


def with_mentions(tokens: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens with every mention drawn together into one token.

    Args:
        tokens: see `tokens.unified`.
        mentions: paper, mention (row number), type, start, end; of abstracts only, sorted by paper and start.

    Returns:
        The tokens, less those inside a mention after its first, with mention (row number or null). The text of a
        mention is its type in angle brackets; it is no number.
    """
    place = (pl.col("paper") * PLACES + pl.col("start")).alias("place")
    known = mentions.select(
        "mention",
        pl.format("<{}>", "type").alias("tag"),
        (pl.col("paper") * PLACES + pl.col("end")).alias("place_end"),
        pl.col("end").alias("mention_end"),
        place,
    )
    inside = (pl.col("place") < pl.col("place_end")).fill_null(value=False)
    continues = inside & (pl.col("mention") == pl.col("mention").shift(1)).fill_null(value=False)
    return (
        tokens.lazy()
        .with_columns(place)
        .join_asof(known.lazy(), on="place", strategy="backward")
        .with_columns(inside.alias("inside"))
        .filter(~continues)
        .select(
            "paper",
            pl.when("inside").then("tag").otherwise("text").alias("text"),
            "start",
            pl.when("inside").then("mention_end").otherwise("end").alias("end"),
            pl.col("is_number") & ~pl.col("inside"),
            "is_capital",
            "is_acronym",
            "glued",
            "sentence",
            pl.when("inside").then("mention").alias("mention"),
        )
        .collect()
    )
