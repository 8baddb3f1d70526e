"""Look-ups over a whole batch at once: neighbours, hashes, spans, the networks' evidence."""

import numpy as np
import polars as pl
import pytest
from scipy.special import softmax

from lit_pipeline.extraction.tagger.candidates import distinct
from lit_pipeline.extraction.tagger.hashing import HASHES_AT_ONCE, HashIndex, string_hashes
from lit_pipeline.extraction.tagger.matches import KnownNames
from lit_pipeline.extraction.tagger.network import ROWS_AT_ONCE, Networks
from lit_pipeline.extraction.tagger.opinions import token_at
from lit_pipeline.extraction.tagger.reading import ABSENT, beside, read
from lit_pipeline.extraction.texts import code_point_offsets

FIRST = np.array([0, 3, 4])
VALUES = np.array([10, 11, 12, 20, 30, 31])
"""Rows of three tokens, of one and of two."""


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (1, [11, 12, -1, -1, 31, -1]),
        (-1, [-1, 10, 11, -1, -1, 30]),
        (2, [12, -1, -1, -1, -1, -1]),
        (-4, [-1] * 6),
        (9, [-1] * 6),
    ],
)
def test_a_neighbour_stands_in_the_same_row(step: int, wanted: list[int]) -> None:
    assert beside(FIRST, VALUES, step, np.int64(-1)).tolist() == wanted


def test_no_token_has_no_neighbour() -> None:
    assert beside(FIRST[:0], VALUES[:0], 1, np.int64(-1)).tolist() == []


def test_hashes_are_found_in_every_part() -> None:
    n_hashes = HASHES_AT_ONCE + 10
    hashes = string_hashes(pl.Series(range(n_hashes)).cast(pl.String))
    kept = np.sort(hashes[::3])
    found = HashIndex(kept).find(hashes)
    assert (found[::3] >= 0).all()
    assert (kept[found[::3]] == hashes[::3]).all()
    assert (np.delete(found, np.arange(0, n_hashes, 3)) == ABSENT).all()


def test_spans_are_distinct_and_sorted() -> None:
    first, last = distinct(np.array([5, 2, 5, 2]), np.array([7, 9, 6, 9]))
    assert (first.tolist(), last.tolist()) == ([2, 5, 5], [9, 6, 7])


def test_a_token_is_found_by_its_edge_in_its_row() -> None:
    reading = read(pl.Series(["A dog", "Dog"]), pl.Series([None, "A"]))
    row, offset = np.array([0, 0, 2, 2, 3]), np.array([2, 1, 0, 2, 0])
    assert token_at(reading, reading.tokens.start, row, offset).tolist() == [1, ABSENT, 2, ABSENT, 3]


def test_offsets_of_texts_with_and_without_wide_characters() -> None:
    texts = pl.Series(["plain", "é-ViT", "plain too", "ñandú é"])
    rows, bytes_ = np.array([3, 0, 1, 2, 3]), np.array([8, 4, 3, 6, 0])
    assert code_point_offsets(texts, rows, bytes_).tolist() == [6, 4, 2, 6, 0]


def test_a_long_name_is_found_though_its_beginning_is_no_name() -> None:
    terms = pl.DataFrame({"surface": ["Tiny Red Fox"], "type": ["model"], "ambiguous": [False]})
    reading = read(pl.Series(["A Tiny Red Fox and a Tiny Red"]), pl.Series([None], dtype=pl.String))
    found = KnownNames(terms).find(reading)
    assert (found.first.tolist(), found.size.tolist(), found.exact.tolist()) == ([1], [3], [1])


def test_networks_judge_rare_evidence_as_any_other() -> None:
    generator = np.random.default_rng(1)
    evidence = generator.normal(size=(ROWS_AT_ONCE + 5, 6)).astype(np.float32)
    evidence[:, 3:] *= generator.random((len(evidence), 3)) < 0.05
    shapes = ((6,), (2, 6, 4), (2, 4), (2, 4, 5), (2, 5))
    mean, hidden, hidden_bias, output, output_bias = (
        generator.normal(size=shape).astype(np.float32) for shape in shapes
    )
    networks = Networks(mean, np.ones(6, np.float32), hidden, hidden_bias, output, output_bias)
    inputs = np.clip(evidence - mean, -4, 4).astype(np.float64)
    layers = zip(hidden, hidden_bias, output, output_bias, strict=True)
    each = [softmax(np.maximum(inputs @ h + hb, 0) @ o + ob, axis=1) for h, hb, o, ob in layers]
    assert np.abs(networks.probabilities(evidence) - np.mean(each, axis=0)).max() < 1e-12
