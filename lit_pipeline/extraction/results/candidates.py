"""Numbers of abstracts that could be results, with what can be said of each by itself."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import Keys
from lit_pipeline.extraction.results.tokens import LATEX_SYMBOLS
from lit_pipeline.extraction.results.units import PERCENT, TIMES, UNITS, with_units

# An abstract with more numbers than this is a table or an attack; the rest of its numbers are not looked at.
MOST_NUMBERS: Final = 200
# Digits beyond which a number is an identifier, and beyond the precision of DOUBLE.
MOST_DIGITS: Final = 15
# Letters straight after a number that make it a count, an ordinal or a dimension: '7B', '10k', '2nd', '3D'.
COUNT_SUFFIXES: Final = (
    "b", "d", "k", "m", "t", "st", "nd", "rd", "th", "gb", "mb", "kb", "tb", "px", "bit", "hz", "khz",
)  # fmt: skip
COUNT_WORDS: Final = ("thousand", "million", "billion", "trillion", "millions", "billions")
# Words after a percentage that state how sure an interval is.
LEVEL_WORDS: Final = ("confidence", "credible", "ci", "cis")
# A side of an image: '256 x 256'.
SIDE: Final = r"^[0-9]{2,4}$"
NEIGHBOURS: Final = {-2: "before_2", -1: "before_1", 1: "after_1", 2: "after_2"}
# Bounds that part levels from counts, years and sizes.
VALUE_BOUNDS: Final = (0.5, 1.0001, 2.5, 5, 10.0001, 20, 50, 100.0001, 300, 1000, 1900, 2031)
PLACE_BOUNDS: Final = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
DISTANCE_BOUNDS: Final = (2, 3, 4, 6, 9, 15, 98)
MOST_DECIMALS: Final = 4
NO_NEIGHBOUR: Final = 99


def candidates_of(stream: pl.DataFrame) -> pl.DataFrame:
    """Numbers that stand for themselves, one row each, in order; names, counts ('7B') and overlong ones left out.

    Args:
        stream: see `contexts.stream_of`.

    Returns:
        paper, row (of `stream`), sentence, start, end, value, decimals, has_comma, unit.
    """
    digits = pl.col("text").str.replace_all(",", "", literal=True)
    return (
        with_units(numbers_of(stream))
        .filter(_stands_alone() & (digits.str.len_bytes() <= MOST_DIGITS))
        .filter(pl.int_range(pl.len()).over("paper") < MOST_NUMBERS)
        .select(
            "paper",
            "row",
            "sentence",
            "start",
            "end",
            digits.cast(pl.Float64).alias("value"),
            digits.str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0).cast(pl.Int64).alias("decimals"),
            pl.col("text").str.contains(",", literal=True).alias("has_comma"),
            "unit",
        )
    )


def numbers_of(stream: pl.DataFrame) -> pl.DataFrame:
    """Numbers of the stream with the texts around them.

    Returns:
        Columns of the stream, row, before_2, before_1, after_1, after_2 (texts in the same sentence, else null), and
        glued_1, glued_2 (of the tokens after).
    """
    numbers = stream.with_row_index("row").cast({"row": pl.Int64}).filter("is_number")
    sentences = numbers["sentence"]
    for distance, name in NEIGHBOURS.items():
        place = (numbers["row"] + distance).clip(0, len(stream) - 1)
        near = stream.select("text", "sentence", "glued")[place]
        same = (near["sentence"] == sentences) & (place == numbers["row"] + distance)
        numbers = numbers.with_columns(
            pl.select(pl.when(same).then(near["text"])).to_series().alias(name),
            (same & near["glued"]).alias(f"glued_{distance}"),
        )
    return numbers


def _stands_alone() -> pl.Expr:
    """Whether a number is no part of a name ('v2'), a count ('7B'), an ordinal ('2nd') or a dimension ('3D')."""
    named = pl.col("glued") & pl.col("before_1").str.contains(r"\p{L}")
    allowed = pl.col("before_1").is_in([*LATEX_SYMBOLS, TIMES])
    counted = pl.col("glued_1") & pl.col("after_1").is_in(COUNT_SUFFIXES)
    apart = [named & ~allowed, counted, _counts_or_measures_size()]
    return ~pl.any_horizontal(part.fill_null(value=False) for part in apart)


def _counts_or_measures_size() -> pl.Expr:
    """Whether a number is a count ('1.2 million'), a side ('256 x 256') or a level ('95% confidence interval')."""
    side = pl.col("text").str.contains(SIDE)
    by = ((pl.col("after_1") == TIMES) & pl.col("after_2").str.contains(SIDE)) | (
        (pl.col("before_1") == TIMES) & pl.col("before_2").str.contains(SIDE)
    )
    level = (pl.col("after_1") == PERCENT) & pl.col("after_2").is_in(LEVEL_WORDS)
    return pl.any_horizontal(
        pl.col("after_1").is_in(COUNT_WORDS).fill_null(value=False),
        (side & by).fill_null(value=False),
        level.fill_null(value=False),
    )


def shapes_of(candidates: pl.DataFrame, stream: pl.DataFrame, lengths: Keys) -> list[Keys]:
    """Properties of each candidate as small whole numbers, one array a property; the unit is the first.

    Args:
        candidates: see `candidates_of`.
        stream: the tokens they come from.
        lengths: code points of each abstract, by `paper`.
    """
    units = unit_numbers(candidates["unit"])
    decimals = np.minimum(candidates["decimals"].to_numpy(), MOST_DECIMALS)
    values = _bucket(candidates["value"].to_numpy(), VALUE_BOUNDS)
    glued = np.append(stream["glued"].to_numpy(), False).astype(np.int64)
    rows, sentences = candidates["row"].to_numpy(), candidates["sentence"].to_numpy()
    places = _bucket(candidates["start"].to_numpy() / lengths[candidates["paper"].to_numpy()], PLACE_BOUNDS)
    with_unit = np.bincount(sentences, weights=units > 0, minlength=1).astype(np.int64)
    return [
        units,
        decimals,
        values,
        glued[rows] * 2 + glued[rows + 1],
        places,
        candidates["has_comma"].to_numpy().astype(np.int64),
        _neighbour(rows, sentences, units),
        _neighbour(rows[::-1], sentences[::-1], units[::-1])[::-1],
        np.minimum(with_unit[sentences], MOST_DECIMALS),
        decimals * 16 + values,
    ]


def unit_numbers(units: pl.Series) -> Keys:
    """Place of each unit in `UNITS`."""
    return units.fill_null("").replace_strict(UNITS, range(len(UNITS)), return_dtype=pl.Int64).to_numpy()


def _bucket(values: np.ndarray, bounds: tuple[float, ...]) -> Keys:
    """Number of bounds at or below each value."""
    return np.searchsorted(np.asarray(bounds, dtype=np.float64), values, side="right").astype(np.int64)


def _neighbour(rows: Keys, sentences: Keys, units: Keys) -> Keys:
    """Unit and distance of the candidate before, in the same sentence."""
    if not len(rows):
        return rows
    same = np.append(False, sentences[1:] == sentences[:-1])
    distance = np.where(same, np.abs(np.append(0, np.diff(rows))), NO_NEIGHBOUR)
    unit = np.where(same, np.append(0, units[:-1]), len(UNITS))
    return unit * 8 + _bucket(distance, DISTANCE_BOUNDS)
