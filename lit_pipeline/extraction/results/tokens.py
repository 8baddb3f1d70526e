"""Cuts abstracts into tokens with offsets and sentences; knows nothing of numbers' meaning."""

import polars as pl

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
TOKEN = rf"(?:{NUMBER}|\p{{L}}+|[^\s\p{{L}}0-9])\s*|\s+"

# A word with two upper-case letters, or with one inside it: 'PSNR', 'mIoU', 'mAP'.
ACRONYM = r"\p{Lu}\p{L}*\p{Lu}|^\p{Ll}+\p{Lu}"

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
    "↓": "downarrow",
    "↑": "uparrow",
    "≥": "geq",
    "≤": "leq",
    "’": "'",
}
ABBREVIATIONS = (
    "vs",
    "e",
    "g",
    "i",
    "al",
    "Fig",
    "Figs",
    "Eq",
    "Tab",
    "cf",
    "resp",
    "approx",
    "Sec",
    "No",
    "w",
    "r",
    "t",
)


def tokens_of(texts: pl.DataFrame) -> pl.DataFrame:
    """One row a token of every abstract, in order.

    Args:
        texts: paper (whole number, rising), abstract.

    Returns:
        paper, raw (as written), start, end (code points in the abstract), is_number, is_capital (starts with an
        upper-case letter), glued (nothing stands between it and the token before), sentence (number over all rows,
        rising).
    """
    return (
        texts.lazy()
        .select("paper", pl.col("abstract").str.extract_all(TOKEN).alias("piece"))
        .explode("piece")
        .with_columns(pl.col("piece").str.len_chars().cast(pl.Int64).alias("length"))
        .with_columns((pl.col("length").cum_sum() - pl.col("length")).alias("offset"))
        .with_columns((pl.col("offset") - pl.col("offset").first().over("paper")).alias("start"))
        .with_columns(pl.col("piece").str.strip_chars_end().alias("raw"))
        .filter(~pl.col("raw").is_in(MARKUP))
        .with_columns((pl.col("start") + pl.col("raw").str.len_chars()).alias("end"))
        .select(
            "paper",
            "raw",
            "start",
            "end",
            pl.col("raw").str.contains(r"[0-9]").alias("is_number"),
            pl.col("raw").str.contains(r"^\p{Lu}").alias("is_capital"),
            (_same_paper() & (pl.col("end").shift(1) == pl.col("start"))).fill_null(value=False).alias("glued"),
        )
        .with_columns(_starts_sentence().cum_sum().cast(pl.Int64).alias("sentence"))
        .collect()
    )


def unified(tokens: pl.DataFrame) -> pl.DataFrame:
    """Tokens with text and is_acronym.

    Text: lower case, one spelling for each symbol, 'x' for the 'times' after a number.
    """
    text = pl.col("raw").str.to_lowercase().replace(SYNONYMS)
    after_number = pl.col("is_number").shift(1) & (pl.col("sentence") == pl.col("sentence").shift(1))
    sign = after_number & (pl.col("text") == "times")
    return tokens.with_columns(
        text.alias("text"), pl.col("raw").str.contains(ACRONYM).alias("is_acronym")
    ).with_columns(pl.when(sign).then(pl.lit("x")).otherwise("text").alias("text"))


def _same_paper() -> pl.Expr:
    """Whether the token before is of the same abstract."""
    return pl.col("paper") == pl.col("paper").shift(1)


def _starts_sentence() -> pl.Expr:
    """Whether a token opens a sentence: first of its abstract, or a capital after a full stop of no abbreviation."""
    stop = pl.col("raw").shift(1).is_in([".", "!", "?"])
    abbreviation = pl.col("raw").shift(2).is_in(ABBREVIATIONS) & pl.col("glued").shift(1)
    follows = pl.col("is_capital") & stop & ~abbreviation
    return (~_same_paper() | follows).fill_null(value=True)
