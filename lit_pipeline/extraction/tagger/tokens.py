"""Cuts texts into tokens whose offsets are kept.

What belongs here: the token boundaries, and nothing that a token means. A token is a run of letters and digits with its
inner hyphens and points ('GPT-4o', 'Qwen2.5-7B-Instruct'), less any part that starts with a hyphen and a lower-case
word ('BERT' and '-based'), or one other character. White space separates and is no token.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

CHUNK = r"[\w--_]+(?:[-‐‑._][\w--_]+)*\s*|[^\w--_]\s*"
"""Every character belongs to exactly one match, so that offsets are running sums of lengths."""

CUT = "\x1f"
"""Stands between the parts of a chunk while it is cut; the unit separator, which repaired text never holds."""

TITLE_CASE_SUFFIXES = "Based|Guided|Style|Like|Driven|Aware|Enhanced|Augmented|Powered|Free|Level|Inspired|Assisted"
"""Second halves of compounds that are capitalised in titles only: 'Xception-Based'."""

CUTS = (
    (r"\.([^\p{N}\s])", f"{CUT}.{CUT}$1"),
    (rf"([-‐‑](?:\p{{Ll}}{{3,}}|{TITLE_CASE_SUFFIXES}))", f"{CUT}$1"),
)


@dataclass(frozen=True)
class Tokens:
    """Tokens of a batch, in the order of the texts.

    words: the distinct words. word: each token's position in `words`. row: position of its text.
    start, end: its code points in that text.
    """

    words: pl.Series
    word: Ints
    row: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.row)


def tokenise(texts: pl.Series) -> Tokens:
    """Tokens of each text; a null text has none."""
    chunks = (
        pl.LazyFrame({"chunk": texts})
        .select(pl.col("chunk").fill_null("").str.extract_all(CHUNK))
        .with_row_index("row")
        .explode("chunk", empty_as_null=False)
        .with_columns(size=pl.col("chunk").str.len_chars())
        .collect()
    )
    number, distinct = number_distinct(chunks["chunk"])
    parts = _cut(distinct)
    row = chunks["row"].to_numpy().astype(np.int64)
    start = _starts_within(row, chunks["size"].to_numpy().astype(np.int64))
    return _expand(parts, number, row, start)


def number_distinct(values: pl.Series) -> tuple[Ints, pl.Series]:
    """Each value's position among the distinct values, and those in order of first appearance."""
    if not len(values):
        return np.empty(0, np.int64), values
    code = values.cast(pl.Categorical).to_physical().to_numpy().astype(np.int64)
    first = np.full(int(code.max()) + 1, len(code), np.int64)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    firsts = np.sort(first[first < len(code)])
    position = np.empty(len(first), np.int64)
    position[code[firsts]] = np.arange(len(firsts))
    return position[code], values.gather(firsts)


def ranges(counts: Ints) -> Ints:
    """0, 1, .., n - 1 for each count n, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)


def opens_row(row: Ints) -> NDArray[np.bool_]:
    """Whether each element is the first of its row; rows stand together."""
    opens = np.ones(len(row), bool)
    opens[1:] = row[1:] != row[:-1]
    return opens


def _starts_within(row: Ints, size: Ints) -> Ints:
    """Sum of the sizes before each element, of those with the same row; rows stand together."""
    before = np.cumsum(size) - size
    first = np.flatnonzero(opens_row(row))
    return before - np.repeat(before[first], np.diff(np.append(first, len(row))))


def _cut(chunks: pl.Series) -> pl.DataFrame:
    """Parts of each distinct chunk, in order: chunk (its position), part, start (in the chunk), length."""
    cut = pl.col("chunk").str.strip_chars_end()
    for pattern, replacement in CUTS:
        cut = cut.str.replace_all(pattern, replacement)
    parts = (
        pl.LazyFrame({"chunk": chunks}).select(cut.str.split(CUT).alias("part")).with_row_index("chunk").explode("part")
    )
    length = pl.col("part").str.len_chars().cast(pl.Int64)
    placed = parts.with_columns(length=length).with_columns(
        start=pl.col("length").cum_sum().over("chunk") - pl.col("length")
    )
    return placed.filter(pl.col("length") > 0).collect()


def _expand(parts: pl.DataFrame, number: Ints, row: Ints, start: Ints) -> Tokens:
    """Tokens of chunks given by the number of their distinct chunk and the place they start at."""
    word, words = number_distinct(parts["part"])
    chunk: Any = parts["chunk"].to_numpy()
    n_parts = np.bincount(chunk, minlength=int(number.max()) + 1 if len(number) else 0).astype(np.int64)
    first_part = np.cumsum(n_parts) - n_parts
    of_chunk = n_parts[number]
    part = np.repeat(first_part[number], of_chunk) + ranges(of_chunk)
    starts = np.repeat(start, of_chunk) + parts["start"].to_numpy()[part]
    return Tokens(words, word[part], np.repeat(row, of_chunk), starts, starts + parts["length"].to_numpy()[part])
