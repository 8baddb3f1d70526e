"""Comparing designs of the tagger."""

import json

import polars as pl
import pytest

from lit_pipeline.extraction.tagger.ablation import MEASURES, VARIANTS, compare, comparison_table, starts


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    folder = tmp_path_factory.mktemp("gold")
    papers = [
        {
            "id": f"h{number}",
            "title": f"{model}: a network for small things",
            "abstract": f"We introduce the model {model} for speech. We test it on ImageNet.",
            "entities": [
                {"text": model, "type": "MODEL", "canonical": model},
                {"text": "ImageNet", "type": "BENCHMARK", "canonical": "ImageNet"},
            ],
            "results": [],
        }
        for number, model in enumerate(["Zorbanet", "Quillformer", "Mexion-7B", "Tarvox-2"] * 2)
    ]
    for name in ("train", "dev"):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(paper) for paper in papers), encoding="utf-8")
    return compare(folder, None, 1, lambda _step: None)


def test_every_design_is_scored_on_both_sets_of_papers(compared: pl.DataFrame) -> None:
    designs = compared.filter(pl.col("papers") == "cross-validation")["design"].to_list()
    assert designs == [variant.name for variant in VARIANTS]
    assert set(designs) < set(compared.filter(pl.col("papers") == "development")["design"])
    assert compared.select(MEASURES[:2]).min_horizontal().is_between(0, 1).all()


def test_columns_are_left_out_by_their_beginning() -> None:
    left_out = starts("rules", "known")
    assert [left_out(column) for column in ("rules: twice", "known_model", "twice")] == [True, True, False]


def test_a_table_has_a_row_a_design_and_a_dash_where_nothing_was_scored() -> None:
    scores = dict.fromkeys(MEASURES, 0.5)
    rows = [
        {"design": "a", "papers": "cross-validation"} | scores,
        {"design": "a", "papers": "development"} | scores,
        {"design": "b", "papers": "development"} | scores,
    ]
    assert comparison_table(pl.DataFrame(rows)).splitlines()[2:] == [
        "| a | 0.500 / 0.500 / 0.500 / 0.500 | 0.500 / 0.500 / 0.500 / 0.500 |",
        "| b | - | 0.500 / 0.500 / 0.500 / 0.500 |",
    ]
