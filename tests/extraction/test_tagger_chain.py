from itertools import pairwise, product

import numpy as np
import pytest

from lit_pipeline.extraction.tagger.chain import Floats, Transitions, expectation, label_marginals, pack, parts_of_texts

ROW = np.array([0, 0, 0, 1, 2, 2])
N_LABELS = 3


@pytest.fixture
def transitions() -> Transitions:
    generator = np.random.default_rng(1)
    return Transitions(generator.normal(size=N_LABELS), generator.normal(size=(N_LABELS, N_LABELS)))


@pytest.fixture
def scores() -> Floats:
    return np.random.default_rng(2).normal(size=(len(ROW), N_LABELS))


def path_score(scores: Floats, transitions: Transitions, path: tuple[int, ...]) -> float:
    steps = sum(transitions.step[a, b] for a, b in pairwise(path))
    return float(transitions.start[path[0]] + steps + sum(scores[at, label] for at, label in enumerate(path)))


def paths_of(scores: Floats, transitions: Transitions) -> dict[tuple[int, ...], float]:
    every = product(range(N_LABELS), repeat=len(scores))
    return {path: path_score(scores, transitions, path) for path in every}


def in_token_order(values: Floats) -> Floats:
    ordered = np.empty_like(values)
    ordered[pack(ROW).order] = values
    return ordered


def test_the_partition_sums_over_all_paths(scores: Floats, transitions: Transitions) -> None:
    found = expectation(scores[pack(ROW).order], transitions, pack(ROW)).log_partition
    by_hand = sum(np.log(sum(map(np.exp, paths_of(scores[row == ROW], transitions).values()))) for row in range(3))
    assert found == pytest.approx(by_hand)


def test_marginals_are_shares_of_the_paths(scores: Floats, transitions: Transitions) -> None:
    marginals = in_token_order(expectation(scores[pack(ROW).order], transitions, pack(ROW)).marginals)
    paths = paths_of(scores[:3], transitions)
    total = sum(map(np.exp, paths.values()))
    second_is_1 = sum(np.exp(score) for path, score in paths.items() if path[1] == 1) / total
    assert marginals[1, 1] == pytest.approx(second_is_1)


def test_expected_pairs_are_counted_over_all_sequences(scores: Floats, transitions: Transitions) -> None:
    expected = expectation(scores[pack(ROW).order], transitions, pack(ROW))
    assert expected.steps.sum() == pytest.approx(3)
    assert expected.starts.sum() == pytest.approx(3)


def test_packing_advances_longer_sequences_first() -> None:
    packing = pack(ROW)
    assert packing.order.tolist() == [0, 4, 3, 1, 5, 2]
    assert packing.sizes.tolist() == [3, 2, 1]


def test_marginals_of_labels_are_those_of_the_expectation(scores: Floats, transitions: Transitions) -> None:
    packed = scores[pack(ROW).order]
    expected = expectation(packed, transitions, pack(ROW)).marginals
    assert label_marginals(packed, transitions, pack(ROW)).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("size", "parts"), [(1, [(0, 3), (3, 4), (4, 6)]), (3, [(0, 3), (3, 6)]), (4, [(0, 4), (4, 6)]), (9, [(0, 6)])]
)
def test_parts_are_cut_between_texts(size: int, parts: list[tuple[int, int]]) -> None:
    assert [(part.start, part.stop) for part in parts_of_texts(ROW, size)] == parts
