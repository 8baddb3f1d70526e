"""Texts as sets of numbers: shingles of three words in a row, distinctive words, exact figures.

How words become numbers belongs to `words`, how sets are sketched to `minhash`, how they are compared to `similarity`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from lit_pipeline.dedup.words import U32, U64, Indices, Mask, Words, is_common, mix, words_of

SHINGLE_WORDS = 3
"""Words in a shingle: two are shared by chance too often, four are lost to every small edit."""

OPENING_SHINGLES = 30
"""Shingles in a text's opening: about two sentences, which a cut-off abstract still has."""

_WORD_WEIGHTS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
"""One odd factor a place in the shingle, so that the order of the words counts."""


@dataclass(frozen=True)
class Ragged:
    """One list of numbers a text, end to end: the first `counts[0]` values are the first text's, and so on."""

    values: U32
    counts: Indices

    def to_series(self) -> pl.Series:
        """The lists as a series of type List(UInt32)."""
        offsets = np.concatenate([[0], np.cumsum(self.counts)])
        return pl.Series(pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(self.values)))


@dataclass(frozen=True)
class TextSets:
    """What is kept of a batch of texts: sets of each, in the order their values first stand in the text."""

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
    shingles = _distinct(_shingles(words))
    return TextSets(
        shingles=shingles,
        opening=_opening(shingles),
        distinctive=_distinct(_kept_words(words, ~is_common(words))),
        figures=_distinct(_kept_words(words, words.is_figure)),
    )


def _shingles(words: Words) -> Ragged:
    """Hash of each run of words within one text, in order."""
    n_runs = max(len(words.hashes) - SHINGLE_WORDS + 1, 0)
    weighted = np.zeros(n_runs, np.uint64)
    for place, weight in enumerate(_WORD_WEIGHTS):
        weighted += words.hashes[place : place + n_runs] * np.uint64(weight)
    text_of_word = np.repeat(np.arange(len(words.counts)), words.counts)
    within_text = text_of_word[:n_runs] == text_of_word[SHINGLE_WORDS - 1 :]
    return Ragged(_upper_half(mix(weighted[within_text])), np.maximum(words.counts - SHINGLE_WORDS + 1, 0))


def _kept_words(words: Words, kept: Mask) -> Ragged:
    n_kept = np.concatenate([[0], np.cumsum(kept)])
    last = np.cumsum(words.counts)
    return Ragged(_upper_half(words.hashes[kept]), n_kept[last] - n_kept[last - words.counts])


def _upper_half(hashes: U64) -> U32:
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _distinct(lists: Ragged) -> Ragged:
    """Distinct values of each list, in the order they first stand in."""
    distinct = lists.to_series().list.unique(maintain_order=True)
    return Ragged(distinct.explode(empty_as_null=False).to_numpy(), distinct.list.len().cast(pl.Int64).to_numpy())


def _opening(lists: Ragged) -> Ragged:
    """The first values of each list, in their order."""
    place = np.arange(len(lists.values)) - np.repeat(starts(lists.counts), lists.counts)
    return Ragged(lists.values[place < OPENING_SHINGLES], np.minimum(lists.counts, OPENING_SHINGLES))
