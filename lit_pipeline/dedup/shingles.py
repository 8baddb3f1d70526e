"""Texts as sets of shingles: hashes of three words in a row.

The words of a whole batch are hashed at once over the batch's bytes, so that no row is touched by Python. How sets
are sketched belongs to `minhash`, how they are compared to `similarity`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

SHINGLE_WORDS = 3
"""Words in a shingle: two are shared by chance too often, four are lost to every small edit."""

OPENING_SHINGLES = 30
"""Shingles in a text's opening: about two sentences, which a cut-off abstract still has."""

MAX_TEXT_CHARACTERS = 20_000
"""Characters of a text that are compared; ten times a long abstract, so that a hostile file can't fill the memory."""

_CHUNK_BYTES = 1 << 20
"""Bytes hashed at once: their temporary arrays stay within the processor's cache."""

_MAX_CHUNK_BYTES = _CHUNK_BYTES + 4 * MAX_TEXT_CHARACTERS

_UTF8_PUNCTUATION = (0xE2, 0x80, 3)
"""First two bytes, and length, of dashes, curly quotes and the ellipsis (U+2000 to U+203F)."""

_UTF8_NO_BREAK_SPACE = (0xC2, 0xA0, 2)
"""Both bytes, and length, of the no-break space (U+00A0)."""

_WORD_BASE = 0x9E3779B97F4A7C15
"""Base of the polynomial that hashes a word: odd, so that it has an inverse modulo 2^64 (the golden ratio's bits)."""

_WORD_WEIGHTS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
"""One odd factor a place in the shingle, so that the order of the words counts."""

_FIRST_SPLITMIX_STEP = 0x9E3779B97F4A7C15
_ASCII_END = 128
_BYTE_VALUES = 256
_HALF_WORD = np.uint64(32)

U8: TypeAlias = npt.NDArray[np.uint8]
U32: TypeAlias = npt.NDArray[np.uint32]
U64: TypeAlias = npt.NDArray[np.uint64]
Indices: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ragged:
    """One list of numbers a text, end to end: the first `counts[0]` values are the first text's, and so on."""

    values: U32
    counts: Indices


@dataclass(frozen=True)
class Shingles:
    """Shingles of a batch of texts: of each the whole set, ascending, and those of its opening, in order."""

    whole: Ragged
    opening: Ragged


def shingle(texts: pl.Series) -> Shingles:
    """Shingles of each text; a null text, or one of fewer than three words, has none.

    Words are runs of letters and digits without case; what parts them doesn't matter, so LaTeX with and without its
    backslashes is one. Equal texts give equal numbers on every machine.
    """
    kept = texts.fill_null("").str.head(MAX_TEXT_CHARACTERS)
    array: Any = kept.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets_buffer, bytes_buffer = array.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    content = np.frombuffer(bytes_buffer, np.uint8) if offsets[-1] else np.zeros(0, np.uint8)
    chunks = [_shingle_chunk(content, offsets[first : last + 1]) for first, last in _chunks(offsets)]
    return Shingles(_concatenated([chunk.whole for chunk in chunks]), _concatenated([chunk.opening for chunk in chunks]))


def mix(numbers: U64) -> U64:
    """Spread every bit of each number over all bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def pseudo_random(n_numbers: int, seed: int) -> U64:
    """The first numbers of the SplitMix64 sequence of a seed: the same everywhere, unlike a library's generator."""
    steps = np.arange(1, n_numbers + 1, dtype=np.uint64) * np.uint64(_FIRST_SPLITMIX_STEP)
    return mix(steps + np.uint64(seed))


def starts(counts: Indices) -> Indices:
    """Place of each list's first value, given how many each has."""
    return np.cumsum(counts) - counts


def _chunks(offsets: Indices) -> list[tuple[int, int]]:
    """Bounds of runs of texts of about `_CHUNK_BYTES` each."""
    n_texts = len(offsets) - 1
    cuts = np.searchsorted(offsets, np.arange(offsets[0], offsets[-1], _CHUNK_BYTES))
    bounds = np.unique(np.concatenate([[0], cuts, [n_texts]]))
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def _concatenated(parts: list[Ragged]) -> Ragged:
    if not parts:
        return Ragged(np.zeros(0, np.uint32), np.zeros(0, np.int64))
    return Ragged(np.concatenate([part.values for part in parts]), np.concatenate([part.counts for part in parts]))


