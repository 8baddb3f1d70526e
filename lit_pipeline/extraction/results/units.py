"""Reads the unit of a number from the words at it, or from a later member of its list or range."""

from typing import Final

import polars as pl

PERCENT: Final = "%"
TIMES: Final = "x"
POINTS: Final = "points"
POINT_WORDS: Final = ("point", "points", "pp", "pps", "pt", "pts", "p", "pct")
PLURALS: Final = ("point", "points")
# What may stand between the members of a list or a range that share one unit: '12-29%', '4 to 6x', '81 and 90%'.
LINKS: Final = ("-", "to", "and", "or", "/", "rightarrow", ",", "+")
# Members of a list before the one that states the unit which still take it over.
LONGEST_LIST: Final = 3


def with_units(tokens: pl.DataFrame) -> pl.DataFrame:
    """Tokens (see `contexts.with_mentions`) with unit: '%', 'x', 'points', or null where a number has none."""
    frame = tokens.lazy().with_columns(_own_unit().alias("unit"))
    for _ in range(LONGEST_LIST):
        frame = frame.with_columns(_shared_unit().alias("unit"))
    return frame.collect()


def _own_unit() -> pl.Expr:
    """Unit written at a number."""
    unit = pl.when(_is_points()).then(pl.lit(POINTS)).when(_is_percent()).then(pl.lit(PERCENT))
    return pl.when("is_number").then(unit.when(_is_times()).then(pl.lit(TIMES)))


def _is_points() -> pl.Expr:
    """'5 points', '5pp', '5%p', '5 percentage points', '5% absolute', '5 absolute points', '5-point', '5 BLEU points'."""
    first, second = _text(1), _text(2)
    glued_p = pl.col("glued").shift(-2) & second.is_in(["p", "pt"])
    after_percent = (first == PERCENT) & (second.is_in(PLURALS) | glued_p | (second == "absolute"))
    absolute = (first == "absolute") & (second.is_in(PLURALS) | (second == PERCENT))
    of_metric = second.is_in(PLURALS) & first.str.contains(r"^[\p{L}-]+$") & (first != "out")
    return first.is_in(POINT_WORDS) | after_percent | absolute | of_metric


def _is_percent() -> pl.Expr:
    """'5%', '5 percent' (one token with '%'), '5 per cent'."""
    return (_text(1) == PERCENT) | ((_text(1) == "per") & (_text(2) == "cent"))


def _is_times() -> pl.Expr:
    """'5x', '5 times' (one token with 'x'), '5-fold', 'x5', 'by a factor of 5'."""
    fold = (_text(1) == "fold") | ((_text(1) == "-") & (_text(2) == "fold"))
    sign_before = (_text(-1) == "x") & pl.col("glued")
    factor = (_text(-1) == "of") & (_text(-2) == "factor")
    return (_text(1) == "x") | fold | sign_before | factor


def _shared_unit() -> pl.Expr:
    """Unit of a number, its own or that of the next member of its list or range, one or two links on."""
    one, two = _text(1).is_in(LINKS), _text(2).is_in(LINKS)
    following = (
        pl.when(one & pl.col("is_number").shift(-2))
        .then(pl.col("unit").shift(-2))
        .when(one & two & pl.col("is_number").shift(-3))
        .then(pl.col("unit").shift(-3))
    )
    return pl.when("is_number").then(pl.coalesce("unit", following))


def _text(distance: int) -> pl.Expr:
    """Text `distance` tokens on, in the same sentence."""
    same = pl.col("sentence") == pl.col("sentence").shift(-distance)
    return pl.when(same).then(pl.col("text").shift(-distance))
