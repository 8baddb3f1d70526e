"""Finds the number a result is compared with: 61.3 in 'from 61.3% to 66.4%'."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import Keys

# Two numbers further apart than this are not compared with each other (tokens).
REACH: Final = 8
# Tokens from 'from' to the number it opens: 'from about 30%', 'from a baseline of 3.05'.
FROM_REACH: Final = 4
ARROWS: Final = ("rightarrow", "⇒")
COMPARISONS: Final = ("vs", "versus", "compared")


def with_baselines(candidates: pl.DataFrame, stream: pl.DataFrame) -> pl.DataFrame:
    """Candidates with the number each is compared with, where the text says: adds baseline (or null).

    Known: 'from B to V', 'B -> V', 'V vs. B', 'V versus B', 'V compared to B', 'V from B', 'V up from B'.

    Args:
        candidates: row, sentence, value; in order.
        stream: the tokens they come from.
    """
    text = pl.col("text")
    last_arrow, last_to, last_from, last_comparison = (
        _last_rows(stream, mark)[candidates["row"].to_numpy()]
        for mark in (_is_arrow(), text == "to", text == "from", text.is_in(COMPARISONS))
    )
    numbers = candidates.select(
        "row",
        "sentence",
        "value",
        pl.Series("last_arrow", last_arrow),
        pl.Series("last_to", last_to),
        pl.Series("last_from", last_from),
        pl.Series("last_comparison", last_comparison),
    )
    return candidates.hstack(numbers.select(pl.coalesce(_before(), _after()).alias("baseline")))


def _last_rows(stream: pl.DataFrame, mark: pl.Expr) -> Keys:
    """For each token the row of the last marked one up to it in its sentence; -1 for none."""
    marked = stream.select(mark.fill_null(value=False)).to_series().to_numpy()
    rows = np.maximum.accumulate(np.where(marked, np.arange(len(marked)), -1))
    sentences = stream["sentence"].to_numpy()
    inside: Keys = np.where((rows >= 0) & (sentences[rows] == sentences), rows, -1)
    return inside


def _is_arrow() -> pl.Expr:
    """Whether a token is an arrow, or the head of one written '->' or '=>'."""
    drawn = (pl.col("text") == ">") & pl.col("glued") & pl.col("text").shift(1).is_in(["-", "="])
    return pl.col("text").is_in(ARROWS) | drawn


def _close(distance: int) -> pl.Expr:
    """Whether the candidate `distance` rows before is near, in the same sentence."""
    apart = (pl.col("row") - pl.col("row").shift(distance)).abs()
    return (apart <= REACH) & (pl.col("sentence") == pl.col("sentence").shift(distance))


def _before() -> pl.Expr:
    """Value of the candidate before, in 'from B to V' and 'B -> V'."""
    row_before = pl.col("row").shift(1)
    last_from = pl.col("last_from").shift(1)
    opened = (last_from >= 0) & (row_before - last_from <= FROM_REACH)
    risen = opened & (pl.col("last_to") > row_before)
    return pl.when(_close(1) & (risen | (pl.col("last_arrow") > row_before))).then(pl.col("value").shift(1))


def _after() -> pl.Expr:
    """Value of the next candidate, in 'V vs. B' and 'V from B'."""
    row = pl.col("row")
    compared = (pl.col("last_comparison").shift(-1) > row) | (
        (pl.col("last_from").shift(-1) > row) & ~(pl.col("last_to").shift(-1) > row)
    )
    return pl.when(_close(-1) & compared).then(pl.col("value").shift(-1))
