"""Pairs each result with the names of its paper that it may belong to, and describes each pair for a scorer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.results.features import ABSENT, OUTSIDE, Keys, Windows, pack

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
    ",", "and", "or", "&", "/", ";", "%", "x", "+", "-", "(", ")", "the", "points", "respectively", "dataset", "datasets",
    "benchmark", "benchmarks", "on", "by", "percentage",
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
        .sort("value", "name", "place", "tokens_apart")
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
    """Features of each pair: a matrix of keys, one row a pair.

    Args:
        pairs: see `pairs_of`; `values` carried kind and unit, `mentions` the `facts`, all as small whole numbers.
        windows: the stream's words and sentences.
        fillers: see `filler_counts`.
        facts: names of columns that say what is known of the name in its paper.
    """
    geometry = geometry_of(pairs, windows.sentences, fillers)
    columns = [
        *_crowd(pairs, geometry),
        *_words_between(windows, geometry),
        *_where(geometry.same, _near(windows, geometry)),
        *_where(~geometry.same, _far(windows, geometry)),
        *_facts(pairs, geometry, facts),
    ]
    return np.stack(columns, axis=1)


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
    return np.select(
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


def _strictly_between(rows: Keys, low: Keys, high: Keys) -> Keys:
    """How many of `rows` lie between two rows, neither counted; three at most."""
    count = np.searchsorted(rows, high, side="left") - np.searchsorted(rows, low, side="right")
    return np.clip(count, 0, 3)


def _spot(geometry: Geometry) -> Keys:
    """Place and side in one number."""
    return geometry.side * 4 + geometry.place


def _crowd(pairs: pl.DataFrame, geometry: Geometry) -> list[Keys]:
    """Features of the place among the other names of the paper, and of the result's kind and unit there."""
    spot = _spot(geometry)
    n_names, n_same = (
        pairs.select(count.over("value").clip(0, most).cast(pl.Int64)).to_series().to_numpy()
        for count, most in ((pl.len(), 6), ((pl.col("place") == SAME).sum(), 4))
    )
    sentences_back = (pl.col("value_sentence") - pl.col("sentence")).fill_null(0).clip(-3, 4) + 3
    return [
        pack(0, np.zeros_like(spot)),
        pack(1, spot),
        pack(2, spot, n_names),
        pack(3, spot, n_same),
        pack(4, spot, pairs["kind"].to_numpy()),
        pack(5, spot, pairs["unit"].to_numpy()),
        pack(6, spot, geometry.rank),
        pack(7, spot, pairs.select(sentences_back).to_series().to_numpy()),
        pack(8, spot, n_same, geometry.rank),
    ]


def _words_between(windows: Windows, geometry: Geometry) -> list[Keys]:
    """Features of the words between a result and a name of one sentence."""
    apart = geometry.row - geometry.value_row
    columns = []
    for step in range(1, BETWEEN + 1):
        row = np.clip(geometry.value_row + np.sign(apart) * step, 0, len(windows.words) - 1)
        inside = geometry.same & (step < np.abs(apart))
        for template, detail in ((40, geometry.side), (41, geometry.side * 16 + geometry.between)):
            columns.append(np.where(inside, pack(template, detail, windows.words[row]), ABSENT))
    return columns


def _near(windows: Windows, geometry: Geometry) -> list[Keys]:
    """Features of pairs of one sentence: distance, lists, words around the name and around the result."""
    side, fit = geometry.side, geometry.fit
    at_value, at_mention = windows.around(geometry.value_row), windows.around(geometry.row)
    apart = np.searchsorted(np.asarray(DISTANCE_BOUNDS), geometry.row - geometry.value_row, side="right")
    listed = (fit == MATCHED) | (fit == CROSSED)
    obstacles = side * 16 + geometry.between
    return [
        pack(9, fit),
        pack(10, np.where(listed, LISTED_DISTANCE, apart)),
        pack(11, side, fit),
        pack(12, obstacles),
        pack(13, fit, obstacles),
        *(pack(20 + number, side, at_mention.at(distance)) for number, distance in enumerate((-3, -2, -1, 0, 1, 2))),
        pack(26, obstacles, at_mention.at(-1)),
        *(pack(30 + number, side, at_value.at(distance)) for number, distance in enumerate((-3, -2, -1, 1, 2, 3))),
    ]


def _far(windows: Windows, geometry: Geometry) -> list[Keys]:
    """Features of pairs across sentences: words around the result, and around the name unless it is in the title."""
    spot = _spot(geometry)
    at_value, at_mention = windows.around(geometry.value_row), windows.around(geometry.row)
    in_title = geometry.place == TITLE
    around_name = [np.where(in_title, OUTSIDE, at_mention.at(distance)) for distance in (-2, -1, 1)]
    return [
        *(pack(45 + number, spot, at_value.at(distance)) for number, distance in enumerate((-3, -2, -1, 1, 2))),
        *(pack(55 + number, spot, words) for number, words in enumerate(around_name)),
    ]


def _facts(pairs: pl.DataFrame, geometry: Geometry, facts: tuple[str, ...]) -> list[Keys]:
    """Features of what is known of the name in its paper, alone and with its place."""
    spot = _spot(geometry)
    columns = []
    for number, name in enumerate(facts):
        fact = pairs[name].to_numpy()
        columns += [pack(60 + 2 * number, fact), pack(61 + 2 * number, spot, fact)]
    return columns


def _where(mask: Flags, columns: list[Keys]) -> list[Keys]:
    """Columns of keys, `ABSENT` where the mask does not hold."""
    return [np.where(mask, column, ABSENT) for column in columns]
