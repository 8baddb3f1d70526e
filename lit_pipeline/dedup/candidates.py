"""Candidate pairs: records that share a key are worth comparing. Whether they match is decided in `match`."""

import numpy as np
import polars as pl

from lit_pipeline.dedup.words import U32, Indices

NEIGHBOURS = 8
"""Later records of its bucket that each record is paired with. Buckets of up to nine are paired throughout; in a
bigger one, such as records that share a stock phrase, pairs grow with its size, not with the square."""

_HALF_WORD = np.uint64(32)


def pairs_sharing_a_key(keys: U32, rows: Indices) -> tuple[Indices, Indices]:
    """Pairs of rows that share a key: each with its next neighbours and with the first of its bucket.

    Args:
        keys: key of each entry.
        rows: row of each entry, from 0; a row may stand under several keys.

    Returns:
        The lower and the higher row of each pair; a pair may stand twice, and a row beside itself.
    """
    entries = pl.Series((keys.astype(np.uint64) << _HALF_WORD) | rows.astype(np.uint64)).sort().to_numpy()
    bucket = (entries >> _HALF_WORD).astype(np.uint32)
    shared = np.zeros(len(entries), np.bool_)
    shared[1:] = bucket[1:] == bucket[:-1]
    shared[:-1] |= shared[1:]
    return _pairs_of_sorted(bucket[shared], entries[shared].astype(np.uint32))


def unique_pairs(pairs: list[tuple[Indices, Indices]]) -> tuple[Indices, Indices]:
    """All pairs of two rows in the parts, each once, ascending."""
    keys = [(left.astype(np.uint64) << _HALF_WORD) | right.astype(np.uint64) for left, right in pairs]
    distinct = pl.Series(np.concatenate(keys)).unique().sort().to_numpy()
    lower, higher = (distinct >> _HALF_WORD).astype(np.int64), distinct.astype(np.uint32).astype(np.int64)
    return lower[lower != higher], higher[lower != higher]


def _pairs_of_sorted(bucket: U32, rows: U32) -> tuple[Indices, Indices]:
    pairs = [_pairs_at_distance(bucket, rows, distance) for distance in range(1, NEIGHBOURS + 1)]
    pairs.append(_pairs_with_first(bucket, rows))
    lower, higher = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return lower, higher


def _pairs_at_distance(bucket: U32, rows: U32, distance: int) -> tuple[Indices, Indices]:
    together = bucket[distance:] == bucket[:-distance]
    return rows[:-distance][together].astype(np.int64), rows[distance:][together].astype(np.int64)


def _pairs_with_first(bucket: U32, rows: U32) -> tuple[Indices, Indices]:
    opens = np.ones(len(bucket), np.bool_)
    opens[1:] = bucket[1:] != bucket[:-1]
    first = np.flatnonzero(opens)[np.cumsum(opens) - 1] if len(bucket) else np.zeros(0, np.int64)
    return rows[first].astype(np.int64), rows.astype(np.int64)
