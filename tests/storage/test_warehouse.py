"""One run at a time writes to a warehouse."""

import os
import shutil
from pathlib import Path

import pytest

from lit_pipeline.storage.warehouse import Warehouse, WarehouseError


def test_a_second_run_is_told_that_the_warehouse_is_held(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse.lock(timeout_seconds=0), pytest.raises(WarehouseError, match="another run holds"):
        Warehouse(tmp_path).lock(timeout_seconds=0).__enter__()


def test_the_warehouse_is_free_after_a_run(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with warehouse.lock(timeout_seconds=0):
        pass
    with warehouse.lock(timeout_seconds=0):
        assert warehouse.snapshots.is_dir()


def test_what_a_killed_run_left_unfinished_is_removed_by_the_next(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    warehouse.prepare()
    leftovers = [
        warehouse.root / ".lit.duckdb.part-01",
        warehouse.stages / ".papers.parquet.part-01",
        warehouse.snapshots / ".part-20250101T000000000000Z" / "lit.duckdb",
        warehouse.segments / "tagged" / ".part-new" / "spans-000000.parquet",
    ]
    for leftover in leftovers:
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.touch()
    with warehouse.lock(timeout_seconds=0):
        assert list(warehouse.root.rglob(".*part-*")) == []


def test_a_run_that_was_killed_is_known_to_the_next(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    warehouse.prepare()
    with warehouse.held_by("run-1"):
        shutil.copytree(tmp_path, tmp_path / "as-it-was-when-killed")
    killed = Warehouse(tmp_path / "as-it-was-when-killed")
    assert killed.ended_runs() == ["run-1"]
    killed.forget_run("run-1")
    assert not killed.is_noted()


def test_a_run_that_has_just_left_may_still_tell_dagster_so(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    warehouse.prepare()
    with warehouse.held_by("run-1"):
        pass
    assert warehouse.ended_runs() == []
    os.utime(tmp_path / ".leaver", (1, 1))
    assert warehouse.ended_runs() == ["run-1"]


def test_a_warehouse_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WarehouseError, match="file/warehouse can't be written to"):
        Warehouse(tmp_path / "file" / "warehouse").prepare()
