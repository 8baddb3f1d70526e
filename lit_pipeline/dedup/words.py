"""Words of a batch of texts as numbers: hashed at once over the batch's bytes, so that no row is touched by Python.

What is made of the words belongs to `shingles`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

MAX_TEXT_CHARACTERS = 20_000
"""Characters of a text that are compared; ten times a long abstract, so that a hostile file can't fill the memory."""

_CHUNK_BYTES = 1 << 20
"""Bytes hashed at once: their temporary arrays stay within the processor's cache."""

_MAX_CHUNK_BYTES = _CHUNK_BYTES + 4 * MAX_TEXT_CHARACTERS

_UTF8_PUNCTUATION = (0xE2, 0x80, 3)
"""First two bytes, and length, of dashes, curly quotes and the ellipsis (U+2000 to U+203F)."""

_UTF8_NO_BREAK_SPACE = (0xC2, 0xA0, 2)
"""Both bytes, and length, of the no-break space (U+00A0)."""

_WORD_BASE = 0x9E3779B1
"""Base of the polynomial that hashes a word: odd, so that it has an inverse modulo 2^32 (the golden ratio's bits)."""

_SPLITMIX_STEP = 0x9E3779B97F4A7C15
_ASCII_END = 128
_CASE_BIT = np.uint8(0x20)
"""What tells a small ASCII letter from its capital."""

_FIGURE_BYTES = 7
"""Bytes from which a number with a comma before its last three digits has six digits: `170,982`."""

_COMMON_WORDS = "common_words.csv"
"""The 5,000 words that stand in the most abstracts, counted over 24,000 of them; the last stands in one of 500."""

_COMMON_BITS = 20
"""Bits of a word's hash that say whether it is common: 5,000 words mark 0.5% of the table, the share of other words
that are taken for common ones."""

U8: TypeAlias = npt.NDArray[np.uint8]
U32: TypeAlias = npt.NDArray[np.uint32]
U64: TypeAlias = npt.NDArray[np.uint64]
Indices: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Words:
    """Words of a batch of texts, end to end: the first `counts[0]` are the first text's, and so on."""

    hashes: U64
    is_figure: Mask
    counts: Indices


def words_of(texts: pl.Series) -> Iterator[Words]:
    """Words of the texts, chunk by chunk, in order; a null text has none.

    A word is a run of letters and digits without case. What parts words doesn't matter, so LaTeX with and without
    its backslashes is one; a comma or point between two digits belongs to the number. Equal words give equal numbers
    on every machine. A figure is a number of six digits or more, written with a comma, that isn't rounded to tens.
    """
    kept = texts.fill_null("").str.head(MAX_TEXT_CHARACTERS)
    array: Any = kept.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets_buffer, bytes_buffer = array.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    content = np.frombuffer(bytes_buffer, np.uint8) if offsets[-1] else np.zeros(0, np.uint8)
    for first, last in _chunks(offsets):
        bounds = offsets[first : last + 1]
        yield _words_of_chunk(content[bounds[0] : bounds[-1]], bounds - bounds[0])


def is_common(words: Words) -> Mask:
    """Whether each word is one of the common ones; one in two hundred others is taken for one of them."""
    common: Mask = _common_table()[words.hashes >> np.uint64(64 - _COMMON_BITS)]
    return common


def mix(numbers: U64) -> U64:
    """Spread every bit of each number over all bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def pseudo_random(n_numbers: int, seed: int) -> U64:
    """The first numbers of the SplitMix64 sequence of a seed: the same everywhere, unlike a library's generator."""
    steps = np.arange(1, n_numbers + 1, dtype=np.uint64) * np.uint64(_SPLITMIX_STEP)
    return mix(steps + np.uint64(seed))


def _chunks(offsets: Indices) -> list[tuple[int, int]]:
    """Bounds of runs of texts of about `_CHUNK_BYTES` each."""
    n_texts = len(offsets) - 1
    cuts = np.searchsorted(offsets, np.arange(offsets[0], offsets[-1], _CHUNK_BYTES))
    bounds = np.unique(np.concatenate([[0], cuts, [n_texts]]))
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def _words_of_chunk(text: U8, bounds: Indices) -> Words:
    word_starts, word_ends = _word_bounds(text, bounds)
    return Words(
        hashes=_word_hashes(text, word_starts, word_ends),
        is_figure=_is_figure(text, word_starts, word_ends),
        counts=np.diff(np.searchsorted(word_starts, bounds)),
    )


