"""Stable 64-bit hashes of features, and sets of them that can be searched by the million.

What belongs here: arithmetic on hashes. Which features exist is decided in `features`.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import polars as pl
import polars_hash as plh
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.tokens import Ints

Hashes = NDArray[np.uint64]

GOLDEN, FIRST_FACTOR, SECOND_FACTOR = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
"""Constants of the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""

HASHES_AT_ONCE = 1 << 15
"""Hashes that are looked up at once: what is known of them stays in the processor's cache."""

BUCKET_BITS = 18
"""A hash index has 2 to this power of buckets: about as many as there are features, so that few share one."""


def mix(hashes: Hashes, salts: Hashes) -> Hashes:
    """Hashes that depend on both arguments, by the finaliser of SplitMix64."""
    mixed = hashes ^ (salts * GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * FIRST_FACTOR
    mixed = (mixed ^ (mixed >> np.uint64(27))) * SECOND_FACTOR
    finished: Hashes = mixed ^ (mixed >> np.uint64(31))
    return finished


@cache
def salt(name: str) -> Hashes:
    """Hash of the name of a feature: an array of one, for arithmetic on arrays wraps round in silence."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    return np.array([number], np.uint64)


def string_hashes(strings: pl.Series) -> Hashes:
    """xxh3 hash of each string; a null counts as empty."""
    hashed = strings.fill_null("").alias("text").to_frame().select(plh.col("text").nchash.xxh3_64())
    return hashed.to_series().to_numpy().astype(np.uint64)


@dataclass
class FeatureBag:
    """Features of rows, gathered template by template."""

    rows: list[Ints] = field(default_factory=list)
    hashes: list[Hashes] = field(default_factory=list)

    def add(self, template: str, rows: Ints, values: Ints | Hashes | None = None) -> None:
        """Give each of `rows` the feature that the template and its value name; without values the template alone."""
        hashed = np.zeros(len(rows), np.uint64) if values is None else values.astype(np.uint64)
        self.rows.append(rows)
        self.hashes.append(mix(hashed, salt(template)))

    def pairs(self) -> tuple[Ints, Hashes]:
        """All rows and, beside them, the hashes of their features."""
        return np.concatenate(self.rows), np.concatenate(self.hashes)


class HashIndex:
    """A set of hashes and the position of each among them, sorted."""

    def __init__(self, keys: Hashes) -> None:
        """Index `keys`, which are sorted and distinct."""
        self.keys = keys
        self._shift = np.uint64(64 - BUCKET_BITS)
        counts = np.bincount((keys >> self._shift).astype(np.int64), minlength=1 << BUCKET_BITS)
        self._edges = np.append(0, np.cumsum(counts)).astype(np.int32)

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, hashes: Hashes) -> Ints:
        """Position of each hash, -1 where it is not in the set."""
        found = np.full(len(hashes), -1, np.int64)
        for start in range(0, len(hashes), HASHES_AT_ONCE):
            part = slice(start, start + HASHES_AT_ONCE)
            self._find(hashes[part], found[part])
        return found

    def _find(self, hashes: Hashes, found: Ints) -> None:
        """Write the position of each hash that is in the set into `found`."""
        bucket = (hashes >> self._shift).astype(np.int64)
        place, end = self._edges[bucket], self._edges[bucket + 1]
        at = np.flatnonzero(place < end)
        while len(at):
            here = place[at]
            hit = self.keys[here] == hashes[at]
            found[at[hit]] = here[hit]
            at = at[~hit & (here + 1 < end[at])]
            place[at] += 1
