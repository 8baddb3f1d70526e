"""The labelled sample that ships: every label stands in its text and follows the guidelines for labels."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import load_gold
from lit_pipeline.evaluation.release import SAMPLE
from lit_pipeline.evaluation.results import gold_results

TYPES = {"MODEL", "METHOD", "BENCHMARK", "DATASET"}
UNITS = {"%", "x", "points", None}
KINDS = {"score", "gain", "speedup", "reduction"}
PAPERS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]

Labelled = list[tuple[dict[str, Any], dict[str, Any]]]


@pytest.fixture
def entities() -> Labelled:
    return [(paper, entity) for paper in PAPERS for entity in paper["entities"]]


@pytest.fixture
def results() -> Labelled:
    return [(paper, result) for paper in PAPERS for result in paper["results"]]


def test_every_paper_has_an_id_of_its_own() -> None:
    assert len({paper["id"] for paper in PAPERS}) == len(PAPERS) >= 120


def test_every_name_stands_in_its_paper(entities: Labelled) -> None:
    loose = [e["text"] for paper, e in entities if e["text"] not in f"{paper['title']}\n{paper['abstract']}"]
    assert loose == []


def test_every_name_is_of_one_of_four_types_and_listed_once_a_paper(entities: Labelled) -> None:
    assert {entity["type"] for _, entity in entities} == TYPES
    keys = [(paper["id"], entity["text"], entity["type"]) for paper, entity in entities]
    assert len(keys) == len(set(keys))


def test_names_have_no_article_and_a_canonical_name(entities: Labelled) -> None:
    for _, entity in entities:
        assert entity["canonical"].strip() == entity["canonical"] != ""
        assert entity["text"].strip() == entity["text"]
        assert not entity["text"].lower().startswith(("the ", "a ", "an "))


def test_every_quote_stands_in_its_abstract_and_holds_the_value(results: Labelled) -> None:
    for paper, result in results:
        assert result["quote"] in paper["abstract"]
        assert result["value"] in result["quote"]
        assert result["baseline"] is None or result["baseline"] in paper["abstract"]


def test_results_are_numbers_of_known_units_and_kinds(results: Labelled) -> None:
    for _, result in results:
        assert float(result["value"]) >= 0
        assert result["unit"] in UNITS
        assert result["kind"] in KINDS


def test_results_belong_to_names_of_their_paper(results: Labelled) -> None:
    for paper, result in results:
        systems = {e["text"] for e in paper["entities"] if e["type"] in {"MODEL", "METHOD"}}
        data = {e["text"] for e in paper["entities"] if e["type"] in {"BENCHMARK", "DATASET"}}
        assert result["model"] in {*systems, None}
        assert result["benchmark"] in {*data, None}
        assert (result["metric"] or "").lower() in paper["abstract"].lower()


def test_labels_are_still_found_in_the_repaired_texts() -> None:
    gold = load_gold(SAMPLE, repair_text)
    read = gold.entities.join(gold.texts, on="paper_id")
    stands = pl.col("title").str.contains(pl.col("surface"), literal=True) | pl.col("abstract").str.contains(
        pl.col("surface"), literal=True
    )
    assert read.filter(~stands)["surface"].to_list() == []


def test_the_quotes_are_still_found_in_the_repaired_texts() -> None:
    gold = load_gold(SAMPLE, repair_text)
    told = gold_results(pl.read_ndjson(SAMPLE, infer_schema_length=None), repair_text).join(gold.texts, on="paper_id")
    assert told.filter(~pl.col("abstract").str.contains(pl.col("quote"), literal=True))["quote"].to_list() == []


def test_the_sample_has_papers_without_names_and_without_results() -> None:
    assert sum(not paper["entities"] for paper in PAPERS) >= 10
    assert sum(not paper["results"] for paper in PAPERS) >= 20


def test_no_text_is_that_of_a_real_paper_at_hand(shared: Path) -> None:
    real = pl.concat(
        pl.read_ndjson(shared / name, infer_schema_length=None).select("title")
        for name in ("gold/train.jsonl", "gold/dev.jsonl", "unlabelled/abstracts.jsonl")
    )
    assert not set(real["title"]) & {paper["title"] for paper in PAPERS}
