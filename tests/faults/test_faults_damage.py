"""Files that were damaged between two runs: computed again where that can be, never taken for what they were."""

import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.publish.snapshot import list_snapshots
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import QUIET, digests, n_runs, read_by_people, run_here

Damage = Callable[[Path], None]


def flip_a_bit(path: Path) -> None:
    """Damage the middle of a file, its size and time unchanged."""
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.unlink()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip_a_bit, Path.unlink])
def test_damaged_segments_are_computed_again(
    settings: Settings, clean: dict[str, str], caplog: pytest.LogCaptureFixture, damage: Damage
) -> None:
    stores = list(Warehouse(settings.warehouse).segments.iterdir())
    damaged = [next(store.glob("*/*-000000.parquet")) for store in stores]
    for path in damaged:
        damage(path)
    assert run_here(settings).success
    assert digests(settings) == clean
    assert [path for path in damaged if f"{path.parent} was damaged" not in caplog.text] == []


def test_damaged_stages_cost_a_full_run_nothing(settings: Settings, clean: dict[str, str]) -> None:
    for stage in Warehouse(settings.warehouse).stages.glob("*.parquet"):
        flip_a_bit(stage)
    assert run_here(settings).success
    assert digests(settings) == clean


@pytest.mark.parametrize("damage", [flip_a_bit, cut, Path.unlink])
def test_an_asset_alone_names_the_damaged_file_of_an_earlier_stage(
    settings: Settings, published: Settings, damage: Damage
) -> None:
    damage(Warehouse(settings.warehouse).stage("papers"))
    with dg.DagsterInstance.ephemeral() as instance:
        result = (
            build_defs(settings)
            .resolve_job_def("refresh")
            .execute_in_process(
                instance=instance,
                run_config=QUIET,
                raise_on_error=False,
                asset_selection=[dg.AssetKey("published_database")],
            )
        )
    failure = next(event.step_failure_data for event in result.all_events if event.is_step_failure)
    assert failure.error is not None
    told = failure.error.to_string()
    assert "papers.parquet" in told
    assert "Materialise 'papers' first" in told
    assert digests(settings) == digests(published)


@pytest.mark.parametrize("damaged", ["lit.duckdb", "*"])
def test_a_damaged_snapshot_gives_way_to_a_whole_one(settings: Settings, clean: dict[str, str], damaged: str) -> None:
    assert run_here(settings).success
    for path in Warehouse(settings.warehouse).database.resolve().parent.glob(damaged):
        cut(path)
    assert run_here(settings).success
    assert digests(settings) == clean
    assert read_by_people(settings)
    assert n_runs(settings) == (3 if damaged == "lit.duckdb" else 2), "what older snapshots tell of runs is kept"
    assert list_snapshots(Warehouse(settings.warehouse))[-1] == Warehouse(settings.warehouse).database.resolve().parent
