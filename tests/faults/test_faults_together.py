"""What happens beside a run: another run, a reader, files that come and change."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from lit_pipeline.defs.assets import publish as publish_asset
from lit_pipeline.defs.automation import landing_zone_sensor
from lit_pipeline.ingest.landing import RawFile
from lit_pipeline.ingest.read import Batch, FileRejected, read_file
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.stages import reading
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import (
    FIRST_PAGE,
    SECOND_PAGE,
    THIRD_PAGE,
    digests,
    lit_run,
    n_runs,
    read_by_people,
    run_here,
    write_page,
)

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """A landing zone of one page and an empty warehouse."""
    settings = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    write_page(settings.raw, "first.txt", FIRST_PAGE)
    return settings


def titles(settings: Settings) -> list[str]:
    return sorted(published_frame(Warehouse(settings.warehouse), "papers")["title"])


def rejected(settings: Settings) -> list[tuple[str, str]]:
    return published_frame(Warehouse(settings.warehouse), "rejected_files").select("source_file", "reason").rows()


def test_two_runs_at_once_take_turns(settings: Settings, clean: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: lit_run(settings), range(2)))
    assert [run.returncode for run in done] == [0, 0], [run.stderr for run in done]
    assert [run for run in done if "Waiting for another run" in run.stderr] != []
    assert n_runs(settings) == 3
    assert digests(settings) == clean


def test_a_reader_with_an_open_transaction_hinders_no_run_and_sees_one_snapshot(
    settings: Settings, clean: dict[str, str]
) -> None:
    before_run = Warehouse(settings.warehouse).database.resolve()
    with connect(before_run, read_only=True) as reader:
        reader.execute("begin transaction")
        before = reader.sql("select * from paper_records order by all").pl()
        assert run_here(settings.model_copy(update={"keep_snapshots": 1})).success
        assert not before_run.exists()
        assert reader.sql("select * from paper_records order by all").pl().equals(before)
        reader.execute("commit")
    assert digests(settings) == clean


def test_a_clock_set_back_keeps_runs_in_order(
    settings: Settings, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Clock":  # noqa: ARG003
            return cls.fromtimestamp(LONG_AGO.timestamp(), UTC)

    first = Warehouse(settings.warehouse).database.resolve()
    monkeypatch.setattr(publish_asset, "datetime", Clock)
    assert run_here(settings).success
    assert Warehouse(settings.warehouse).database.resolve().parent.name > first.parent.name
    runs = read_by_people(settings)["pipeline_runs"].sort("published_at")
    assert runs["n_files"].to_list() == [1, 2]
    assert digests(settings) == clean


def test_a_file_that_changes_while_it_is_read_is_read_as_it_is_then(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is written over after half of the reading; what was read of the old one does not count."""
    path = write_page(fresh.raw, "second.txt", SECOND_PAGE)
    readings: list[str] = []

    def meddling(root: Path, file: RawFile, *arguments: Any) -> Iterator[Batch]:
        readings.append(file.source_file)
        for batch in read_file(root, file, *arguments):
            if readings.count(path.name) == 1:
                path.write_text(THIRD_PAGE, encoding="utf-8")
            yield batch

    monkeypatch.setattr(reading, "read_file", meddling)
    assert run_here(fresh).success
    assert titles(fresh) == [
        "BigNet: A Big Model for Small Questions",
        "TinyNet: A Small Model for Big Questions",
        "Weather by Ear: Forecasting Rain from Street Noise",
    ]
    assert rejected(fresh) == []


def test_a_file_that_never_stands_still_is_told_and_read_by_the_next_run(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_page(fresh.raw, "second.txt", SECOND_PAGE)

    def restless(root: Path, file: RawFile, *arguments: Any) -> Iterator[Batch]:
        if file.source_file == path.name:
            os.utime(path)
        return read_file(root, file, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_file", restless)
        assert run_here(fresh).success
    assert rejected(fresh) == [("second.txt", "changed")]
    assert run_here(fresh).success
    assert rejected(fresh) == []
    assert len(titles(fresh)) == 3


def test_a_file_that_can_not_be_read_for_a_while_is_read_later(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> object:
        raise FileRejected("unreadable", None, "the file can't be read: Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_file", failing)
        run_here(fresh)
    assert run_here(fresh).success
    assert rejected(fresh) == []
    assert len(titles(fresh)) == 2


def test_a_raised_limit_reads_a_file_again(fresh: Settings) -> None:
    (fresh.raw / "long.jsonl").write_text(
        '{"id": "2501.00001", "title": "Long", "abstract": "' + "word " * 400 + '", "categories": "cs.CL"}\n',
        encoding="utf-8",
    )
    assert run_here(fresh.model_copy(update={"max_record_chars": 1000})).success
    assert "Long" not in titles(fresh)
    assert run_here(fresh).success
    assert "Long" in titles(fresh)


def test_a_half_written_file_is_waited_for_until_it_is_still(fresh: Settings) -> None:
    def tick(cursor: str | None) -> dg.SensorResult:
        with dg.DagsterInstance.ephemeral() as instance:
            result = landing_zone_sensor(fresh)(dg.build_sensor_context(instance, cursor=cursor))
        assert isinstance(result, dg.SensorResult)
        return result

    path = write_page(fresh.raw, "half.txt", SECOND_PAGE[:100])
    os.utime(path)
    waiting = tick(None)
    assert waiting.skip_reason is not None
    assert "1 files changed" in str(waiting.skip_reason.skip_message)
    path.write_text(SECOND_PAGE, encoding="utf-8")
    assert not tick(waiting.cursor).run_requests
    still = time.time() - fresh.settle_seconds - 1
    os.utime(path, (still, still))
    assert len(tick(waiting.cursor).run_requests or []) == 1
