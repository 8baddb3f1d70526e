"""Texts of a batch as arrays of code points, so that places found in bytes become code points and neighbours can be looked at.

What belongs here: the shape of text (offsets, neighbouring characters), and no knowledge of names.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

N_CODE_POINTS = 0x110000
CONTINUATION_MASK, CONTINUATION = 0xC0, 0x80
"""A UTF-8 byte that continues a character has these two highest bits."""

FIELDS = ("title", "abstract")
FIELD_TYPE = pl.Enum(FIELDS)


def fields_of(texts: pl.DataFrame) -> pl.DataFrame:
    """One row a text to read: paper_id, field, text; titles first, in the order of the papers; null abstracts left out."""
    frames = [
        texts.select("paper_id", pl.lit(field, dtype=FIELD_TYPE).alias("field"), pl.col(field).alias("text"))
        for field in FIELDS
    ]
    return pl.concat(frames).drop_nulls("text").with_row_index("row")


@dataclass(frozen=True)
class CodePoints:
    """Code points of all texts, one after the other, each text closed by a line feed.

    points: the code points. starts: first place of each text.
    """

    points: NDArray[np.uint32]
    starts: Ints

    def at(self, rows: Ints, offsets: Ints) -> NDArray[np.uint32]:
        """Code point at each offset of each text; a line feed just before the first and just after the last."""
        place = self.starts[rows] + offsets
        return np.where(place < 0, np.uint32(ord("\n")), self.points[np.clip(place, 0, len(self.points) - 1)])


def code_points(texts: pl.Series) -> CodePoints:
    """Code points of texts without nulls."""
    joined = "\n".join([*texts.to_list(), ""])
    lengths = texts.str.len_chars().to_numpy().astype(np.int64) + 1
    return CodePoints(np.frombuffer(joined.encode("utf-32-le"), np.uint32), np.cumsum(lengths) - lengths)


def code_point_offsets(texts: pl.Series, rows: Ints, byte_offsets: Ints) -> Ints:
    """Code points that stand before each byte offset of each text.

    >>> code_point_offsets(pl.Series(["é-ViT"]), np.array([0]), np.array([3])).tolist()
    [2]
    """
    raw = np.frombuffer("".join(texts.to_list()).encode(), np.uint8)
    if len(raw) == 0:
        return byte_offsets
    before = np.concatenate([[0], np.cumsum((raw & CONTINUATION_MASK) != CONTINUATION)])
    lengths = texts.str.len_bytes().to_numpy().astype(np.int64)
    first = (np.cumsum(lengths) - lengths)[rows]
    return before[first + byte_offsets] - before[first]


@cache
def alphanumeric() -> Flags:
    """Whether each code point is a letter or a digit."""
    return np.fromiter((chr(point).isalnum() for point in range(N_CODE_POINTS)), bool, N_CODE_POINTS)
