import numpy as np
import polars as pl
import pytest

from lit_pipeline.dedup.candidates import NEIGHBOURS, pairs_sharing_a_key, unique_pairs
from lit_pipeline.dedup.minhash import Banding, bands
from lit_pipeline.dedup.shingles import Ragged
from lit_pipeline.dedup.similarity import n_shared


def ragged(*sets: list[int]) -> Ragged:
    return Ragged(
        np.array([value for values in sets for value in values], np.uint32),
        np.array([len(values) for values in sets], np.int64),
    )


def pairs(keys: list[int], rows: list[int]) -> list[tuple[int, int]]:
    found = unique_pairs([pairs_sharing_a_key(np.array(keys, np.uint32), np.array(rows, np.int64))])
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_equal_sets_share_every_band_whatever_their_order() -> None:
    keys = bands(ragged([1, 2, 3], [3, 1, 2], [7, 8, 9]), Banding(n_bands=8, n_rows=2, seed=1))
    assert (keys[0] == keys[1]).all()
    assert not (keys[0] == keys[2]).any()


@pytest.mark.parametrize("similarity", [0.2, 0.5, 0.8])
def test_bands_are_shared_as_often_as_the_formula_says(similarity: float) -> None:
    banding = Banding(n_bands=8, n_rows=2, seed=3)
    random = np.random.default_rng(5)
    n_pairs, n_values = 2_000, 90
    n_common = round(2 * n_values * similarity / (1 + similarity))
    drawn = random.integers(0, 2**32, (n_pairs, 2 * n_values - n_common), dtype=np.uint32)
    left, right = drawn[:, :n_values], drawn[:, n_values - n_common :]
    counts = np.full(n_pairs, n_values)
    shared = bands(Ragged(left.ravel(), counts), banding) == bands(Ragged(right.ravel(), counts), banding)
    true_similarity = n_common / (2 * n_values - n_common)
    assert shared.any(axis=1).mean() == pytest.approx(banding.found(true_similarity), abs=0.03)


def test_an_empty_set_is_sketched_too() -> None:
    assert bands(ragged([], [4, 5], []), Banding(n_bands=3, n_rows=2, seed=1)).shape == (3, 3)


def test_rows_that_share_a_key_are_paired() -> None:
    assert pairs([5, 6, 5, 7, 6, 5], [0, 1, 2, 3, 4, 5]) == [(0, 2), (0, 5), (1, 4), (2, 5)]


def test_a_row_is_never_paired_with_itself() -> None:
    assert pairs([5, 5, 5], [0, 0, 1]) == [(0, 1)]


def test_pairs_grow_with_a_bucket_and_not_with_its_square() -> None:
    n_rows = 1_000
    found = pairs([9] * n_rows, list(range(n_rows)))
    assert len(found) <= n_rows * (NEIGHBOURS + 1)
    assert {right for _, right in found} == set(range(1, n_rows))


def test_no_key_gives_no_pair() -> None:
    assert pairs([], []) == []


def test_shared_values_are_counted_exactly() -> None:
    sets = pl.Series([[1, 2, 3], [2, 3, 4], [], [9]], dtype=pl.List(pl.UInt32))
    assert n_shared(sets, np.array([0, 0, 1]), np.array([1, 2, 1])).tolist() == [2, 0, 3]
