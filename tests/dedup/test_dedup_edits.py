"""The matcher merges edited copies of papers and keeps look-alikes of a series apart."""

from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.evaluation.edits import OTHER_PAPER, SAME_PAPER, evaluate_edits

LEAST_MERGED = {
    "other title, cut to 30% of words": 0.98,
    "other title, 10% of words replaced": 0.95,
    "other title, one sentence replaced": 0.98,
    "other title, two sentences replaced": 0.85,
    "other name before the same rest, cut to 30%": 0.98,
    "revision under another subtitle": 0.9,
}
"""Share merged of copies that no longer hold the whole abstract; all others are merged."""

MOST_MERGED = {"-RL behind the name or title, same abstract": 0.02}
"""Share merged of other papers where it isn't none: a title that ends in a question has no name for the mark."""


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, float]:
    texts = pl.read_ndjson(shared / "unlabelled" / "abstracts.jsonl", n_rows=2_000).select("title", "abstract")
    return dict(evaluate_edits(texts.drop_nulls()).select("edit", "share").iter_rows())


@pytest.mark.parametrize("edit", sorted(SAME_PAPER))
def test_edited_copies_are_merged(scores: dict[str, float], edit: str) -> None:
    assert scores[edit] >= LEAST_MERGED.get(edit, 0.999)


@pytest.mark.parametrize("edit", sorted(OTHER_PAPER))
def test_look_alikes_are_kept_apart(scores: dict[str, float], edit: str) -> None:
    assert scores[edit] <= MOST_MERGED.get(edit, 0.002)


def test_the_order_of_papers_makes_no_difference() -> None:
    words = ["amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "haven"]
    papers = pl.DataFrame(
        {
            "title": [f"{word.title()}Net: Mapping the {word} of unseen valleys" for word in words],
            "abstract": [
                " ".join(f"{word}{number % 37} {other}" for number in range(60))
                for word, other in zip(words, reversed(words), strict=True)
            ],
        }
    )
    assert evaluate_edits(papers).equals(evaluate_edits(papers.reverse()))
