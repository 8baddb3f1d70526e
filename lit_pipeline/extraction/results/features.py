"""Describes a number by its surroundings, as integers that a linear scorer has weights for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Keys = NDArray[np.int64]

# Words further away say nothing of a number that a bag of words does not say as well (words, each side).
WINDOW: Final = 8
# Reach of the bags of words to the left and to the right of a number, in words.
BAG_LEFT: Final = 24
BAG_RIGHT: Final = 16
OUTSIDE: Final = 0
UNKNOWN: Final = 1
UNKNOWN_CAPITALS: Final = 2
UNKNOWN_SYMBOL: Final = 3
FIRST_WORD: Final = 4
# Largest number of a word that a key has room for.
HIGHEST_WORD: Final = 2**15 - 1
UNITS: Final = ("", "%", "x", "points")
# Pairs and triples of places around a number whose words are looked at together.
TUPLES: Final = (
    (-2, -1), (1, 2), (2, 3), (-1, 1), (-3, -2), (-3, -1), (-2, 1), (-1, 2), (1, 3), (-4, -3),
    (-3, -2, -1), (1, 2, 3), (-2, -1, 1), (-1, 1, 2),
)  # fmt: skip
STEM = r"(?:ements?|ations?|ions?|ings?|ies|ied|es|ed|er|e|s|ly|y)$"
ABSENT: Final = -1


def stem() -> pl.Expr:
    """Words without common endings, so that 'improves', 'improved' and 'improvement' are one."""
    text = pl.col("text")
    short = text.str.replace(STEM, "")
    return pl.when(text.str.len_bytes() > 4, short.str.len_bytes() >= 3).then(short).otherwise(text)


def surface_class() -> pl.Expr:
    """What stands for a token in features: '#' or '#.#' for a number, the stem for others."""
    number = pl.when(pl.col("text").str.contains(".", literal=True)).then(pl.lit("#.#")).otherwise(pl.lit("#"))
    return pl.when("is_number").then(number).otherwise(stem())


@dataclass(frozen=True)
class Windows:
    """Token stream as arrays (`words`, `sentences`, one entry a token) and the rows that are looked around."""

    words: Keys
    sentences: Keys
    rows: Keys

    def around(self, rows: Keys) -> "Windows":
        """The same stream, looked at around other rows."""
        return Windows(self.words, self.sentences, rows)

    def at(self, distance: int) -> Keys:
        """Word numbers `distance` tokens from each row; `OUTSIDE` beyond its sentence."""
        place = np.clip(self.rows + distance, 0, len(self.words) - 1)
        inside = (place == self.rows + distance) & (self.sentences[place] == self.sentences[self.rows])
        return np.where(inside, self.words[place], OUTSIDE)


def word_numbers(tokens: pl.DataFrame, vocabulary: pl.Series) -> Keys:
    """Number of each token's class in the vocabulary, from `FIRST_WORD`; the `UNKNOWN` numbers for others.

    Args:
        tokens: word (see `surface_class`), is_capital.
        vocabulary: the known classes, distinct.
    """
    known = pl.DataFrame({"word": vocabulary, "number": np.arange(len(vocabulary), dtype=np.int64) + FIRST_WORD})
    letters = pl.col("word").str.contains(r"\p{L}")
    unknown = pl.when(~letters).then(UNKNOWN_SYMBOL).when("is_capital").then(UNKNOWN_CAPITALS).otherwise(UNKNOWN)
    numbered = tokens.select("word", "is_capital").join(known, on="word", how="left", maintain_order="left")
    return numbered.select(pl.coalesce("number", unknown.cast(pl.Int64))).to_series().to_numpy()


def feature_keys(windows: Windows, shapes: list[Keys]) -> Keys:
    """Features of each candidate: a matrix of keys, one row a candidate, `ABSENT` where there is none.

    A key packs the number of its template and up to three word numbers. Words far away are features of a bag,
    near ones of their place as well.

    Args:
        windows: the token stream.
        shapes: whole numbers below 2**15 that describe the candidates themselves, one array a property.
    """
    near = {distance: windows.at(distance) for distance in range(-BAG_LEFT, BAG_RIGHT + 1) if distance}
    units = shapes[0]
    columns: list[Keys] = [pack(0, np.zeros_like(units))]
    columns += [pack(1 + number, shape) for number, shape in enumerate(shapes)]
    columns += [pack(20 + number, units, shape) for number, shape in enumerate(shapes[1:])]
    columns += [pack(40 + distance + WINDOW, near[distance]) for distance in near if abs(distance) <= WINDOW]
    columns += [pack(60 + number, *(near[distance] for distance in places)) for number, places in enumerate(TUPLES)]
    columns += [pack(80 + number, units, near[distance]) for number, distance in enumerate((-3, -2, -1, 1, 2, 3))]
    left = [near[distance] for distance in near if distance < 0]
    right = [near[distance] for distance in near if distance > 0]
    columns += [np.where(words == OUTSIDE, ABSENT, pack(90, words)) for words in left]
    columns += [np.where(words == OUTSIDE, ABSENT, pack(91, words)) for words in right]
    return np.stack(columns, axis=1)


def pack(template: int, *words: Keys) -> Keys:
    """One integer of a template's number (above bit 45) and up to three word numbers of 15 bits each."""
    key = np.full(len(words[0]), template, dtype=np.int64)
    for word in words:
        key = (key << 15) | word
    return key << (15 * (3 - len(words)))
