"""Reads the unit of a number from the words at it, or from a later member of its list or range."""

from typing import Final

import polars as pl

PERCENT: Final = "%"
TIMES: Final = "x"
POINTS: Final = "points"
UNITS: Final = ("", PERCENT, TIMES, POINTS)
POINT_WORDS: Final = ("point", "points", "pp", "pps", "pt", "pts", "p", "pct")
PLURALS: Final = ("point", "points")
# What may stand between the members of a list or a range that share one unit: '12-29%', '4 to 6x', '81 and 90%'.
LINKS: Final = ("-", "to", "and", "or", "/", "rightarrow", ",", "+")
# Members of a list before the one that states the unit which still take it over.
LONGEST_LIST: Final = 3


def with_units(numbers: pl.DataFrame) -> pl.DataFrame:
    """Numbers (see `candidates.numbers_of`) with unit: '%', 'x', 'points', or null where none is stated."""
    frame = numbers.lazy().with_columns(_own_unit().alias("unit"))
    for _ in range(LONGEST_LIST):
        frame = frame.with_columns(pl.coalesce("unit", _next_unit()).alias("unit"))
    return frame.collect()


def _own_unit() -> pl.Expr:
    """Unit written at a number."""
    unit = pl.when(_is_points()).then(pl.lit(POINTS)).when(_is_percent()).then(pl.lit(PERCENT))
    return unit.when(_is_times()).then(pl.lit(TIMES))


def _is_points() -> pl.Expr:
    """'5 points', '5pp', '5%p', '5 percentage points', '5% absolute', '5 absolute points', '5-point', '5 F1 points'."""
    first, second = pl.col("after_1"), pl.col("after_2")
    glued_p = pl.col("glued_2") & second.is_in(["p", "pt"])
    after_percent = (first == PERCENT) & (second.is_in(PLURALS) | glued_p | (second == "absolute"))
    absolute = (first == "absolute") & (second.is_in(PLURALS) | (second == PERCENT))
    of_metric = second.is_in(PLURALS) & first.str.contains(r"^[\p{L}-]+$") & (first != "out")
    return first.is_in(POINT_WORDS) | after_percent | absolute | of_metric


def _is_percent() -> pl.Expr:
    """'5%', '5 percent' (one token with '%'), '5 per cent'."""
    return (pl.col("after_1") == PERCENT) | ((pl.col("after_1") == "per") & (pl.col("after_2") == "cent"))


def _is_times() -> pl.Expr:
    """'5x', '5 times' (one token with 'x'), '5-fold', 'x5', 'by a factor of 5'."""
    first, second = pl.col("after_1"), pl.col("after_2")
    fold = (first == "fold") | ((first == "-") & (second == "fold"))
    sign_before = (pl.col("before_1") == "x") & pl.col("glued")
    factor = (pl.col("before_1") == "of") & (pl.col("before_2") == "factor")
    return (first == "x") | fold | sign_before | factor


def _next_unit() -> pl.Expr:
    """Unit of the next number, where one or two links join the two."""
    tokens_on = pl.col("row").shift(-1) - pl.col("row")
    first, second = pl.col("after_1").is_in(LINKS), pl.col("after_2").is_in(LINKS)
    linked = (first & (tokens_on == 2)) | (first & second & (tokens_on == 3))  # noqa: PLR2004 - one link, two links
    return pl.when(linked).then(pl.col("unit").shift(-1))
