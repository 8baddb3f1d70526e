"""The extraction stage as it ships, against labels that nothing was trained on."""

from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.evaluation.extraction import ExtractionReport, evaluate_extraction
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import load_vocabulary

FLOORS = {"model": 0.85, "benchmark": 0.85, "method_strict": 0.72, "dataset_strict": 0.60}
RESULT_FLOORS = {"value": 0.80, "value_benchmark": 0.65}


@pytest.fixture(scope="module")
def report(shared: Path) -> ExtractionReport:
    return evaluate_extraction(shared / "gold" / "dev.jsonl", load_vocabulary(), load_tagger())


def f1(scores: pl.DataFrame, measure: str) -> float:
    return float(scores.filter(pl.col("measure") == measure, pl.col("score") == "f1")["estimate"].item())


@pytest.mark.parametrize(("measure", "floor"), FLOORS.items())
def test_names_are_found_as_well_as_promised(report: ExtractionReport, measure: str, floor: float) -> None:
    assert f1(report.entities.filter(source="all"), measure) >= floor


@pytest.mark.parametrize(("measure", "floor"), RESULT_FLOORS.items())
def test_results_are_found_as_well_as_promised(report: ExtractionReport, measure: str, floor: float) -> None:
    assert f1(report.results, measure) >= floor
