"""Pairs each result with the names of its paper that it may belong to, and describes each pair for a scorer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.results.features import ABSENT, OUTSIDE, Keys, Property, Windows, keys_of

Flags = NDArray[np.bool_]

# Names a paper beyond which the rest are not looked at: no abstract has as many (mentions of one type).
MOST_MENTIONS: Final = 100
# Tokens between a result and a name that are looked at, nearest to the result first.
BETWEEN: Final = 10
DISTANCE_BOUNDS: Final = (-40, -20, -10, -6, -4, -3, -2, 0, 2, 3, 4, 6, 10, 20, 40)
# Where the nearest mention of a name stands, seen from the result.
SAME, EARLIER, LATER, TITLE = range(4)
# Stands for any distance and any number of names between, where members of two equal lists are matched.
LISTED_DISTANCE: Final = 30
LISTED_RANK: Final = 5
# Tokens that may stand between two members of one list, of results or of names.
LIST_FILLERS: Final = (
    ",", "and", "or", "&", "/", ";", "%", "x", "+", "-", "(", ")", "the", "on", "by", "points", "percentage", "dataset",
    "datasets", "benchmark", "benchmarks", "respectively",
)  # fmt: skip
# How two lists fit: both of one member; matched members of lists of one length; other members of those; a result of
# a list of names; a name of a list of results; lists of unlike length.
ALONE, MATCHED, CROSSED, JOINT, SHARED, UNEVEN = range(6)


def pairs_of(values: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Each result with each name of its paper, by the mention nearest to the result.

    Nearest: in the result's sentence by tokens, else the last before it, else the first after it, else the title's.

    Args:
        values: paper, value_row (row of the stream), value_sentence, and columns to carry.
        mentions: paper, name, row and sentence (in the stream; null in the title), and columns to carry.

    Returns:
        value (row of `values`), the columns of both, place (`SAME`, ...), tokens_apart; sorted by value and name.
    """
    few = mentions.filter(pl.int_range(pl.len()).over("paper") < MOST_MENTIONS)
    sentences_on = pl.col("sentence") - pl.col("value_sentence")
    place = (
        pl.when(pl.col("sentence").is_null())
        .then(TITLE)
        .when(sentences_on == 0)
        .then(SAME)
        .when(sentences_on < 0)
        .then(EARLIER)
        .otherwise(LATER)
    )
    return (
        values.lazy()
        .with_row_index("value")
        .join(few.lazy(), on="paper")
        .with_columns(
            place.cast(pl.Int64).alias("place"),
            (pl.col("row") - pl.col("value_row")).abs().fill_null(0).alias("tokens_apart"),
        )
        .sort("value", "name", "place", "tokens_apart", "row")
        .unique(["value", "name"], keep="first", maintain_order=True)
        .collect()
    )


def filler_counts(stream: pl.DataFrame) -> Keys:
    """For each token of the stream, how many tokens up to and with it are no fillers of a list."""
    return stream.select((~pl.col("text").is_in(LIST_FILLERS)).cum_sum().cast(pl.Int64)).to_series().to_numpy()


def list_places(rows: Keys, sentences: Keys, fillers: Keys) -> tuple[Keys, Keys]:
    """Place in its list (from 0) and length of the list, for each of a rising series of rows of the stream.

    Members of one list lie in one sentence with nothing but fillers between them.
    """
    if not len(rows):
        return rows, rows
    joined = (fillers[rows[1:] - 1] == fillers[rows[:-1]]) & (sentences[1:] == sentences[:-1])
    lists = np.cumsum(np.append(True, ~joined)) - 1
    lengths = np.bincount(lists)
    first = np.append(0, np.cumsum(lengths)[:-1])
    return np.arange(len(rows)) - first[lists], lengths[lists]


@dataclass(frozen=True)
class Geometry:
    """How each pair lies in its text, one entry a pair."""

    place: Keys
    same: Flags
    value_row: Keys
    row: Keys
    side: Keys
    fit: Keys
    between: Keys
    rank: Keys


