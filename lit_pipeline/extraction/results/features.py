"""Describes a number by its surroundings, as integers that a linear scorer has weights for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Keys = NDArray[np.int64]
# One to three arrays of words, an entry each described thing.
Property = tuple[Keys, ...]

# Words further away say nothing of a number that a bag of words does not say as well (words, each side).
WINDOW: Final = 8
# Reach of the bags of words to the left and to the right of a number, in words.
BAG_LEFT: Final = 24
BAG_RIGHT: Final = 16
# Numbers of words: of what lies outside a sentence, of the three classes of unknown words, of the first known word.
OUTSIDE: Final = 0
UNKNOWN: Final = 1
UNKNOWN_CAPITALS: Final = 2
UNKNOWN_SYMBOL: Final = 3
FIRST_WORD: Final = 4
# Room for words in a key of 64 bits: three of 15 bits, and 18 bits for the number of the property.
WORD_BITS: Final = 15
MOST_WORDS_OF_KEY: Final = 3
HIGHEST_WORD: Final = 2**WORD_BITS - 1
# Pairs and triples of places around a number whose words are looked at together.
TUPLES: Final = (
    (-2, -1), (1, 2), (2, 3), (-1, 1), (-3, -2), (-3, -1), (-2, 1), (-1, 2), (1, 3), (-4, -3),
    (-3, -2, -1), (1, 2, 3), (-2, -1, 1), (-1, 1, 2),
)  # fmt: skip
# Endings that leave a stem that other forms of the word share.
ENDING: Final = r"(?:ements?|ations?|ions?|ings?|ies|ied|es|ed|er|e|s|ly|y)$"
# Shorter words keep their endings, and no ending leaves less than this (bytes).
SHORTEST_WORD: Final = 5
SHORTEST_STEM: Final = 3
# Stands for a feature that something does not have.
ABSENT: Final = -1


def stem() -> pl.Expr:
    """Words without common endings, so that 'improves', 'improved' and 'improvement' are one."""
    text = pl.col("text")
    short = text.str.replace(ENDING, "")
    long_enough = (text.str.len_bytes() >= SHORTEST_WORD) & (short.str.len_bytes() >= SHORTEST_STEM)
    return pl.when(long_enough).then(short).otherwise(text)


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


def number_properties(windows: Windows, shapes: list[Keys]) -> list[Property]:
    """Properties of each candidate: its shapes, and the words at single places, pairs and triples of places near it.

    Args:
        windows: the token stream.
        shapes: small whole numbers that describe the candidates themselves, the unit first.
    """
    near = {distance: windows.at(distance) for distance in range(-WINDOW, WINDOW + 1) if distance}
    units = shapes[0]
    return [
        (np.zeros_like(units),),
        *((shape,) for shape in shapes),
        *((units, shape) for shape in shapes[1:]),
        *((words,) for words in near.values()),
        *(tuple(near[distance] for distance in places) for places in TUPLES),
        *((units, near[distance]) for distance in (-3, -2, -1, 1, 2, 3)),
    ]


def number_bags(windows: Windows) -> list[list[Property]]:
    """Words of the sentence before each candidate and those after it, whatever their place."""
    sides = (range(-BAG_LEFT, 0), range(1, BAG_RIGHT + 1))
    return [[(_present(windows.at(distance)),) for distance in side] for side in sides]


def keys_of(properties: list[Property], bags: list[list[Property]]) -> Keys:
    """Features as integers: a matrix with a row for each described thing, `ABSENT` where there is none.

    A key is the number of the property or bag and up to three words of 15 bits each. Features of a bag share its
    number. A property whose first word is `ABSENT` is none.
    """
    numbered = [*enumerate(properties), *((len(properties) + at, part) for at, bag in enumerate(bags) for part in bag)]
    return np.stack([_packed(number, words) for number, words in numbered], axis=1)


def _packed(number: int, words: Property) -> Keys:
    """Keys of one property."""
    key = np.full(len(words[0]), number, dtype=np.int64)
    for place in range(MOST_WORDS_OF_KEY):
        key = (key << WORD_BITS) | (words[place] if place < len(words) else 0)
    return np.where(words[0] == ABSENT, ABSENT, key)


def _present(words: Keys) -> Keys:
    """Words, `ABSENT` beyond the sentence."""
    return np.where(words == OUTSIDE, ABSENT, words)
