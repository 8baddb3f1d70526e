"""MinHash: short sketches of sets of shingles, cut into bands that similar sets share.

Two sets of Jaccard similarity s agree in one minimum with probability s, in one band of r minima with s^r, and in at
least one of b bands with 1 - (1 - s^r)^b (Broder 1997; Leskovec et al., Mining of Massive Datasets, chapter 3).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lit_pipeline.dedup.shingles import Ragged, starts
from lit_pipeline.dedup.words import U32, mix, pseudo_random

_EMPTY = np.iinfo(np.uint32).max
_BAND_SEED = np.uint64(0xD1B54A32D192ED03)


@dataclass(frozen=True)
class Banding:
    """How sets are sketched: `n_bands` bands of `n_rows` minima each; `seed` sets the permutations."""

    n_bands: int
    n_rows: int
    seed: int

    def found(self, similarity: float) -> float:
        """Probability that two sets of this Jaccard similarity share a band."""
        return 1.0 - (1.0 - similarity**self.n_rows) ** self.n_bands


def bands(sets: Ragged, banding: Banding) -> U32:
    """Band keys of each set, shape (sets, bands); an empty set has the keys of no values, equal for all empty sets."""
    n_minima = banding.n_bands * banding.n_rows
    minima = _minima(sets, n_minima, banding.seed)
    keys = np.full((banding.n_bands, len(sets.counts)), _BAND_SEED, np.uint64)
    for row in range(banding.n_rows):
        keys = mix(keys ^ minima[row * banding.n_bands : (row + 1) * banding.n_bands])
    return np.ascontiguousarray((keys >> np.uint64(32)).astype(np.uint32).T)


def _minima(sets: Ragged, n_minima: int, seed: int) -> U32:
    """Smallest value of each set under each permutation, shape (minima, sets)."""
    minima = np.full((n_minima, len(sets.counts)), _EMPTY, np.uint32)
    filled = sets.counts > 0
    if not filled.any():
        return minima
    first = starts(sets.counts)[filled]
    permuted = np.empty_like(sets.values)
    for place, factor in enumerate(_factors(n_minima, seed)):
        np.multiply(sets.values, factor, out=permuted)
        minima[place, filled] = np.minimum.reduceat(permuted, first)
    return minima


@cache
def _factors(n_factors: int, seed: int) -> U32:
    """Odd factors: multiplication by one permutes the 32-bit numbers."""
    return (pseudo_random(n_factors, seed) >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
