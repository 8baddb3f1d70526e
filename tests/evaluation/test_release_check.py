"""The check in a run: what it blocks, what it remembers, what it shows."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from lit_pipeline.evaluation.extraction import evaluate_extraction
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary, vocabulary_of
from lit_pipeline.extraction.vocabulary_files import ROWS
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import empty_frame
from tests.pipeline.conftest import Run

PAGE = "\n\n".join(
    [
        "Daily Papers",
        "Lamps and Ladders: Where Household Robots Fall",
        "Robots fall from ladders. We let GPT-4o plan their steps and measure 61.5% success on ALFRED.",
    ]
)
NEW_PAGE = "\n\n".join(
    [
        "Daily Papers",
        "Owls at Noon: Cameras That Never Blink",
        "Most wildlife cameras sleep by day. With YOLOv8 on a solar board they stay awake and count 412 owls.",
    ]
)


class Mute:
    """A tagger that sees nothing."""

    version = "0" * 16

    def tag(self, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:  # noqa: ARG002
        return empty_frame(Spans)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    return Settings(raw=raw, warehouse=tmp_path / "warehouse")


def check(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    found = [found for found in result.get_asset_check_evaluations() if found.check_name == "scores_on_labelled_sample"]
    assert len(found) == 1
    return found[0]


def published(settings: Settings) -> dict[str, pl.DataFrame]:
    return {name: published_frame(Warehouse(settings.warehouse), name) for name in ("papers", "pipeline_runs")}


def no_names(_folder: Path | None) -> Vocabulary:
    return vocabulary_of(pl.DataFrame(schema=ROWS))


def one_more_name(_folder: Path | None) -> Vocabulary:
    known = load_vocabulary()
    row = known.terms.head(1).with_columns(surface=pl.lit("Zwickelnet"), folded=pl.lit("zwickelnet"))
    return Vocabulary(pl.concat([known.terms, row]), known.entities, known.conflicts, "another version")


BROKEN: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a tagger that tags nothing": lambda patch: patch.setattr("lit_pipeline.defs.resources.load_tagger", Mute),
    "a vocabulary without names": lambda patch: patch.setattr("lit_pipeline.defs.resources.load_vocabulary", no_names),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_extractor_is_not_published(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    assert run(settings).success
    before = published(settings)
    (settings.raw / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
    BROKEN[fault](monkeypatch)
    result = run(settings)
    assert not result.success
    assert not check(result).passed
    after = published(settings)
    assert all(before[name].equals(after[name]) for name in before)
    monkeypatch.undo()
    assert run(settings).success
    assert len(published(settings)["papers"]) == 2


def test_an_unchanged_version_is_scored_once_and_a_changed_one_anew(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored = []

    def counted(*arguments: object) -> object:
        scored.append(arguments)
        return evaluate_extraction(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("lit_pipeline.stages.scoring.evaluate_extraction", counted)
    first, again = run(settings), run(settings)
    assert len(scored) == 1
    assert check(first).metadata["scored_now"].value == 1
    assert check(again).metadata["scored_now"].value == 0
    assert check(first).metadata["f1_model"] == check(again).metadata["f1_model"]
    monkeypatch.setattr("lit_pipeline.defs.resources.load_vocabulary", one_more_name)
    assert run(settings).success
    assert len(scored) == 2
    monkeypatch.setattr("lit_pipeline.stages.scoring.package_version", lambda: "another linker")
    assert run(settings).success
    assert len(scored) == 3


def test_a_fall_against_the_published_version_blocks_even_above_the_floors(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(settings).success
    monkeypatch.setattr("lit_pipeline.evaluation.release.Released.floor", 0.0)
    BROKEN["a tagger that tags nothing"](monkeypatch)
    result = run(settings)
    assert not result.success
    assert "fell by more than the margin" in str(check(result).metadata["scores"].value)
    assert "below the floor" not in str(check(result).metadata["scores"].value)


def test_the_check_shows_every_score_and_the_commonest_errors(run: Run, settings: Settings) -> None:
    shown = check(run(settings))
    assert shown.passed
    assert shown.blocking
    numbers = {name for name in shown.metadata if name.startswith("f1_")}
    assert numbers == {
        *("f1_model", "f1_benchmark", "f1_method", "f1_dataset", "f1_canonical"),
        *("f1_result_value", "f1_result_value_benchmark"),
    }
    assert all(0 < float(str(shown.metadata[name].value)) <= 1 for name in numbers)
    assert str(shown.metadata["commonest_errors"].value).startswith("| error | key | type | predicted_type |")
