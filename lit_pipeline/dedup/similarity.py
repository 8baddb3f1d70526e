"""Exact similarity of pairs of shingle sets. Which pairs are compared belongs to `candidates`."""

import numpy as np
import polars as pl

from lit_pipeline.dedup.words import Indices

_PAIRS_AT_ONCE = 1 << 15
"""Pairs compared at once, so that their shingles take some tens of megabytes."""

_HALF_WORD = np.uint64(32)


def shared_shingles(shingles: pl.Series, left: Indices, right: Indices) -> Indices:
    """Number of shingles that each pair shares.

    Args:
        shingles: one list of distinct 32-bit shingles a record.
        left: row of the first record of each pair.
        right: row of the second.
    """
    parts = [
        _shared(shingles, left[first : first + _PAIRS_AT_ONCE], right[first : first + _PAIRS_AT_ONCE])
        for first in range(0, len(left), _PAIRS_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _shared(shingles: pl.Series, left: Indices, right: Indices) -> Indices:
    """Shingles of both records of a pair, sorted together: one that stands twice in a row is shared."""
    keys = np.concatenate([_keyed(shingles, left), _keyed(shingles, right)])
    keys.sort()
    twice = keys[1:][keys[1:] == keys[:-1]]
    return np.bincount((twice >> _HALF_WORD).astype(np.int64), minlength=len(left))


def _keyed(shingles: pl.Series, rows: Indices) -> np.ndarray:
    """Shingles of the rows, each with the number of its pair in the upper half."""
    lists = shingles.gather(rows)
    pairs = np.repeat(np.arange(len(rows), dtype=np.uint64), lists.list.len().to_numpy())
    return (pairs << _HALF_WORD) | lists.explode(empty_as_null=False).to_numpy()
