"""Puts mentions into the token stream and picks the numbers that could be results; judges none of them."""

from typing import Final

import polars as pl

from lit_pipeline.extraction.results.features import surface_class
from lit_pipeline.extraction.results.tokens import LATEX_SYMBOLS, tokens_of
from lit_pipeline.extraction.results.units import own_unit, shared_unit

# Letters straight after a number that make it a count, an ordinal or a dimension: '7B', '10k', '3D', '2nd'.
COUNT_SUFFIXES: Final = ("b", "d", "k", "m", "t", "st", "nd", "rd", "th", "gb", "mb", "kb", "tb", "px", "bit", "hz", "khz")
NUMBER_TEXTS: Final = {"integer": "#", "decimal": "#.#"}


def with_mentions(tokens: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens with every mention drawn together into one token.

    Args:
        tokens: see `tokens_of`.
        mentions: paper (row of the texts), mention (row number), type, start, end; of abstracts only.

    Returns:
        The tokens, less those inside a mention after its first, with mention (row number or null) and type (or null).
        The text of a mention is its type in angle brackets; it is no number.
    """
    known = mentions.sort("paper", "start").select(
        "paper", "mention", "type", pl.col("start").alias("mention_start"), pl.col("end").alias("mention_end")
    )
    joined = tokens.join_asof(
        known, left_on="start", right_on="mention_start", by="paper", strategy="backward", check_sortedness=False
    )
    inside = pl.col("start") < pl.col("mention_end").fill_null(0)
    first = inside & (pl.col("mention") != pl.col("mention").shift(1)).fill_null(value=True)
    return (
        joined.with_columns(pl.when(inside).then(name).alias(name) for name in ("mention", "type"))
        .filter(first | ~inside)
        .with_columns(
            pl.when(inside).then("<" + pl.col("type").cast(pl.String) + ">").otherwise("text").alias("text"),
            pl.col("is_number") & ~inside,
            pl.when(inside).then("mention_end").otherwise("end").alias("end"),
        )
        .drop("mention_start", "mention_end")
    )


def is_candidate() -> pl.Expr:
    """Whether a token is a number that stands for itself, over the rows of `with_mentions`."""
    before, after = pl.col("text").shift(1), pl.col("text").shift(-1)
    named = pl.col("glued") & before.str.contains(r"\p{L}") & ~before.is_in([*LATEX_SYMBOLS, "x"])
    counted = pl.col("glued").shift(-1) & after.is_in(COUNT_SUFFIXES)
    return pl.col("is_number") & ~(named | counted).fill_null(value=False)


def stream_of(texts: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Tokens and mentions in order, of the abstracts that hold a digit: what all later steps look at.

    Args:
        texts: paper_id, abstract.
        mentions: see `with_mentions`.

    Returns:
        Columns of `with_mentions`, where paper is the row of `texts`, with unit, is_candidate and word (see `features.surface_class`).
    """
    numbered = texts.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("paper"), "abstract")
    tokens = with_mentions(tokens_of(numbered.filter(pl.col("abstract").str.contains(r"\d"))), mentions)
    return (
        tokens.with_columns(own_unit().alias("unit"))
        .with_columns(shared_unit().alias("unit"))
        .with_columns(is_candidate().alias("is_candidate"), surface_class().alias("word"))
    )
