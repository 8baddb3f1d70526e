"""Texts of a batch as arrays of code points.

Places found in bytes become code points, and neighbouring characters can be looked at. What belongs here: the shape
of text (offsets, classes of characters), and no knowledge of names.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Classes = NDArray[np.uint8]

CONTINUATION_MASK, CONTINUATION = 0xC0, 0x80
"""A UTF-8 byte that continues a character has these two highest bits."""

LETTER, UPPER, DIGIT = 1, 2, 4
"""Bits of a character's class."""

N_CLASSED = 0x20000
"""Code points with a class of their own; all letters with case are among them, what lies beyond counts as a letter."""

N_NARROW = 0x100
"""Code points that fit one byte, whose classes are looked up a text at a time."""

LONGEST_TEXT = 20_000
"""Code points of a text that are read: ten times a long abstract, so that a whole document in its place costs
little."""

FIELDS = ("title", "abstract")
FIELD_TYPE = pl.Enum(FIELDS)


def fields_of(texts: pl.DataFrame) -> pl.DataFrame:
    """One row a text to read: row (number), paper_id, field, text; titles first; null abstracts left out."""
    frames = [
        texts.select(
            "paper_id",
            pl.lit(field, dtype=FIELD_TYPE).alias("field"),
            pl.col(field).str.head(LONGEST_TEXT).alias("text"),
        )
        for field in FIELDS
    ]
    numbered = pl.concat(frames).drop_nulls("text").with_row_index("row")
    return numbered.with_columns(pl.col("row").cast(pl.Int64))


@dataclass(frozen=True)
class CodePoints:
    """Code points of all texts, one after the other, with a line feed before the first and after each.

    points: the code points. starts: place of the first of each text.
    """

    points: NDArray[np.uint32]
    starts: Ints

    @cached_property
    def classes(self) -> Classes:
        """Class of each code point."""
        table = class_table()
        narrow = self.points.astype(np.uint8).tobytes().translate(table[:N_NARROW].tobytes())
        classes = np.frombuffer(bytearray(narrow), np.uint8)
        wide = np.flatnonzero(self.points >= N_NARROW)
        classes[wide] = table[np.minimum(self.points[wide], N_CLASSED - 1)]
        return classes


def code_points(texts: pl.Series) -> CodePoints:
    """Code points of texts without nulls."""
    joined = "\n".join(["", *texts.to_list(), ""])
    lengths = texts.str.len_chars().to_numpy().astype(np.int64) + 1
    return CodePoints(np.frombuffer(joined.encode("utf-32-le"), np.uint32), np.cumsum(lengths) - lengths + 1)


def code_point_offsets(texts: pl.Series, rows: Ints, byte_offsets: Ints) -> Ints:
    """Code points that stand before each byte offset of each text.

    >>> code_point_offsets(pl.Series(["é-ViT"]), np.array([0]), np.array([3])).tolist()
    [2]
    """
    lengths = texts.str.len_bytes().to_numpy().astype(np.int64)
    is_wide = lengths > texts.str.len_chars().to_numpy()
    raw = np.frombuffer("".join(texts.filter(pl.Series(is_wide)).to_list()).encode(), np.uint8)
    continued = np.zeros(len(raw) + 1, np.int32)
    np.cumsum((raw & CONTINUATION_MASK) == CONTINUATION, dtype=np.int32, out=continued[1:])
    joined = np.where(is_wide, lengths, 0)
    first = np.cumsum(joined) - joined
    hits = np.flatnonzero(is_wide[rows])
    begin, offsets = first[rows[hits]], byte_offsets.copy()
    offsets[hits] -= continued[begin + byte_offsets[hits]] - continued[begin]
    return offsets


def places_of(texts: pl.DataFrame, column: str, patterns: pl.Expr) -> pl.DataFrame:
    """Every place where one of the patterns stands, overlapping ones too.

    Args:
        texts: the texts, without nulls.
        column: where they stand.
        patterns: a list of strings, one for all texts or one a text.

    Returns:
        at (position of the text), start, end (code points of the column), found (the pattern).

    """
    hits = (
        texts.select(
            pl.int_range(pl.len(), dtype=pl.Int64).alias("at"),
            pl.col(column).str.find_many(patterns, overlapping=True).alias("byte"),
            pl.col(column).str.extract_many(patterns, overlapping=True).alias("found"),
        )
        .explode("byte", "found")
        .drop_nulls("byte")
    )
    start = code_point_offsets(texts[column], hits["at"].to_numpy(), hits["byte"].to_numpy().astype(np.int64))
    return hits.select("at", pl.Series("start", start), "found").with_columns(
        end=pl.col("start") + pl.col("found").str.len_chars().cast(pl.Int64)
    )


@cache
def class_table() -> Classes:
    """Class of each code point: bits LETTER (letters and digits), UPPER and DIGIT."""
    marks = [chr(point) for point in range(N_CLASSED)]
    table = [LETTER * mark.isalnum() + UPPER * mark.isupper() + DIGIT * mark.isdigit() for mark in marks]
    table[-1] = LETTER
    return np.array(table, np.uint8)
