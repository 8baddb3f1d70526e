"""A landing zone that changes while it is read: what is stored of a file is what the file held."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from lit_pipeline.defs.automation import landing_zone_sensor
from lit_pipeline.ingest.landing import RawFile
from lit_pipeline.ingest.read import Batch, FileRejected, read_file
from lit_pipeline.progress import LogProgress
from lit_pipeline.settings import Settings
from lit_pipeline.stages import reading
from lit_pipeline.stages.stores import Stores
from lit_pipeline.storage.segments import KEY
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import FIRST_PAGE, SECOND_PAGE, THIRD_PAGE, write_page


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """A landing zone of one page and an empty warehouse."""
    settings = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    write_page(settings.raw, "first.txt", FIRST_PAGE)
    return settings


def read(settings: Settings) -> tuple[list[str], list[tuple[str, str]]]:
    """Titles that a run reads from the landing zone, and what it rejects with the reason."""
    warehouse = Warehouse(settings.warehouse)
    stores = Stores(warehouse)
    options = reading.ReadOptions(settings.limits, settings.captured_on, settings.batch_rows)
    found = reading.read_landing_zone(settings.raw, warehouse, stores, options, LogProgress())
    records = stores.files.scan("records", found.keys.select(KEY)).collect()
    rejected = reading.rejected_files(found, stores).select("source_file", "reason").rows()
    return sorted(records["raw_title"].unique()), rejected


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
    titles, rejected = read(fresh)
    assert titles == [
        "BigNet: A Big Model for Small Questions",
        "TinyNet: A Small Model for Big Questions",
        "Weather by Ear: Forecasting Rain from Street Noise",
    ]
    assert rejected == []


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
        titles, rejected = read(fresh)
    assert len(titles) == 2
    assert rejected == [("second.txt", "changed")]
    titles, rejected = read(fresh)
    assert len(titles) == 4
    assert rejected == []


def test_a_file_that_can_not_be_read_for_a_while_is_read_later(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> object:
        raise FileRejected("unreadable", None, "the file can't be read: Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_file", failing)
        assert read(fresh) == ([], [("first.txt", "unreadable")])
    titles, rejected = read(fresh)
    assert len(titles) == 2
    assert rejected == []


def test_a_raised_limit_reads_a_file_again(fresh: Settings) -> None:
    (fresh.raw / "long.jsonl").write_text(
        '{"id": "2501.00001", "title": "Long", "abstract": "' + "word " * 400 + '", "categories": "cs.CL"}\n',
        encoding="utf-8",
    )
    assert "Long" not in read(fresh.model_copy(update={"max_record_chars": 1000}))[0]
    assert "Long" in read(fresh)[0]


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
