"""Where the vocabulary's names stand among the tokens, and which parts of a word are names.

What belongs here: known names as sequences of tokens, compared in lower case by their hashes. The tagger takes them as
evidence to be weighed with the context.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.spans import without_overlaps
from lit_pipeline.extraction.tagger.hashing import Hashes, HashIndex, mix, salt, string_hashes
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.reading import Reading
from lit_pipeline.extraction.tagger.tokens import Ints, opens_row, tokenise

LONGEST_NAME = 7
"""Tokens of the longest name looked for; longer ones are rare."""

PARTS = range(1, LONGEST_NAME)
"""Tokens of the beginnings of longer names."""

SEQUENCE = salt("sequence")
N_TYPE_SETS = 1 << len(TYPES)


@dataclass(frozen=True)
class Matches:
    """Names found.

    first: token. size: tokens. types: bit per type. ambiguous: also a word. exact: spelled exactly so.
    """

    first: Ints
    size: Ints
    types: Ints
    ambiguous: Ints
    exact: Ints

    def only(self, keep: NDArray[np.bool_] | Ints) -> "Matches":
        """Some of the names."""
        return Matches(self.first[keep], self.size[keep], self.types[keep], self.ambiguous[keep], self.exact[keep])


class KnownNames:
    """The vocabulary's surface forms as sequences of tokens."""

    def __init__(self, terms: pl.DataFrame) -> None:
        """Index `terms`: surface, type, ambiguous."""
        spelled = _spellings(terms)
        tokens = tokenise(spelled["spelling"])
        lower = string_hashes(tokens.words.str.to_lowercase())[tokens.word]
        exact = string_hashes(tokens.words)[tokens.word]
        first = np.flatnonzero(opens_row(tokens.row))
        size = np.diff(np.append(first, len(tokens)))
        first, size = first[size <= LONGEST_NAME], size[size <= LONGEST_NAME]
        row = tokens.row[first]
        keys = sequence_hashes(lower, first, size)
        distinct, position = np.unique(keys, return_inverse=True)
        self.types = np.zeros(len(distinct), np.int64)
        np.bitwise_or.at(self.types, position, 1 << spelled["type"].to_numpy()[row])
        self.ambiguous = np.zeros(len(distinct), np.int64)
        np.bitwise_or.at(self.ambiguous, position, spelled["ambiguous"].to_numpy()[row].astype(np.int64))
        self._names = HashIndex(distinct)
        cased = spelled["cased"].to_numpy()[row]
        self._exact = HashIndex(np.unique(sequence_hashes(exact, first[cased], size[cased])))
        self._first_words = HashIndex(np.unique(lower[first]))
        longer = [first[size > part] for part in PARTS]
        begun = [sequence_hashes(lower, of, np.full_like(of, part)) for part, of in zip(PARTS, longer, strict=True)]
        self._beginnings = HashIndex(np.unique(np.concatenate(begun)))

    def find(self, reading: Reading) -> Matches:
        """The longest name at each token, without overlaps: the longest of a chain first, then the leftmost."""
        lower, word, row = reading.words.lower, reading.tokens.word, reading.tokens.row
        exact = string_hashes(reading.words.table["word"])
        start = np.flatnonzero((self._first_words.find(lower) >= 0)[word])
        found = [np.empty((3, 0), np.int64)]
        hashes = np.zeros(len(start), np.uint64)
        for size in range(1, LONGEST_NAME + 1):
            last = start + size - 1
            inside = last < len(row)
            inside[inside] = row[last[inside]] == row[start[inside]]
            start, hashes = start[inside], mix(hashes[inside] ^ lower[word[last[inside]]], SEQUENCE)
            name = self._names.find(hashes)
            hit = np.flatnonzero(name >= 0)
            found.append(np.stack([start[hit], np.full(len(hit), size), name[hit]]))
            begun = self._beginnings.find(hashes) >= 0
            start, hashes = start[begun], hashes[begun]
        start, size, name = np.concatenate(found, axis=1)
        is_exact = self._exact.find(sequence_hashes(exact[word], start, size)) >= 0
        return self._longest(start, size, name, is_exact.astype(np.int64), row)

    def _longest(self, start: Ints, size: Ints, name: Ints, exact: Ints, row: Ints) -> Matches:
        frame = pl.DataFrame(
            {"start": start, "end": start + size, "size": size, "name": name, "exact": exact, "row": row[start]}
        )
        kept = without_overlaps(frame, "row", -pl.col("size")) if len(frame) else frame
        name = kept["name"].to_numpy()
        return Matches(
            kept["start"].to_numpy(),
            kept["size"].to_numpy(),
            self.types[name],
            self.ambiguous[name],
            kept["exact"].to_numpy(),
        )

    def types_of_words(self, words: pl.Series) -> Ints:
        """Set of types of each single word (bit per type), 0 for none and for null."""
        keys = mix(string_hashes(words.str.to_lowercase()), SEQUENCE)
        name = self._names.find(keys)
        known = np.where(name >= 0, self.types[name], 0) if len(self.types) else np.zeros(len(words), np.int64)
        return np.where(words.is_null().to_numpy(), 0, known)


def sequence_hashes(words: Hashes, first: Ints, size: Ints) -> Hashes:
    """Hash of each sequence of word hashes that starts at `first` and has `size` words."""
    hashes = np.zeros(len(first), np.uint64)
    for step in range(int(size.max()) if len(size) else 0):
        longer = np.flatnonzero(size > step)
        hashes[longer] = mix(hashes[longer] ^ words[first[longer] + step], SEQUENCE)
    return hashes


def _spellings(terms: pl.DataFrame) -> pl.DataFrame:
    """Each surface form as it is and with hyphens, blanks or nothing between its parts, cased and in lower case.

    Tokens of lower-case words are cut elsewhere, hence the latter.

    Returns:
        spelling, cased, type (number), ambiguous.

    """
    surface = pl.col("surface")
    joined = [
        surface,
        surface.str.replace_all(" ", "-", literal=True),
        surface.str.replace_all("-", " ", literal=True),
        surface.str.replace_all(" ", "", literal=True),
        surface.str.replace_all("-", "", literal=True),
    ]
    spelled = [(way, True) for way in joined] + [(way.str.to_lowercase(), False) for way in joined]
    numbered = (
        pl.col("type")
        .cast(pl.String)
        .replace_strict(dict(zip(TYPES, range(len(TYPES)), strict=True)), return_dtype=pl.Int64)
    )
    return pl.concat(
        [
            terms.select(way.alias("spelling"), cased=pl.lit(cased), type=numbered, ambiguous="ambiguous")
            for way, cased in spelled
        ]
    ).unique(maintain_order=True)