def geometry_of(pairs: pl.DataFrame, stream_sentences: Keys, fillers: Keys) -> Geometry:
    """Places, sides, list fits and counts of what lies between, of pairs as `pairs_of` gives them."""
    place = pairs["place"].to_numpy()
    same = place == SAME
    value_row, row = pairs["value_row"].to_numpy(), pairs["row"].fill_null(0).to_numpy()
    after = row > value_row
    value_rows = np.unique(value_row)
    mention_rows = np.unique(pairs["row"].drop_nulls().to_numpy())
    fit = _fit(
        *(column[np.searchsorted(value_rows, value_row)] for column in _lists(value_rows, stream_sentences, fillers)),
        *(_pick(column, mention_rows, row) for column in _lists(mention_rows, stream_sentences, fillers)),
    )
    fit = np.where(same, fit, ALONE)
    listed = (fit == MATCHED) | (fit == CROSSED)
    low, high = np.minimum(value_row, row), np.maximum(value_row, row)
    values_between = _strictly_between(value_rows, low, high)
    mentions_between = _strictly_between(mention_rows, low, high)
    rank = pairs.select(pl.col("tokens_apart").rank("ordinal").over("value", "place").clip(0, 4)).to_series()
    return Geometry(
        place=place,
        same=same,
        value_row=value_row,
        row=row,
        side=np.where(same, 1 + after, 0),
        fit=fit,
        between=np.where(listed, 0, values_between * 4 + mentions_between),
        rank=np.where(listed, LISTED_RANK + fit, rank.cast(pl.Int64).to_numpy()),
    )


def pair_keys(pairs: pl.DataFrame, windows: Windows, fillers: Keys, facts: tuple[str, ...]) -> Keys:
    """Features of each pair (see `features.keys_of`), one row a pair.

    Args:
        pairs: see `pairs_of`; `values` carried kind and unit, `mentions` the `facts`, all as small whole numbers.
        windows: the stream's words and sentences.
        fillers: see `filler_counts`.
        facts: names of columns that say what is known of the name in its paper.
    """
    geometry = geometry_of(pairs, windows.sentences, fillers)
    spot = geometry.side * 4 + geometry.place
    known = [pairs[fact].to_numpy() for fact in facts]
    properties = [
        *_crowd(pairs, geometry, spot),
        *_where(geometry.same, _near(windows, geometry)),
        *_where(geometry.same, _unobstructed(pairs, geometry, known)),
        *_where(~geometry.same, _far(windows, geometry, spot)),
        *((fact,) for fact in known),
        *((spot, fact) for fact in known),
    ]
    return keys_of(properties, _words_between(windows, geometry))


def _lists(rows: Keys, sentences: Keys, fillers: Keys) -> tuple[Keys, Keys]:
    """`list_places` of rows of the stream."""
    return list_places(rows, sentences[rows], fillers)


def _pick(column: Keys, rows: Keys, wanted: Keys) -> Keys:
    """Entry of `column` for each wanted row; that of a neighbour where `rows` does not hold it."""
    if not len(rows):
        return np.zeros_like(wanted)
    return column[np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)]


def _fit(value_index: Keys, n_values: Keys, mention_index: Keys, n_mentions: Keys) -> Keys:
    """How the list of a result fits the list of a name: `ALONE`, `MATCHED`, ..."""
    many_values, many_mentions = n_values > 1, n_mentions > 1
    equal = many_values & (n_values == n_mentions)
    fit: Keys = np.select(
        [
            equal & (value_index == mention_index),
            equal,
            ~many_values & many_mentions,
            many_values & ~many_mentions,
            many_values,
        ],
        [MATCHED, CROSSED, JOINT, SHARED, UNEVEN],
        ALONE,
    )
    return fit


