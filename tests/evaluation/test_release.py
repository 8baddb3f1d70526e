"""Scores held to floors and to those of the version before."""

import json
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.evaluation.extraction import evaluate_extraction
from lit_pipeline.evaluation.release import (
    NAME_MEASURES,
    RELEASE_SCORES,
    RELEASED,
    RESULT_MEASURES,
    Released,
    held_to_release,
    release_scores,
)
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(autouse=True)
def released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lit_pipeline.evaluation.release.RELEASED", {"model": Released(f1=0.90, low=0.85)})


def scores(f1: float) -> pl.DataFrame:
    return pl.DataFrame([("model", f1, f1 - 0.05, f1 + 0.05, 100)], schema=RELEASE_SCORES, orient="row")


NOTHING = pl.DataFrame(schema=RELEASE_SCORES)


def fault(f1: float, before: pl.DataFrame) -> str | None:
    found: str | None = held_to_release(scores(f1), before)["fault"].item()
    return found


def test_a_score_at_its_floor_is_good_enough() -> None:
    assert fault(0.85, NOTHING) is None


def test_a_score_below_its_floor_is_a_fault() -> None:
    assert fault(0.849, NOTHING) == "below the floor"


def test_a_fall_by_more_than_the_margin_is_a_fault_even_above_the_floor() -> None:
    assert fault(0.93, scores(0.99)) == "fell by more than the margin"


def test_a_fall_within_the_margin_is_none() -> None:
    assert fault(0.93, scores(0.97)) is None


def test_a_rise_is_none() -> None:
    assert fault(0.97, scores(0.90)) is None


def test_the_table_shows_what_a_score_was_held_to() -> None:
    row = held_to_release(scores(0.88), scores(0.89)).row(0, named=True)
    assert (row["floor"], row["before"], row["margin"]) == (0.85, 0.89, pytest.approx(0.05))


def test_every_score_that_counts_has_a_floor_and_a_margin() -> None:
    assert list(RELEASED) == [*NAME_MEASURES, *RESULT_MEASURES]
    assert all(0 < released.floor < released.f1 <= 1 for released in RELEASED.values())
    assert all(released.margin > 0 for released in RELEASED.values())


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_every_score_that_counts_is_read_from_a_report(tmp_path: Path, vocabulary: Vocabulary) -> None:
    paper = {
        "id": "own-1",
        "title": "Nothing new",
        "abstract": "We fine-tune BERT, which reaches 91.2% accuracy on GLUE.",
        "entities": [
            {"text": "BERT", "type": "MODEL", "canonical": "BERT"},
            {"text": "GLUE", "type": "BENCHMARK", "canonical": "GLUE"},
        ],
        "results": [
            {
                "model": "BERT",
                "benchmark": "GLUE",
                "metric": "accuracy",
                "value": "91.2",
                "unit": "%",
                "kind": "score",
                "baseline": None,
                "quote": "91.2% accuracy on GLUE",
            }
        ],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(paper) + "\n", encoding="utf-8")
    found = release_scores(evaluate_extraction(path, vocabulary, None))
    assert found.schema == RELEASE_SCORES
    assert found["measure"].to_list() == [*NAME_MEASURES, *RESULT_MEASURES]
    assert found.filter(measure="benchmark")["f1"].item() == 1.0
    assert found.filter(measure="result_value")["f1"].item() == 1.0
