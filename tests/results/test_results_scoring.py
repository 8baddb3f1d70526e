"""How results are scored against labels, and what the shipped weights reach."""

from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import load_gold
from lit_pipeline.evaluation.results import GOLD_RESULTS, gold_results, score_results
from lit_pipeline.extraction.results import extract_results, train_results
from lit_pipeline.extraction.results.labels import labelled_mentions
from lit_pipeline.tables.entities import Results
from lit_pipeline.tables.schema import polars_schema

MENTIONS = pl.DataFrame(
    {
        "paper_id": ["p1", "p1", "p2"],
        "entity_id": ["benchmark:mmlu", "benchmark:mmlu", "model:foo"],
        "surface": ["MMLU", "Massive Multitask", "Foo-Net"],
    }
)
PAPERS = pl.Series(["p1", "p2", "p3"])


def gold(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(GOLD_RESULTS) | row for row in rows], GOLD_RESULTS)


def found(*rows: dict[str, object]) -> pl.DataFrame:
    schema = polars_schema(Results)
    blank = dict.fromkeys(schema) | {"kind": "score", "quote": "", "start": 0, "end": 1, "confidence": 1.0}
    return pl.DataFrame([blank | row for row in rows], schema)


def estimates(told: pl.DataFrame, predicted: pl.DataFrame) -> dict[tuple[str, str], float]:
    scores = score_results(told, predicted, MENTIONS, PAPERS)
    return {(row["measure"], row["score"]): row["estimate"] for row in scores.to_dicts()}


def test_values_are_compared_within_a_paper() -> None:
    told = gold({"paper_id": "p1", "value": 5.0}, {"paper_id": "p2", "value": 7.0})
    scores = estimates(told, found({"paper_id": "p1", "value": 5.0}, {"paper_id": "p3", "value": 7.0}))
    assert scores["value", "precision"] == 0.5
    assert scores["value", "recall"] == 0.5


def test_a_value_told_twice_counts_once() -> None:
    told = gold({"paper_id": "p1", "value": 5.0}, {"paper_id": "p1", "value": 5.0})
    assert estimates(told, found({"paper_id": "p1", "value": 5.0}))["value", "f1"] == 1.0


@pytest.mark.parametrize("surface", ["MMLU", "mmlu", "massive-multitask"])
def test_a_benchmark_agrees_under_any_of_its_surfaces(surface: str) -> None:
    told = gold({"paper_id": "p1", "value": 5.0, "benchmark": surface})
    predicted = found({"paper_id": "p1", "value": 5.0, "benchmark_id": "benchmark:mmlu"})
    assert estimates(told, predicted)["value_benchmark", "f1"] == 1.0


@pytest.mark.parametrize(
    ("stated", "predicted"), [("MMLU", None), (None, "benchmark:mmlu"), ("GSM8K", "benchmark:mmlu")]
)
def test_a_wrong_or_missing_benchmark_is_an_error_of_the_pair_only(stated: str | None, predicted: str | None) -> None:
    told = gold({"paper_id": "p1", "value": 5.0, "benchmark": stated})
    scores = estimates(told, found({"paper_id": "p1", "value": 5.0, "benchmark_id": predicted}))
    assert scores["value", "f1"] == 1.0
    assert scores["value_benchmark", "f1"] == 0.0


def test_no_benchmark_on_either_side_is_agreement() -> None:
    told = gold({"paper_id": "p1", "value": 5.0})
    assert estimates(told, found({"paper_id": "p1", "value": 5.0}))["value_benchmark", "f1"] == 1.0


def test_fields_are_compared_among_matched_values() -> None:
    told = gold({"paper_id": "p2", "value": 5.0, "kind": "gain", "unit": "%", "metric": "F1 score", "model": "FooNet"})
    row = {"paper_id": "p2", "value": 5.0, "kind": "gain", "unit": "x", "metric": "F1-score", "model_id": "model:foo"}
    scores = estimates(told, found(row))
    assert [scores[name, "accuracy"] for name in ("kind", "unit", "metric", "model")] == [1.0, 0.0, 1.0, 1.0]


def test_intervals_hold_the_estimate_and_are_the_same_every_time() -> None:
    told = gold({"paper_id": "p1", "value": 5.0}, {"paper_id": "p2", "value": 5.0}, {"paper_id": "p3", "value": 5.0})
    predicted = found({"paper_id": "p1", "value": 5.0}, {"paper_id": "p2", "value": 6.0})
    first = score_results(told, predicted, MENTIONS, PAPERS)
    assert first.equals(score_results(told, predicted, MENTIONS, PAPERS), null_equal=True)
    value = first.filter(measure="value", score="recall").row(0, named=True)
    assert value["low"] <= value["estimate"] <= value["high"]


def test_labels_are_read_with_their_numbers_and_repaired() -> None:
    result = {
        "model": None, "benchmark": "MMLU", "metric": None, "value": "1,234.5", "unit": "%", "kind": "score",
        "baseline": "1/2", "quote": "1,234.5\\%",
    }  # fmt: skip
    read = gold_results(pl.DataFrame({"id": ["p1", "p2"], "results": [[result], []]}), repair_text)
    assert read.select("paper_id", "value", "baseline", "quote").rows() == [("p1", 1234.5, None, "1,234.5%")]


def test_names_in_labels_are_found_as_whole_words() -> None:
    texts = pl.DataFrame({"paper_id": ["p"], "title": ["BERT"], "abstract": ["RoBERTa, BERT-base and BERT."]})
    names = pl.DataFrame({"paper_id": "p", "surface": ["BERT", "BERT-base"], "type": "model", "name": "BERT"})
    places = labelled_mentions(texts, names).select("field", "surface", "start").rows()
    assert places == [("abstract", "BERT-base", 9), ("abstract", "BERT", 23), ("title", "BERT", 0)]


def test_weights_learnt_on_half_of_the_labels_find_results_in_the_other(shared: Path) -> None:
    pytest.importorskip("sklearn")
    labels = load_gold(shared / "gold" / "train.jsonl", repair_text)
    labelled = gold_results(pl.read_ndjson(shared / "gold" / "train.jsonl", infer_schema_length=None), repair_text)
    marked = labelled_mentions(labels.texts, labels.entities)
    half = len(labels.texts) // 2
    learning, held_out = labels.texts.head(half), labels.texts.tail(-half)
    model = train_results(learning, *(_of(learning, frame) for frame in (marked, labelled)))
    results = extract_results(held_out, _of(held_out, marked), model)
    scores = score_results(labelled, results, marked, held_out["paper_id"]).filter(score="f1")
    reached = dict(scores.select("measure", "estimate").iter_rows())
    assert reached["value"] >= 0.85
    assert reached["value_benchmark"] >= 0.72


def test_the_shipped_weights_reach_the_targets_on_labels_they_never_saw(shared: Path) -> None:
    labels = load_gold(shared / "gold" / "dev.jsonl", repair_text)
    labelled = gold_results(pl.read_ndjson(shared / "gold" / "dev.jsonl", infer_schema_length=None), repair_text)
    marked = labelled_mentions(labels.texts, labels.entities)
    results = extract_results(labels.texts, marked)
    scores = score_results(labelled, results, marked, labels.texts["paper_id"]).filter(score="f1")
    reached = dict(scores.select("measure", "estimate").iter_rows())
    assert reached["value"] >= 0.80
    assert reached["value_benchmark"] >= 0.65


def _of(texts: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of the given papers."""
    return frame.filter(pl.col("paper_id").is_in(texts["paper_id"].implode()))
