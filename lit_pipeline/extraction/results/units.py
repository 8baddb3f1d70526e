"""Reads the unit that stands after a number, or that a later member of its list states for it."""

from typing import Final

import polars as pl

PERCENT: Final = "%"
TIMES: Final = "x"
POINTS: Final = "points"
POINT_WORDS: Final = ("point", "points", "pp", "pps", "pt", "pts", "p", "pct")
# What may stand between the members of a list or a range that share one unit: '12-29%', '4 to 6x', '81 and 90%'.
LINKS: Final = ("-", "to", "and", "or", "/", "rightarrow", ",")


def own_unit() -> pl.Expr:
    """Unit written at a number: '%', 'x', 'points' or null; over the rows of `with_mentions`."""
    first, second = _text(1), _text(2)
    spelt_points = second.is_in(["point", "points"])
    percent_points = (first == PERCENT) & (spelt_points | (pl.col("glued").shift(-2) & second.is_in(["p", "pt"])))
    absolute = ((first == PERCENT) & (second == "absolute")) | (
        (first == "absolute") & (spelt_points | (second == PERCENT))
    )
    points = first.is_in(POINT_WORDS) | ((first == "percentage") & spelt_points)
    fold = (first == "fold") | ((first == "-") & (second == "fold"))
    sign_before = (_text(-1) == "x") & pl.col("glued")
    unit = (
        pl.when(percent_points | absolute | points)
        .then(pl.lit(POINTS))
        .when((first == PERCENT) | ((first == "per") & (second == "cent")))
        .then(pl.lit(PERCENT))
        .when((first == "x") | fold | sign_before)
        .then(pl.lit(TIMES))
    )
    return pl.when("is_number").then(unit)


def shared_unit() -> pl.Expr:
    """Unit of a number, its own or that of the next member of its list or range; needs `unit` from `own_unit`."""
    unit = pl.when(_text(1).is_in(LINKS) & pl.col("is_number").shift(-2)).then(pl.col("unit").shift(-2))
    return pl.when("is_number").then(pl.coalesce("unit", unit))


def _text(distance: int) -> pl.Expr:
    """Text `distance` tokens on, in the same sentence."""
    same = pl.col("sentence") == pl.col("sentence").shift(-distance)
    return pl.when(same).then(pl.col("text").shift(-distance))
