"""Finds the names of metrics in the token stream; which result each belongs to is left to the pairs."""

from typing import Final

import polars as pl

# No name of a metric is longer (tokens).
LONGEST: Final = 8


def metric_spans(stream: pl.DataFrame, heads: pl.Series, inner: pl.Series) -> pl.DataFrame:
    """Places where a metric is named: the longest runs of words of metric names that end with a head word.

    Args:
        stream: see `contexts.stream_of`.
        heads: words that a metric's name ends with ('accuracy', 'score'), lower case.
        inner: words that may stand before one of them ('average', 'top'), lower case.

    Returns:
        paper, sentence, row (of the head), start, end (code points), name (distinct a span), letters (see `letters_of`).
    """
    text = pl.col("text")
    is_head, is_inner = text.is_in(heads.implode()), text.is_in(inner.implode())
    inside = (is_head | is_inner) & pl.col("mention").is_null()
    follows = inside.shift(1) & (pl.col("sentence") == pl.col("sentence").shift(1))
    next_is_head = is_head.shift(-1) & inside.shift(-1) & (pl.col("sentence") == pl.col("sentence").shift(-1))
    return (
        stream.lazy()
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .with_columns(
            (~follows.fill_null(value=False)).cum_sum().alias("run"),
            inside.alias("inside"),
            (is_head & ~next_is_head.fill_null(value=False)).alias("closes"),
        )
        .filter("inside")
        .with_columns((pl.col("closes").shift(1, fill_value=False).cum_sum().over("run")).alias("part"))
        .group_by("run", "part", maintain_order=True)
        .agg(
            pl.col("paper", "sentence").first(),
            pl.col("row").last(),
            pl.col("start").tail(LONGEST).first(),
            pl.col("end").last(),
            pl.col("text").tail(LONGEST).str.join("").alias("letters"),
            pl.col("closes").last(),
        )
        .filter("closes")
        .select(
            "paper",
            "sentence",
            "row",
            "start",
            "end",
            pl.col("row").cast(pl.String).alias("name"),
            letters_of(pl.col("letters")).alias("letters"),
        )
        .collect()
    )


def letters_of(text: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits of a name: how names are compared."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\d]", "")
