"""Puts mentions into the token stream and picks the numbers that could be results; judges none of them."""

from typing import Final

import polars as pl

from lit_pipeline.extraction.results.features import surface_class
from lit_pipeline.extraction.results.tokens import LATEX_SYMBOLS, unified
from lit_pipeline.extraction.results.units import with_units

# Letters straight after a number that make it a count, an ordinal or a dimension: '7B', '10k', '3D', '2nd'.
COUNT_SUFFIXES: Final = (
    "b",
    "d",
    "k",
    "m",
    "t",
    "st",
    "nd",
    "rd",
    "th",
    "gb",
    "mb",
    "kb",
    "tb",
    "px",
    "bit",
    "hz",
    "khz",
)
# More code points than any abstract has, so that paper and place make one rising number.
PLACES: Final = 2**32


def with_mentions(tokens: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens with every mention drawn together into one token.

    Args:
        tokens: see `tokens.unified`.
        mentions: paper, mention (row number), type, start, end; of abstracts only, sorted by paper and start.

    Returns:
        The tokens, less those inside a mention after its first, with mention (row number or null) and type (or null).
        The text of a mention is its type in angle brackets; it is no number.
    """
    place = (pl.col("paper") * PLACES + pl.col("start")).alias("place")
    known = mentions.select(
        "mention",
        "type",
        (pl.col("paper") * PLACES + pl.col("end")).alias("place_end"),
        pl.col("end").alias("mention_end"),
        place,
    )
    joined = tokens.with_columns(place).join_asof(known, on="place", strategy="backward")
    inside = (pl.col("place") < pl.col("place_end")).fill_null(value=False)
    first = inside & (pl.col("mention") != pl.col("mention").shift(1)).fill_null(value=True)
    return (
        joined.with_columns(inside.alias("inside"), (first | ~inside).alias("kept"))
        .filter("kept")
        .with_columns(
            pl.when("inside").then("<" + pl.col("type") + ">").otherwise("text").alias("text"),
            pl.when("inside").then("mention_end").otherwise("end").alias("end"),
            pl.col("is_number") & ~pl.col("inside"),
            *(pl.when("inside").then(name).alias(name) for name in ("mention", "type")),
        )
        .drop("place", "place_end", "mention_end", "inside", "kept", "raw")
    )


def is_candidate() -> pl.Expr:
    """Whether a token is a number that stands for itself, over the rows of `with_mentions`."""
    before, after = pl.col("text").shift(1), pl.col("text").shift(-1)
    named = pl.col("glued") & before.str.contains(r"\p{L}") & ~before.is_in([*LATEX_SYMBOLS, "x"])
    counted = pl.col("glued").shift(-1) & after.is_in(COUNT_SUFFIXES)
    return pl.col("is_number") & ~(named | counted).fill_null(value=False)


def stream_of(tokens: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens and mentions in order: what all later steps look at.

    Args:
        tokens: see `tokens.tokens_of`; whole sentences of it.
        mentions: see `with_mentions`.

    Returns:
        Columns of `with_mentions`, with unit, is_candidate and word (see `features.surface_class`).
    """
    return with_units(with_mentions(unified(tokens), mentions)).with_columns(
        is_candidate().alias("is_candidate"), surface_class().alias("word")
    )
