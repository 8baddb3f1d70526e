"""Scores of names against labels."""

import json
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.evaluation.entities import Gold, commonest_errors, load_gold, score_entities

PAPERS = [
    {
        "id": "a1",
        "title": "QuuxNet",
        "abstract": "Text.",
        "entities": [
            {"text": "QuuxNet", "type": "MODEL", "canonical": "QuuxNet"},
            {"text": "Llama-3 (8B)", "type": "MODEL", "canonical": "Llama 3"},
            {"text": "Foo", "type": "METHOD", "canonical": "Foo"},
            {"text": "ImageNet", "type": "BENCHMARK", "canonical": "ImageNet"},
        ],
        "results": [],
    },
    {"id": "s2", "title": "Nothing", "abstract": None, "entities": [], "results": []},
]


@pytest.fixture
def gold(tmp_path: Path) -> Gold:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS))
    return load_gold(path)


def predicted(*names: tuple[str, str, str, str]) -> pl.DataFrame:
    schema = {"paper_id": pl.String, "surface": pl.String, "type": pl.String, "name": pl.String}
    return pl.DataFrame(names, schema=schema, orient="row")


def score(gold: Gold, found: pl.DataFrame, measure: str, kind: str, source: str = "all") -> float:
    table = score_entities(gold, found)
    row = table.filter((pl.col("measure") == measure) & (pl.col("score") == kind) & (pl.col("source") == source))
    return float(row["estimate"].item())


def test_labels_are_read_with_their_papers(gold: Gold) -> None:
    assert gold.texts["source"].to_list() == ["arxiv", "listing_pages"]
    assert gold.entities.filter(pl.col("type") == "model")["name"].to_list() == ["QuuxNet", "Llama 3"]


def test_labels_go_through_the_repair_of_the_texts(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(PAPERS[0]) + "\n")
    loaded = load_gold(path, lambda text: text.str.replace("Quux", "Corge"))

    assert loaded.entities["surface"][0] == loaded.texts["title"][0] == "CorgeNet"


def test_surfaces_match_on_letters_and_digits(gold: Gold) -> None:
    found = predicted(("a1", "llama 3 8b", "model", "Llama 3"))

    assert score(gold, found, "model", "precision") == 1
    assert score(gold, found, "model", "recall") == 0.5


def test_a_surface_counts_once_a_paper(gold: Gold) -> None:
    found = predicted(*[("a1", "QuuxNet", "model", "QuuxNet")] * 3, ("a1", "Wrong", "model", "Wrong"))

    assert score(gold, found, "model", "precision") == 0.5


def test_a_method_predicted_as_a_model_counts_neither_way(gold: Gold) -> None:
    found = predicted(("a1", "QuuxNet", "model", "QuuxNet"), ("a1", "Foo", "model", "Foo"))

    assert score(gold, found, "model", "precision") == 1
    assert score(gold, found, "model_strict", "precision") == 0.5


def test_canonical_names_are_scored_apart_from_surfaces(gold: Gold) -> None:
    found = predicted(("a1", "Llama-3 (8B)", "model", "Llama 2"), ("a1", "QuuxNet", "model", "QuuxNet"))

    assert score(gold, found, "model", "f1") == 1
    assert score(gold, found, "model_name", "f1") == 0.5


def test_each_source_is_scored(gold: Gold) -> None:
    found = predicted(("a1", "ImageNet", "benchmark", "ImageNet"), ("s2", "Spurious", "benchmark", "Spurious"))

    assert score(gold, found, "benchmark", "precision", "arxiv") == 1
    assert score(gold, found, "benchmark", "precision", "listing_pages") == 0


def test_a_perfect_prediction_has_a_closed_interval(gold: Gold) -> None:
    table = score_entities(gold, gold.entities).filter((pl.col("measure") == "model") & (pl.col("source") == "all"))

    assert table.select("estimate", "low", "high", "n").rows() == [(1.0, 1.0, 1.0, 2)] * 3


def test_scores_are_the_same_every_time(gold: Gold) -> None:
    found = predicted(("a1", "QuuxNet", "model", "QuuxNet"))

    assert score_entities(gold, found).equals(score_entities(gold, found))


def test_errors_are_told_by_kind(gold: Gold) -> None:
    found = predicted(
        ("a1", "Foo", "model", "Foo"), ("a1", "QuuxNet", "model", "QuuxNet"), ("a1", "Bar", "model", "Bar")
    )
    errors = commonest_errors(gold, found).select("error", "key", "type", "predicted_type").rows()

    assert errors == [
        ("missed", "imagenet", "benchmark", None),
        ("missed", "llama38b", "model", None),
        ("spurious", "bar", "model", "model"),
        ("wrong_type", "foo", "method", "model"),
    ]
