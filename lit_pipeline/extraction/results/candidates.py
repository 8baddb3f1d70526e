"""Numbers of abstracts that could be results, with what can be said of each by itself."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import UNITS, Keys

# An abstract with more numbers than this is a table or an attack; the rest of its numbers are not looked at.
MOST_NUMBERS: Final = 200
# Bounds that part levels from counts, years and sizes.
VALUE_BOUNDS: Final = (0.5, 1.0001, 2.5, 5, 10.0001, 20, 50, 100.0001, 300, 1000, 1900, 2031)
PLACE_BOUNDS: Final = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
DISTANCE_BOUNDS: Final = (2, 3, 4, 6, 9, 15, 98)
MOST_DECIMALS: Final = 4
NO_NEIGHBOUR: Final = 99


def candidates_of(stream: pl.DataFrame) -> pl.DataFrame:
    """Numbers that stand for themselves, one row each, in order.

    Args:
        stream: see `contexts.stream_of`.

    Returns:
        paper, start, end, sentence, unit, row (of `stream`), value, decimals.
    """
    return (
        stream.with_row_index("row")
        .filter("is_candidate")
        .filter(pl.int_range(pl.len()).over("paper") < MOST_NUMBERS)
        .with_columns(pl.col("text").str.replace_all(",", "", literal=True).alias("digits"))
        .select(
            "paper",
            "start",
            "end",
            "sentence",
            "unit",
            pl.col("row").cast(pl.Int64),
            pl.col("digits").cast(pl.Float64).alias("value"),
            pl.col("digits").str.extract(r"\.(\d+)$").str.len_bytes().fill_null(0).cast(pl.Int64).alias("decimals"),
            pl.col("text").str.contains(",", literal=True).alias("has_comma"),
        )
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