def _shingle_chunk(content: U8, offsets: Indices) -> Shingles:
    text = content[offsets[0] : offsets[-1]]
    bounds = offsets - offsets[0]
    word_starts, word_ends = _words(text, bounds)
    hashes = _word_hashes(text, word_starts, word_ends)
    words_a_text = np.diff(np.searchsorted(word_starts, bounds))
    return _shingles_of_words(hashes, words_a_text)


def _words(text: U8, bounds: Indices) -> tuple[Indices, Indices]:
    """First byte of each word and the byte after its last; no word reaches over the bounds of a text."""
    in_word = _is_letter(text)
    follows = np.zeros(len(text) + 1, np.bool_)
    follows[1:] = in_word
    follows[bounds] = False
    continues = np.zeros(len(text) + 1, np.bool_)
    continues[:-1] = in_word
    continues[bounds] = False
    return np.flatnonzero(in_word & ~follows[:-1]), np.flatnonzero(in_word & ~continues[1:]) + 1


def _is_letter(text: U8) -> Mask:
    """Whether each byte belongs to a word: ASCII letters and digits, and all beyond ASCII that is no punctuation."""
    letters: Mask = _folded_bytes()[text] != 0
    for first, second, length in (_UTF8_PUNCTUATION, _UTF8_NO_BREAK_SPACE):
        places = np.flatnonzero(text[: 1 - length] == first)
        places = places[text[places + 1] == second]
        for step in range(length):
            letters[places + step] = False
    return letters


def _word_hashes(text: U8, word_starts: Indices, word_ends: Indices) -> U64:
    """Polynomial hash of each word's folded bytes, from sums of all bytes up to its start and its end.

    The hash of bytes b_0 ... b_n is the sum of r(b_i) * base^i modulo 2^64, with a random number r for each byte.
    """
    powers, inverse_powers = _powers()
    sums = np.zeros(len(text) + 1, np.uint64)
    np.cumsum(_byte_numbers()[text] * powers[: len(text)], out=sums[1:])
    return mix((sums[word_ends] - sums[word_starts]) * inverse_powers[word_starts])


def _shingles_of_words(hashes: U64, words_a_text: Indices) -> Shingles:
    n_texts = len(words_a_text)
    text_of_word = np.repeat(np.arange(n_texts, dtype=np.uint64), words_a_text)
    n_windows = max(len(hashes) - SHINGLE_WORDS + 1, 0)
    within_text = text_of_word[:n_windows] == text_of_word[SHINGLE_WORDS - 1 :]
    weighted = np.zeros(n_windows, np.uint64)
    for place, weight in enumerate(_WORD_WEIGHTS):
        weighted += hashes[place : place + n_windows] * np.uint64(weight)
    values = mix(weighted[within_text]) >> _HALF_WORD
    texts = text_of_word[:n_windows][within_text]
    counts = np.maximum(words_a_text - SHINGLE_WORDS + 1, 0)
    return Shingles(whole=_distinct(values, texts, n_texts), opening=_opening(values, counts))


def _distinct(values: U64, texts: U64, n_texts: int) -> Ragged:
    """Distinct values of each text, ascending."""
    keys = (texts << _HALF_WORD) | values
    keys.sort()
    new = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    keys = keys[new]
    counts = np.bincount((keys >> _HALF_WORD).astype(np.int64), minlength=n_texts)
    return Ragged(keys.astype(np.uint32), counts)


def _opening(values: U64, counts: Indices) -> Ragged:
    """The first values of each text, in their order."""
    place = np.arange(len(values)) - np.repeat(starts(counts), counts)
    return Ragged(values[place < OPENING_SHINGLES].astype(np.uint32), np.minimum(counts, OPENING_SHINGLES))


@cache
def _folded_bytes() -> U8:
    """Each byte without case; zero for the ASCII that parts words."""
    folded = np.arange(_BYTE_VALUES, dtype=np.uint8)
    for byte in range(_ASCII_END):
        character = chr(byte).lower()
        folded[byte] = ord(character) if character.isalnum() else 0
    return folded


@cache
def _byte_numbers() -> U64:
    """The random number of each byte; upper and lower case share one, bytes between words have zero."""
    numbers = pseudo_random(_BYTE_VALUES, seed=_WORD_BASE) | np.uint64(1)
    numbers[0] = 0
    return numbers[_folded_bytes()]


@cache
def _powers() -> tuple[U64, U64]:
    """Powers of the base of word hashes, and of its inverse, modulo 2^64, for each place in a chunk."""
    return _powers_of(_WORD_BASE), _powers_of(pow(_WORD_BASE, -1, 1 << 64))


def _powers_of(base: int) -> U64:
    factors = np.full(_MAX_CHUNK_BYTES, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)
