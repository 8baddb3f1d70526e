"""Reads the unit that stands after a number, or that a later member of its list states for it."""

from typing import Final

import polars as pl

PERCENT: Final = "%"
TIMES: Final = "x"
POINTS: Final = "points"
POINT_WORDS: Final = ("point", "points", "pp", "pps", "pt", "pts", "p", "pct")
ABSOLUTE: Final = ("absolute",)
# What may stand between the members of a list or a range that share one unit: '12-29%', '4 to 6x', '81 and 90%'.
LINKS: Final = ("-", "to", "and", "or", "/", "rightarrow", ",")
# A list is read back from its last member; longer chains than this are not seen.
LONGEST_LIST = 4


def own_unit() -> pl.Expr:
    """Unit written straight after a number: '%', 'x', 'points' or null; over the rows of `with_mentions`."""
    first, second, third = (pl.col("text").shift(-distance) for distance in (1, 2, 3))
    glued_second = pl.col("glued").shift(-2)
    percent_points = (first == PERCENT) & (second.is_in(["point", "points"]) | (glued_second & second.is_in(["p", "pt"])))
    absolute = (first == PERCENT) & second.is_in(ABSOLUTE)
    points = first.is_in(POINT_WORDS) | ((first == "percentage") & second.is_in(["point", "points"]))
    absolute_points = (first == "absolute") & second.is_in(["point", "points", PERCENT])
    fold = (first == "fold") | ((first == "-") & (second == "fold"))
    before_sign = (pl.col("text").shift(1) == "x") & pl.col("glued") & (first != "x")
    per_cent = (first == "per") & (second == "cent")
    unit = (
        pl.when(percent_points | absolute | points | absolute_points)
        .then(pl.lit(POINTS))
        .when((first == PERCENT) | per_cent)
        .then(pl.lit(PERCENT))
        .when(((first == "x") & ~third.is_null()) | fold | before_sign)
        .then(pl.lit(TIMES))
    )
    return pl.when("is_number").then(unit)


def shared_unit() -> pl.Expr:
    """Unit of a number, its own or that of the next member of its list or range; needs `unit` from `own_unit`."""
    following = pl.col("text").shift(-1).is_in(LINKS)
    unit = pl.when(following & pl.col("is_number").shift(-2)).then(pl.col("unit").shift(-2))
    return pl.when("is_number").then(pl.coalesce("unit", unit))
