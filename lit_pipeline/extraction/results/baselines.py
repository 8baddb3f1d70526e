"""Finds the number a result is compared with: 61.3 in 'from 61.3% to 66.4%'."""

from typing import Final

import polars as pl

# Two numbers further apart than this are not compared with each other (tokens).
REACH: Final = 8
ARROWS: Final = ("rightarrow", "longrightarrow", "⇒")
COMPARISONS: Final = ("vs", "versus", "compared")


def with_baselines(candidates: pl.DataFrame, stream: pl.DataFrame) -> pl.DataFrame:
    """Candidates with the number each is compared with, where the text says: adds baseline (or null).

    Known: 'from B to V', 'B -> V', 'V vs. B', 'V versus B', 'V compared to B', 'V from B', 'V up from B'.

    Args:
        candidates: row, sentence, value; in order.
        stream: the tokens they come from.
    """
    marks = stream.select(
        _counted(_arrow()).alias("arrows"),
        _counted(pl.col("text") == "to").alias("tos"),
        _counted(pl.col("text").is_in(COMPARISONS)).alias("comparisons"),
        _counted(pl.col("text") == "from").alias("froms"),
    )
    at_value = candidates.select("row", "sentence", "value").hstack(marks[candidates["row"]])
    before, after = _baseline_before(), _baseline_after()
    return candidates.hstack(at_value.select(pl.coalesce(before, after).alias("baseline")))


def _counted(mark: pl.Expr) -> pl.Expr:
    """How many marks stand up to and with each token."""
    return mark.fill_null(value=False).cum_sum().cast(pl.Int64)


def _arrow() -> pl.Expr:
    """Whether a token is an arrow, or the head of one written '->' or '=>'."""
    drawn = (pl.col("text") == ">") & pl.col("glued") & pl.col("text").shift(1).is_in(["-", "="])
    return pl.col("text").is_in(ARROWS) | drawn


def _close(distance: int) -> pl.Expr:
    """Whether the candidate `distance` rows before is near, in the same sentence."""
    apart = (pl.col("row") - pl.col("row").shift(distance)).abs()
    return (apart <= REACH) & (pl.col("sentence") == pl.col("sentence").shift(distance))


def _new(mark: str, distance: int) -> pl.Expr:
    """Whether a mark stands between a candidate and the one `distance` rows before."""
    return pl.col(mark) != pl.col(mark).shift(distance)


def _baseline_before() -> pl.Expr:
    """Value of the candidate before, in 'from B to V' and 'B -> V'."""
    opened = (pl.col("froms").shift(1) != pl.col("froms").shift(2)) | pl.col("froms").shift(2).is_null()
    risen = _new("tos", 1) & opened & (pl.col("froms").shift(1) > 0)
    return pl.when(_close(1) & (risen | _new("arrows", 1))).then(pl.col("value").shift(1))


def _baseline_after() -> pl.Expr:
    """Value of the next candidate, in 'V vs. B' and 'V from B'."""
    compared = _new("comparisons", -1) | (_new("froms", -1) & ~_new("tos", -1))
    return pl.when(_close(-1) & compared).then(pl.col("value").shift(-1))