def _strictly_between(rows: Keys, low: Keys, high: Keys) -> Keys:
    """How many of `rows` lie between two rows, neither counted; three at most."""
    count: Keys = np.searchsorted(rows, high, side="left") - np.searchsorted(rows, low, side="right")
    return np.clip(count, 0, 3)


def _crowd(pairs: pl.DataFrame, geometry: Geometry, spot: Keys) -> list[Property]:
    """Properties of the place among the other names of the paper, and of the result's kind and unit there."""
    n_names, n_same = (
        pairs.select(count.over("value").clip(0, most).cast(pl.Int64)).to_series().to_numpy()
        for count, most in ((pl.len(), 6), ((pl.col("place") == SAME).sum(), 4))
    )
    sentences_back = (pl.col("value_sentence") - pl.col("sentence")).fill_null(0).clip(-3, 4) + 3
    return [
        (np.zeros_like(spot),),
        (spot,),
        (spot, n_names),
        (spot, n_same),
        (spot, pairs["kind"].to_numpy()),
        (spot, pairs["unit"].to_numpy()),
        (spot, geometry.rank),
        (spot, pairs.select(sentences_back).to_series().to_numpy()),
        (spot, n_same, geometry.rank),
    ]


def _near(windows: Windows, geometry: Geometry) -> list[Property]:
    """Properties of pairs of one sentence: distance, lists, words around the name and around the result."""
    side, fit = geometry.side, geometry.fit
    at_value, at_name = windows.around(geometry.value_row), windows.around(geometry.row)
    apart = np.searchsorted(np.asarray(DISTANCE_BOUNDS), geometry.row - geometry.value_row, side="right")
    listed = (fit == MATCHED) | (fit == CROSSED)
    obstacles = side * 16 + geometry.between
    return [
        (fit,),
        (np.where(listed, LISTED_DISTANCE, apart),),
        (side, fit),
        (obstacles,),
        (fit, obstacles),
        (obstacles, at_name.at(-1)),
        *((side, at_name.at(distance)) for distance in (-3, -2, -1, 0, 1, 2)),
        *((side, at_value.at(distance)) for distance in (-3, -2, -1, 1, 2, 3)),
    ]


def _unobstructed(pairs: pl.DataFrame, geometry: Geometry, known: list[Keys]) -> list[Property]:
    """Properties of what else lies between, with the result's kind and with what is known of the name."""
    obstacles = geometry.side * 16 + geometry.between
    kind = pairs["kind"].to_numpy()
    return [(obstacles, kind), *((obstacles, kind, fact) for fact in known)]


def _far(windows: Windows, geometry: Geometry, spot: Keys) -> list[Property]:
    """Properties of pairs across sentences: words around the result, and around the name unless it is in the title."""
    at_value, at_name = windows.around(geometry.value_row), windows.around(geometry.row)
    in_title = geometry.place == TITLE
    return [
        *((spot, at_value.at(distance)) for distance in (-3, -2, -1, 1, 2)),
        *((spot, np.where(in_title, OUTSIDE, at_name.at(distance))) for distance in (-2, -1, 1)),
    ]


def _words_between(windows: Windows, geometry: Geometry) -> list[list[Property]]:
    """Bags of the words between a result and a name of one sentence: by side, and by what else lies between."""
    apart = geometry.row - geometry.value_row
    obstacles = geometry.side * 16 + geometry.between
    bags: list[list[Property]] = [[], []]
    for step in range(1, BETWEEN + 1):
        row = np.clip(geometry.value_row + np.sign(apart) * step, 0, len(windows.words) - 1)
        inside = geometry.same & (step < np.abs(apart))
        for bag, detail in zip(bags, (geometry.side, obstacles), strict=True):
            bag.append((np.where(inside, detail, ABSENT), windows.words[row]))
    return bags


def _where(mask: Flags, properties: list[Property]) -> list[Property]:
    """Properties, absent where the mask does not hold."""
    return [(np.where(mask, first, ABSENT), *others) for first, *others in properties]
