import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lit_pipeline.dedup.shingles import OPENING_SHINGLES, Ragged, TextSets, text_sets
from lit_pipeline.dedup.words import MAX_TEXT_CHARACTERS, words_of


def sets_of(*texts: str | None) -> TextSets:
    return text_sets(pl.Series(texts, dtype=pl.String))


def lists(ragged: Ragged) -> list[list[int]]:
    values: list[list[int]] = ragged.to_series().to_list()
    return values


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Three plain words", "three, PLAIN (words)"),
        (r"a $\mu$ value", "a mu value"),
        ("the model’s own – score", "the model's own - score"),
        ("no\u00a0break at all", "no break at all"),
        ("hard\nwrapped  lines here", "hard wrapped lines here"),
    ],
)
def test_what_parts_words_makes_no_difference(text: str, same: str) -> None:
    shingles = lists(sets_of(text, same).shingles)
    assert shingles[0] == shingles[1] != []


@pytest.mark.parametrize(
    ("text", "other"),
    [("one two three", "three two one"), ("gains of 61.3 points", "gains of 61 3 points"), ("a naïve b", "a naive b")],
)
def test_order_numbers_and_letters_make_a_difference(text: str, other: str) -> None:
    shingles = lists(sets_of(text, other).shingles)
    assert shingles[0] != shingles[1]


def test_a_text_of_n_words_has_two_fewer_shingles() -> None:
    assert sets_of("a b c d e", "a b", "", None).shingles.counts.tolist() == [3, 0, 0, 0]


def test_a_repeated_run_counts_once() -> None:
    assert sets_of("to be or to be or to be or").shingles.counts.tolist() == [3]


def test_the_opening_is_the_first_shingles() -> None:
    text = " ".join(f"w{number}" for number in range(100))
    sets = sets_of(text, "a b c d")
    assert sets.opening.counts.tolist() == [OPENING_SHINGLES, 2]
    assert lists(sets.opening)[0] == lists(sets.shingles)[0][:OPENING_SHINGLES]


def test_distinctive_words_leave_out_the_common_ones() -> None:
    with_name, without = lists(sets_of("we propose the Zyxlantern model", "we propose the model").distinctive)
    assert (len(with_name), without) == (1, [])


def test_a_figure_is_an_exact_number_of_six_digits() -> None:
    sets = sets_of("over 170,982 photographs", "over 1,024 photographs", "over 100,000 photographs", "over 170982")
    assert sets.figures.counts.tolist() == [1, 0, 0, 0]


def test_words_keep_their_numbers_in_every_version() -> None:
    (words,) = words_of(pl.Series(["Shingle"]))
    assert words.hashes.tolist() == [11861162027892632929]


def test_a_text_too_long_to_compare_is_cut() -> None:
    (words,) = words_of(pl.Series(["ab " * MAX_TEXT_CHARACTERS]))
    assert words.counts.tolist() == [np.ceil(MAX_TEXT_CHARACTERS / 3)]


@given(st.lists(st.text(max_size=60) | st.none(), max_size=6))
def test_a_text_has_the_same_sets_whatever_stands_beside_it(texts: list[str | None]) -> None:
    together = sets_of(*texts)
    alone = [sets_of(text) for text in texts]
    assert lists(together.shingles) == [lists(sets.shingles)[0] for sets in alone]
    assert lists(together.distinctive) == [lists(sets.distinctive)[0] for sets in alone]
    assert lists(together.figures) == [lists(sets.figures)[0] for sets in alone]
