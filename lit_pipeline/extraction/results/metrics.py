"""Finds the names of metrics in the token stream; which result each belongs to is left to the pairs."""

from typing import Final

import polars as pl

from lit_pipeline.extraction.results.lexicon import lexicon

# No name of a metric is longer (tokens).
LONGEST: Final = 7
# Signs that join the parts of one name, where nothing stands between: 'pass@1', 'BD-PSNR', 'J&F'.
JOINTS: Final = ("-", "@", "&", "/", "^", "_", "+")


def metric_spans(stream: pl.DataFrame, sentences: pl.Series) -> pl.DataFrame:
    """Places that may name a metric: a head word and the words that qualify it.

    Args:
        stream: see `contexts.stream_of`.
        sentences: those to look at.

    Returns:
        paper, sentence, row (of the head), start, end (code points), name (distinct a span), letters (see
        `letters_of`), is_spent (a quantity that no score is measured by).
    """
    row = pl.col("row")
    return (
        stream.lazy()
        .with_row_index("row")
        .filter(pl.col("sentence").is_in(sentences.unique().implode()))
        .with_columns(row.cast(pl.Int64), _is_head().alias("is_head"), _is_word().alias("is_word"))
        .with_columns((pl.col("is_head") | _is_index()).alias("is_head"))
        .with_columns((pl.col("is_head") | pl.col("is_word") | _is_joint()).alias("is_part"))
        .with_columns(_opens_run().cum_sum().alias("run"))
        .filter("is_part")
        .filter(
            row <= row.filter("is_head").max().over("run"),
            row >= row.filter(pl.col("is_head") | pl.col("is_word")).min().over("run"),
        )
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("paper", "sentence").first(),
            row.last(),
            pl.col("start").tail(LONGEST).first(),
            pl.col("end").last(),
            pl.col("text").tail(LONGEST).str.join("").alias("letters"),
            pl.col("text").last().alias("head"),
        )
        .select(
            "paper",
            "sentence",
            "row",
            "start",
            "end",
            row.cast(pl.String).alias("name"),
            letters_of(pl.col("letters")).alias("letters"),
            pl.col("head").is_in(lexicon().spent.implode()).alias("is_spent"),
        )
        .collect()
    )


def letters_of(text: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits of a name: how names are compared."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\d]", "")


def _is_head() -> pl.Expr:
    """Whether a token can end a metric's name: a word that such names end with, or an acronym."""
    return (pl.col("text").is_in(lexicon().metric_heads.implode()) | pl.col("is_acronym")) & pl.col("mention").is_null()


def _is_index() -> pl.Expr:
    """Whether a number belongs to the name before it: the 1 of 'F1' and 'pass@1'; needs is_head."""
    after_name = pl.col("is_head").shift(1) | (pl.col("text").shift(1) == "f")
    after_at = (pl.col("text").shift(1) == "@") & pl.col("glued").shift(1)
    return (pl.col("is_number") & pl.col("glued") & (after_name | after_at)).fill_null(value=False)


def _is_word() -> pl.Expr:
    """Whether a token is a word that can qualify a metric."""
    breaks = pl.col("text").is_in(lexicon().grammar.implode()) | pl.col("word").is_in(lexicon().breaks.implode())
    return pl.col("text").str.contains(r"^\p{L}+$") & pl.col("mention").is_null() & ~breaks


def _is_joint() -> pl.Expr:
    """Whether a token joins two parts of one name, with nothing between."""
    return pl.col("text").is_in(JOINTS) & pl.col("glued") & pl.col("glued").shift(-1).fill_null(value=False)


def _opens_run() -> pl.Expr:
    """Whether a token begins another run of parts of names."""
    same = (pl.col("sentence") == pl.col("sentence").shift(1)) & (pl.col("row") == pl.col("row").shift(1) + 1)
    return ~(pl.col("is_part") & pl.col("is_part").shift(1) & same).fill_null(value=False)
