"""Recognises where a sentence gives a score to a name outright, so that a baseline's score is never the paper's own."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import Keys
from lit_pipeline.extraction.results.pairs import SAME, Flags

# 'BarNet (70.1%)': what may stand between the name and its score.
BRACKETS: Final = ("(", "=", ":", "at", "~", "≈")
# '70.1% for BarNet': what may stand between the score and the name.
FOR: Final = ("%", "points", "x", "accuracy", "for")
# 'BarNet only reaches a score of 70.1%': stems of the verbs, and what may stand before one.
VERBS: Final = (
    "achiev", "reach", "obtain", "attain", "score", "scor", "get", "gets", "yield", "record", "manag", "remain",
    "report",
)  # fmt: skip
ADVERBS: Final = ("only", "just", "mere", "still", "even", "also", "alread", "already", "itself", "current", "alone")
# Words that begin another statement between a name and a number.
BREAKS: Final = (",", ";", ":", "and", "while", "whereas", "but", "we", "our", "by", "than", "over", "(", ")")
# Words before a name that make it no subject: 'fine-tuning with BarNet achieves 70.1%'.
OBLIQUE: Final = (
    "with", "on", "using", "us", "for", "over", "than", "of", "to", "in", "by", "from", "via", "against", "into",
    "under", "surpass", "outperform", "exceed", "beat", "appl",
)  # fmt: skip
# A subject further from its score than this has another verb (tokens).
REACH: Final = 12


def claimed(pairs: pl.DataFrame, stream: pl.DataFrame) -> Flags:
    """Whether each pair's name is said outright to have the pair's score.

    Known: 'NAME (V', 'V for NAME', 'NAME achieves V'.

    Args:
        pairs: see `pairs.pairs_of`; with is_compared, for 'NAME (V vs. B)' speaks of another name.
        stream: the tokens.
    """
    value_row, row = pairs["value_row"].to_numpy(), pairs["row"].fill_null(0).to_numpy()
    same = pairs["place"].to_numpy() == SAME
    before = same & (row < value_row)
    low, high = np.minimum(row, value_row), np.maximum(row, value_row)
    bracketed = before & ~pairs["is_compared"].to_numpy() & (high - low > 1) & _only(stream, BRACKETS, low, high)
    given = same & ~before & _at(stream, "text", ("for",), row - 1) & _only(stream, FOR, low, high)
    verb = _at(stream, "word", VERBS, row + 1) | (
        _at(stream, "word", ADVERBS, row + 1) & _at(stream, "word", VERBS, row + 2)
    )
    clear = (high - low <= REACH) & (_count(stream, _is_break(), low, high) == 0)
    subject = before & verb & clear & ~_at(stream, "word", OBLIQUE, row - 1)
    outright: Flags = bracketed | given | subject
    return outright


def _is_break() -> pl.Expr:
    """Whether a token begins another statement, or is another name or number."""
    return pl.col("text").is_in(BREAKS) | pl.col("mention").is_not_null() | pl.col("is_number")


def _count(stream: pl.DataFrame, mark: pl.Expr, low: Keys, high: Keys) -> Keys:
    """How many marked tokens lie between two rows, neither counted."""
    total = stream.select(mark.fill_null(value=False).cum_sum().cast(pl.Int64)).to_series().to_numpy()
    count: Keys = total[np.maximum(high - 1, low)] - total[low]
    return count


def _only(stream: pl.DataFrame, allowed: tuple[str, ...], low: Keys, high: Keys) -> Flags:
    """Whether nothing but allowed tokens lies between two rows."""
    nothing_else: Flags = _count(stream, ~pl.col("text").is_in(allowed), low, high) == 0
    return nothing_else


def _at(stream: pl.DataFrame, column: str, wanted: tuple[str, ...], rows: Keys) -> Flags:
    """Whether one of the wanted words stands at each row."""
    hit = stream.select(pl.col(column).is_in(wanted)).to_series().to_numpy()
    place = np.clip(rows, 0, max(len(hit) - 1, 0))
    found: Flags = hit[place] & (place == rows)
    return found
