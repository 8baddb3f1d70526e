"""Cuts texts into words whose places are kept.

What belongs here: word boundaries and the shapes of words, and nothing that a word means. A word is a run of letters
and digits with inner hyphens, points and underscores ('GPT-4o', 'Qwen2.5-7B-Instruct', 'dots.tts'), slashes before
numbers ('ViT-B/16') and pluses or a star at its end ('EvTexture++', 'V*').
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.texts import DIGIT, LETTER, UPPER, Classes, CodePoints, Ints, code_points

HYPHENS = (0x2D, 0x2010, 0x2011, 0x5F)
"""Hyphen-minus, hyphen, non-breaking hyphen and underscore: they join whatever stands at both sides."""

POINT, SLASH = ord("."), ord("/")
PLUS, STAR = ord("+"), ord("*")
LONGEST_ENDING = 2


@dataclass(frozen=True)
class Words:
    """Words of a batch in the order of the texts.

    frame: row, start, end (code points), and of each word the numbers of upper-case letters (n_upper), digits
    (n_digit) and
        characters (length), and whether its first letter is upper-case (capital).
    first, last: places of each word in the code points, the last exclusive.
    text: the code points.
    """

    frame: pl.DataFrame
    first: Ints
    last: Ints
    text: CodePoints

    def at(self, rows: Ints, offsets: Ints) -> Ints:
        """Number of the last word that starts at or before each offset."""
        return np.searchsorted(self.first, self.text.starts[rows] + offsets, side="right") - 1


def words_of(fields: pl.DataFrame) -> Words:
    """Words of texts (columns row, text; rows numbered from 0)."""
    text = code_points(fields["text"])
    classes = text.classes
    first, last = _runs((classes & LETTER) > 0)
    joined = _joined(text.points, classes, first, last)
    first, last = (
        first[~np.concatenate([[False], joined])[: len(first)]],
        last[~np.concatenate([joined, [False]])[: len(last)]],
    )
    last = _ended(text.points, classes, last)
    row = np.searchsorted(text.starts, first, side="right") - 1
    upper, digit = (_counts((classes & bit) > 0, first, last) for bit in (UPPER, DIGIT))
    frame = pl.DataFrame(
        {
            "row": row,
            "start": first - text.starts[row],
            "end": last - text.starts[row],
            "n_upper": upper,
            "n_digit": digit,
            "capital": (classes[first] & UPPER) > 0,
        }
    )
    return Words(frame, first, last, text)


def _runs(inside: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """First and last (exclusive) places of runs of true values; the first and the last value are false."""
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    return edges[::2], edges[1::2]


def _joined(points: NDArray[np.uint32], classes: NDArray[np.uint8], first: Ints, last: Ints) -> NDArray[np.bool_]:
    """Whether each run but the last is one word with the next."""
    left, right = last[:-1], first[1:]
    mark, following = points[left], classes[right]
    of_number = (following & DIGIT) > 0
    after_name = (classes[left - 1] & (DIGIT | UPPER)) > 0
    hyphen = np.logical_or.reduce([mark == each for each in HYPHENS])
    point = (mark == POINT) & ((following & UPPER) == 0)
    slash = (mark == SLASH) & of_number & after_name
    joins: NDArray[np.bool_] = (right - left == 1) & (hyphen | point | slash)
    return joins


def _ended(points: NDArray[np.uint32], classes: Classes, last: Ints) -> Ints:
    """Ends of words with the pluses or the star that close them."""
    ends = last
    for _ in range(LONGEST_ENDING):
        mark = points[np.minimum(ends, len(points) - 1)]
        ends = ends + ((mark == PLUS) | (mark == STAR))
    joins_on = (classes[np.minimum(ends, len(points) - 1)] & LETTER) > 0
    return np.where(joins_on, last, ends)


def _counts(flags: NDArray[np.bool_], first: Ints, last: Ints) -> Ints:
    """Number of flagged places from `first` to before `last`."""
    before = np.zeros(len(flags) + 1, np.int32)
    np.cumsum(flags, out=before[1:])
    return (before[last] - before[first]).astype(np.int64)
