"""Which of overlapping spans stay."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lit_pipeline.extraction.spans import without_overlaps

SPAN = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 8), st.integers(0, 5))


def frame(*spans: tuple[int, int, int, int]) -> pl.DataFrame:
    """Spans of (row, start, length, worth)."""
    schema = {"row": pl.Int64, "start": pl.Int64, "length": pl.Int64, "worth": pl.Int64}
    return pl.DataFrame(spans, schema=schema, orient="row").with_columns(end=pl.col("start") + pl.col("length"))


def kept(*spans: tuple[int, int, int, int]) -> list[tuple[int, int, int]]:
    return without_overlaps(frame(*spans), "row", -pl.col("worth")).select("row", "start", "end").rows()


def test_the_worthiest_of_overlapping_spans_stays() -> None:
    assert kept((0, 0, 5, 1), (0, 3, 5, 2)) == [(0, 3, 8)]


def test_spans_at_both_ends_of_a_dropped_one_stay() -> None:
    assert kept((0, 0, 4, 3), (0, 3, 4, 2), (0, 6, 4, 1)) == [(0, 0, 4), (0, 6, 10)]


def test_of_equal_ones_the_leftmost_then_the_longest_stays() -> None:
    assert kept((0, 0, 3, 1), (0, 0, 5, 1), (0, 4, 3, 1)) == [(0, 0, 5)]


def test_spans_of_different_texts_never_compete() -> None:
    assert kept((0, 0, 5, 1), (1, 0, 5, 1)) == [(0, 0, 5), (1, 0, 5)]


def test_spans_that_touch_do_not_overlap() -> None:
    assert kept((0, 0, 5, 1), (0, 5, 5, 1)) == [(0, 0, 5), (0, 5, 10)]


@given(st.lists(SPAN, max_size=25))
def test_it_is_the_greedy_choice(spans: list[tuple[int, int, int, int]]) -> None:
    chosen: list[tuple[int, int, int]] = []
    for row, start, length, _ in sorted(spans, key=lambda span: (-span[3], span[0], span[1], -span[2])):
        end = start + length
        if not any(row == other[0] and start < other[2] and other[1] < end for other in chosen):
            chosen.append((row, start, end))

    assert kept(*spans) == sorted(chosen)
