"""Cuts abstracts into tokens with offsets and sentences; knows nothing of numbers' meaning."""

import polars as pl

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
TOKEN = rf"(?:{NUMBER}|\p{{L}}+|[^\s\p{{L}}\d])\s*|\s+"

# Residue of LaTeX that says nothing and would part a number from its unit.
MARKUP = ("$", "\\", "{", "}", "~", "∼", "≈", "")
# Words left over where a LaTeX symbol lost its backslash, glued to the number they precede.
LATEX_SYMBOLS = ("sim", "approx", "simeq", "geq", "leq", "ge", "le", "gt", "lt", "pm", "times", "textbf", "mathbf")
SYNONYMS = {
    "×": "x",
    "percent": "%",
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "→": "rightarrow",
    "±": "pm",
    "≥": "geq",
    "≤": "leq",
    "’": "'",
}
ABBREVIATIONS = ("vs", "e", "g", "i", "al", "fig", "eq", "cf", "resp", "approx", "sec", "no", "w", "r", "t")


def tokens_of(texts: pl.DataFrame) -> pl.DataFrame:
    """One row a token of every abstract, in order.

    Args:
        texts: paper (whole number, rising), abstract.

    Returns:
        paper, text (lower case, unified), start, end (code points in the abstract), is_number,
        is_capital (starts with an upper-case letter), glued (nothing stands between it and the token before), sentence
        (number over all rows, rising).
    """
    pieces = (
        texts.lazy()
        .select("paper", pl.col("abstract").str.extract_all(TOKEN).alias("piece"))
        .explode("piece")
        .with_columns(pl.col("piece").str.len_chars().cast(pl.Int64).alias("length"))
        .with_columns((pl.col("length").cum_sum() - pl.col("length")).alias("offset"))
        .with_columns((pl.col("offset") - pl.col("offset").first().over("paper")).alias("start"))
        .with_columns(pl.col("piece").str.strip_chars_end().alias("raw"))
        .with_columns((pl.col("start") + pl.col("raw").str.len_chars()).alias("end"))
        .filter(~pl.col("raw").is_in(MARKUP))
        .select(
            "paper",
            _unified(pl.col("raw")).alias("text"),
            "start",
            "end",
            pl.col("raw").str.contains(r"\d").alias("is_number"),
            pl.col("raw").str.contains(r"^\p{Lu}").alias("is_capital"),
            (_same_paper(1) & (pl.col("end").shift(1) == pl.col("start"))).alias("glued"),
        )
        .with_columns(_multiplication_sign().alias("text"))
        .with_columns(_starts_sentence().cum_sum().cast(pl.Int64).alias("sentence"))
    )
    return pieces.collect()


def _unified(raw: pl.Expr) -> pl.Expr:
    """Lower case, one spelling for each symbol."""
    return raw.str.to_lowercase().replace(SYNONYMS)


def _same_paper(distance: int) -> pl.Expr:
    """Whether the token `distance` rows before is of the same abstract."""
    return (pl.col("paper") == pl.col("paper").shift(distance)).fill_null(value=False)


def _multiplication_sign() -> pl.Expr:
    """'times' straight after a number ('1.7times', '3 times fewer') read as the unit 'x'."""
    after_number = pl.col("is_number").shift(1) & _same_paper(1)
    return pl.when(after_number & (pl.col("text") == "times")).then(pl.lit("x")).otherwise("text")


def _starts_sentence() -> pl.Expr:
    """Whether a token opens a sentence: first of its abstract, or a capital after a full stop that ends no abbreviation."""
    stop = pl.col("text").shift(1).is_in([".", "!", "?"])
    abbreviation = pl.col("text").shift(2).is_in(ABBREVIATIONS) & pl.col("glued").shift(1)
    follows = pl.col("is_capital") & stop & ~abbreviation
    return (~_same_paper(1) | follows).fill_null(value=True)
