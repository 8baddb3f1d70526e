"""Exact overlap of pairs of sets, such as shingles. Which pairs are compared belongs to `candidates`."""

import numpy as np
import polars as pl

from lit_pipeline.dedup.words import U64, Indices

_PAIRS_AT_ONCE = 1 << 15
"""Pairs compared at once, so that their values take some tens of megabytes."""

_HALF_WORD = np.uint64(32)


def n_shared(lists: pl.Series, left: Indices, right: Indices) -> Indices:
    """Number of values that the lists of each pair share.

    Args:
        lists: one list of distinct 32-bit numbers a record.
        left: row of the first record of each pair.
        right: row of the second.
    """
    parts = [
        _n_shared(lists, left[first : first + _PAIRS_AT_ONCE], right[first : first + _PAIRS_AT_ONCE])
        for first in range(0, len(left), _PAIRS_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _n_shared(lists: pl.Series, left: Indices, right: Indices) -> Indices:
    """Values of both lists of each pair are sorted together: one that stands twice in a row is shared."""
    keys = np.concatenate([_keyed(lists, left), _keyed(lists, right)])
    keys.sort()
    twice = keys[1:][keys[1:] == keys[:-1]]
    return np.bincount((twice >> _HALF_WORD).astype(np.int64), minlength=len(left))


def _keyed(lists: pl.Series, rows: Indices) -> U64:
    """Values of the rows' lists, each with the number of its pair in the upper half."""
    gathered = lists.gather(rows)
    pairs = np.repeat(np.arange(len(rows), dtype=np.uint64), gathered.list.len().to_numpy())
    return (pairs << _HALF_WORD) | gathered.explode(empty_as_null=False).to_numpy()
