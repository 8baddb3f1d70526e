import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lit_pipeline.dedup.stars import survivors

Ties = list[tuple[int, int, float]]


def stars(n_nodes: int, ties: Ties, first: frozenset[int] = frozenset()) -> list[int]:
    left, right, weight = (np.array([tie[place] for tie in ties]) for place in range(3))
    precedes = np.array([node in first for node in range(n_nodes)])
    found = survivors(precedes, left.astype(np.int64), right.astype(np.int64), weight.astype(np.float64))
    return [int(survivor) for survivor in found]


def test_nodes_without_ties_survive() -> None:
    assert stars(3, []) == [0, 1, 2]


def test_members_join_the_node_amid_them() -> None:
    assert stars(3, [(0, 1, 0.9), (1, 2, 0.9)]) == [1, 1, 1]


def test_a_chain_is_split_where_the_ends_do_not_meet() -> None:
    assert stars(4, [(0, 1, 0.9), (1, 2, 0.9), (2, 3, 0.9)]) == [1, 1, 1, 3]


def test_a_member_joins_the_survivor_it_is_tied_to_most_strongly() -> None:
    assert stars(3, [(0, 2, 0.6), (1, 2, 0.8)], first=frozenset({0, 1})) == [0, 1, 1]


def test_nodes_that_precede_survive_before_all_others() -> None:
    assert stars(3, [(0, 2, 0.5), (0, 1, 0.9)], first=frozenset({2})) == [2, 1, 2]


@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda tie: tie[0] < tie[1])))
def test_every_member_is_tied_to_its_survivor(tied: set[tuple[int, int]]) -> None:
    found = stars(12, [(left, right, 0.5) for left, right in sorted(tied)])
    for node, survivor in enumerate(found):
        assert found[survivor] == survivor
        assert node == survivor or (min(node, survivor), max(node, survivor)) in tied


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda tie: tie[0] < tie[1]), min_size=1))
def test_survivors_are_not_tied_to_each_other(tied: set[tuple[int, int]]) -> None:
    found = stars(10, [(left, right, 0.5) for left, right in sorted(tied)])
    alive = {node for node, survivor in enumerate(found) if node == survivor}
    assert not [tie for tie in tied if set(tie) <= alive]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_ties_makes_no_difference(seed: int) -> None:
    ties = [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.7), (0, 4, 0.6), (3, 4, 0.9)]
    shuffled = [ties[place] for place in np.random.default_rng(seed).permutation(len(ties))]
    assert stars(5, shuffled) == stars(5, ties)
