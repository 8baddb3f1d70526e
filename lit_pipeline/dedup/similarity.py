"""Exact overlap of pairs of sets, such as shingles. Which pairs are compared is decided in `match`."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import polars as pl

from lit_pipeline.dedup.words import Indices

_PAIRS_AT_ONCE = 1 << 12
"""Pairs a task compares."""


def n_shared(sets: pl.Series, left: Indices, right: Indices) -> Indices:
    """Number of values that the sets of each pair share.

    Args:
        sets: one list of distinct numbers a record.
        left: row of the first record of each pair.
        right: row of the second.
    """
    whole = sets.rechunk()
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        parts = list(threads.map(partial(_n_shared, whole), _batches(left), _batches(right)))
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _batches(rows: Indices) -> list[Indices]:
    return [rows[first : first + _PAIRS_AT_ONCE] for first in range(0, len(rows), _PAIRS_AT_ONCE)]


def _n_shared(sets: pl.Series, left: Indices, right: Indices) -> Indices:
    shared = sets.gather(left).list.set_intersection(sets.gather(right))
    return shared.list.len().cast(pl.Int64).to_numpy()
