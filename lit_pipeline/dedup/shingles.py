"""Texts as sets of numbers: shingles of three words in a row, distinctive words, exact figures.

How words become numbers belongs to `words`, how sets are sketched to `minhash`, how they are compared to `similarity`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from lit_pipeline.dedup.words import U32, U64, Indices, Mask, Words, is_common, mix, words_of

SHINGLE_WORDS = 3
"""Words in a shingle: two are shared by chance too often, four are lost to every small edit."""

OPENING_SHINGLES = 30
"""Shingles in a text's opening: about two sentences, which a cut-off abstract still has."""

_WORD_WEIGHTS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
"""One odd factor a place in the shingle, so that the order of the words counts."""

_HALF_WORD = np.uint64(32)


@dataclass(frozen=True)
class Ragged:
    """One list of numbers a text, end to end: the first `counts[0]` values are the first text's, and so on."""

    values: U32
    counts: Indices


@dataclass(frozen=True)
class TextSets:
    """What is kept of a batch of texts: of each the sets below, ascending, and the shingles of its opening, in order."""

    shingles: Ragged
    opening: Ragged
    distinctive: Ragged
    figures: Ragged


def text_sets(texts: pl.Series) -> TextSets:
    """Sets of each text; a null text has empty ones, and one of fewer than three words has no shingles.

    Distinctive words are those that are not among the common words of abstracts: names, terms, numbers.
    """
    chunks = [_sets_of_words(words) for words in words_of(texts)]
    return TextSets(
        shingles=_concatenated([chunk.shingles for chunk in chunks]),
        opening=_concatenated([chunk.opening for chunk in chunks]),
        distinctive=_concatenated([chunk.distinctive for chunk in chunks]),
        figures=_concatenated([chunk.figures for chunk in chunks]),
    )


def starts(counts: Indices) -> Indices:
    """Place of each list's first value, given how many each has."""
    return np.cumsum(counts) - counts


def _concatenated(parts: list[Ragged]) -> Ragged:
    if not parts:
        return Ragged(np.zeros(0, np.uint32), np.zeros(0, np.int64))
    return Ragged(np.concatenate([part.values for part in parts]), np.concatenate([part.counts for part in parts]))


def _sets_of_words(words: Words) -> TextSets:
    text_of_word = np.repeat(np.arange(len(words.counts), dtype=np.uint64), words.counts)
    values, texts = _shingles(words.hashes, text_of_word)
    n_texts = len(words.counts)
    return TextSets(
        shingles=_distinct(values, texts, n_texts),
        opening=_opening(values, np.maximum(words.counts - SHINGLE_WORDS + 1, 0)),
        distinctive=_distinct_words(words, ~is_common(words), text_of_word),
        figures=_distinct_words(words, words.is_figure, text_of_word),
    )


def _shingles(hashes: U64, text_of_word: U64) -> tuple[U64, U64]:
    """Hash of each run of words within one text, below 2^32, and the text; in order."""
    n_runs = max(len(hashes) - SHINGLE_WORDS + 1, 0)
    weighted = np.zeros(n_runs, np.uint64)
    for place, weight in enumerate(_WORD_WEIGHTS):
        weighted += hashes[place : place + n_runs] * np.uint64(weight)
    within_text = text_of_word[:n_runs] == text_of_word[SHINGLE_WORDS - 1 :]
    return mix(weighted[within_text]) >> _HALF_WORD, text_of_word[:n_runs][within_text]


def _distinct_words(words: Words, kept: Mask, text_of_word: U64) -> Ragged:
    return _distinct(words.hashes[kept] >> _HALF_WORD, text_of_word[kept], len(words.counts))


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
