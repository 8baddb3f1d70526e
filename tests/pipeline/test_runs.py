"""Runs over a landing zone that changes: incremental, deterministic, and safe when something fails."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from lit_pipeline.dedup.match import match
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import list_snapshots, published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from tests.pipeline.conftest import SAMPLE, Run

PAGE = "\n\n".join(
    [
        "Daily Papers",
        "TinyNet: A Small Model for Big Questions",
        "We introduce TinyNet, a small model that answers big questions and reaches 71.5% accuracy on MMLU.",
        "BigNet: A Big Model for Small Questions",
        "We present BigNet, a large language model, and compare it with GPT-4o on GSM8K, where it is close behind it.",
    ]
)
NEW_PAGE = "\n\n".join(
    [
        "Daily Papers",
        "Weather by Ear: Forecasting Rain from Street Noise",
        "Microphones on lamp posts hear rain before radar sees it. We train wav2vec 2.0 on a year of such recordings.",
        "Patient Planners: When Agents Should Wait",
        "Acting at once is not always best. On WebArena, agents that may wait solve 12.5% more tasks than others.",
    ]
)
STABLE_TABLES = sorted(set(PUBLISHED) - {"pipeline_runs"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    return Settings(raw=raw, warehouse=tmp_path / "warehouse")


def tables(settings: Settings) -> dict[str, pl.DataFrame]:
    return {name: published_frame(Warehouse(settings.warehouse), name) for name in STABLE_TABLES}


def metadata(result: dg.ExecuteInProcessResult, asset: str, name: str) -> object:
    events = result.asset_materializations_for_node(asset)
    return events[0].metadata[name].value


def test_a_second_run_reads_nothing_and_changes_no_table(run: Run, settings: Settings) -> None:
    assert run(settings).success
    before = tables(settings)
    again = run(settings)
    assert metadata(again, "read_landing_zone", "files_read_now") == 0
    assert metadata(again, "spans", "papers_tagged_now") == 0
    assert metadata(again, "results", "papers_read_now") == 0
    after = tables(settings)
    assert [name for name in STABLE_TABLES if not before[name].equals(after[name])] == []


def test_a_new_file_costs_its_own_size(run: Run, settings: Settings) -> None:
    run(settings)
    (settings.raw / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
    result = run(settings)
    assert metadata(result, "read_landing_zone", "files_read_now") == 1
    assert metadata(result, "spans", "papers_tagged_now") == 2
    assert len(tables(settings)["papers"]) == 4


def test_a_removed_file_takes_its_papers_along(run: Run, settings: Settings) -> None:
    (settings.raw / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
    run(settings)
    (settings.raw / "new.txt").unlink()
    run(settings)
    assert len(tables(settings)["papers"]) == 2


def test_names_of_files_decide_nothing(run: Run, settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, settings.raw, dirs_exist_ok=True)
    run(settings)
    renamed = tmp_path / "renamed"
    for number, path in enumerate(sorted(path for path in settings.raw.rglob("*") if path.is_file())):
        target = renamed / f"{99 - number:03d}{path.suffix}"
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(path, target)
    other = Settings(raw=renamed, warehouse=tmp_path / "other")
    run(other)
    for name in ("papers", "entities", "mentions", "results", "leaderboard", "model_monthly"):
        one, two = (tables(of)[name].drop("first_source_file", strict=False) for of in (settings, other))
        assert one.equals(two), name


def test_a_failing_check_keeps_the_old_database(run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(settings)
    (settings.raw / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
    monkeypatch.setattr("lit_pipeline.defs.checks.faults", lambda *_: {"title|nullability": 1})
    result = run(settings)
    assert not result.success
    assert len(list_snapshots(Warehouse(settings.warehouse))) == 1
    assert len(tables(settings)["papers"]) == 2


def test_a_reader_stays_on_its_snapshot_across_a_run(run: Run, settings: Settings) -> None:
    run(settings)
    database = Warehouse(settings.warehouse).database
    with connect(database.resolve(), read_only=True) as reader:
        reader.execute("begin transaction")
        (settings.raw / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
        assert run(settings).success
        assert reader.execute("select count(*) from papers").fetchall() == [(2,)]
    with connect(database.resolve(), read_only=True) as reader:
        assert reader.execute("select count(*) from papers").fetchall() == [(4,)]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"\x00\x01\x02" * 50, "binary"), (b"   \n\n", "empty")]
)
def test_a_bad_file_is_set_aside_and_costs_nothing_else(
    run: Run, settings: Settings, content: bytes, reason: str
) -> None:
    (settings.raw / "bad.txt").write_bytes(content)
    assert run(settings).success
    rejected = tables(settings)["rejected_files"]
    assert rejected.select("source_file", "reason").rows() == [("bad.txt", reason)]
    assert len(tables(settings)["papers"]) == 2


@pytest.mark.parametrize("missing", [True, False])
def test_a_landing_zone_without_files_fails_with_one_clear_line(run: Run, settings: Settings, missing: bool) -> None:
    shutil.rmtree(settings.raw)
    if not missing:
        settings.raw.mkdir()
    result = run(settings)
    assert not result.success
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert len(failures) == 1
    assert failures[0].user_failure_data is not None
    assert str(settings.raw) in (failures[0].user_failure_data.description or "")


def outcome(result: dg.ExecuteInProcessResult, check: str) -> tuple[bool, dg.AssetCheckSeverity]:
    found = next(found for found in result.get_asset_check_evaluations() if found.check_name == check)
    return found.passed, found.severity


def test_files_that_repeat_papers_are_published_with_a_warning(run: Run, settings: Settings) -> None:
    run(settings)
    (settings.raw / "again.txt").write_text(PAGE + "\n", encoding="utf-8")
    result = run(settings)
    assert result.success
    assert outcome(result, "no_jump_in_merged_records") == (False, dg.AssetCheckSeverity.WARN)
    assert metadata(result, "record_matches", "share_merged") == 0.5


def test_a_matcher_that_suddenly_merges_more_blocks_publishing(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(settings)

    def merge_all(signed: pl.LazyFrame) -> pl.DataFrame:
        matches = match(signed)
        return matches.with_columns(survivor_id=pl.col("record_id").min(), matched_by=pl.lit("title"))

    monkeypatch.setattr("lit_pipeline.defs.assets.dedup.match", merge_all)
    result = run(settings)
    assert not result.success
    assert outcome(result, "no_jump_in_merged_records") == (False, dg.AssetCheckSeverity.ERROR)
    assert len(tables(settings)["papers"]) == 2