def _word_bounds(text: U8, bounds: Indices) -> tuple[Indices, Indices]:
    """First byte of each word and the byte after its last; no word reaches over the bounds of a text."""
    is_bound = np.zeros(len(text) + 1, np.bool_)
    is_bound[bounds] = True
    in_word = _is_letter(text, is_bound)
    parted_before = is_bound.copy()
    parted_before[1:] |= ~in_word
    parted_after = is_bound
    parted_after[:-1] |= ~in_word
    return np.flatnonzero(in_word & parted_before[:-1]), np.flatnonzero(in_word & parted_after[1:]) + 1


def _is_letter(text: U8, is_bound: Mask) -> Mask:
    """Whether each byte belongs to a word: ASCII letters and digits, and all beyond ASCII that is no punctuation."""
    letters = _in_range(text | _CASE_BIT, "a", "z") | _in_range(text, "0", "9") | (text >= _ASCII_END)
    for first, second, length in (_UTF8_PUNCTUATION, _UTF8_NO_BREAK_SPACE):
        places = np.flatnonzero(text[: 1 - length] == first)
        places = places[text[places + 1] == second]
        for step in range(length):
            letters[places + step] = False
    letters[_inside_numbers(text, is_bound)] = True
    return letters


def _inside_numbers(text: U8, is_bound: Mask) -> Indices:
    """Places of the commas and points between two digits of one text."""
    places = np.flatnonzero((text == ord(",")) | (text == ord(".")))
    places = places[~is_bound[places] & ~is_bound[places + 1]]
    return places[_in_range(text[places - 1], "0", "9") & _in_range(text[places + 1], "0", "9")]


def _in_range(text: U8, first: str, last: str) -> Mask:
    """Whether each byte lies between two ASCII characters, both included."""
    in_range: Mask = (text - np.uint8(ord(first))) <= np.uint8(ord(last) - ord(first))
    return in_range


def _is_figure(text: U8, word_starts: Indices, word_ends: Indices) -> Mask:
    long = np.flatnonzero(word_ends - word_starts >= _FIGURE_BYTES)
    last = word_ends[long] - 1
    figures = np.zeros(len(word_starts), np.bool_)
    figures[long] = (text[last - 3] == ord(",")) & _in_range(text[last], "1", "9")
    return figures


def _word_hashes(text: U8, word_starts: Indices, word_ends: Indices) -> U64:
    """Polynomial hash of each word's folded bytes, from sums of all bytes up to its start and its end.

    The hash of bytes b_0 ... b_n is the sum of b_i * base^i modulo 2^32.
    """
    powers, inverse_powers = _powers()
    folded = text | (_in_range(text, "A", "Z") * _CASE_BIT)
    sums = np.zeros(len(text) + 1, np.uint32)
    np.cumsum(folded * powers[: len(text)], out=sums[1:])
    return mix(((sums[word_ends] - sums[word_starts]) * inverse_powers[word_starts]).astype(np.uint64))


@cache
def _powers() -> tuple[U32, U32]:
    """Powers of the base of word hashes, and of its inverse, modulo 2^32, for each place in a chunk."""
    return _powers_of(_WORD_BASE), _powers_of(pow(_WORD_BASE, -1, 1 << 32))


def _powers_of(base: int) -> U32:
    factors = np.full(_MAX_CHUNK_BYTES, base, np.uint32)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint32)


@cache
def _common_table() -> Mask:
    listed = pl.read_csv((files(__package__) / _COMMON_WORDS).read_bytes(), schema={"word": pl.String()})
    table = np.zeros(1 << _COMMON_BITS, np.bool_)
    for words in words_of(listed["word"]):
        table[words.hashes >> np.uint64(64 - _COMMON_BITS)] = True
    return table
