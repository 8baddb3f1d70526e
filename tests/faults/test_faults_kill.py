"""A run that is killed, wherever it is, costs nothing but its own work."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from signal import SIGKILL
from typing import TypeGuard

import dagster as dg
import pytest

from lit_pipeline.defs.resources import fail_dead_runs
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import copy_of, digests, interrupted_run, lit_run, n_runs, run_here, unfinished

STAGES = {
    "reading": ("lit_pipeline.stages.reading:read_file", 1),
    "cleaning": ("lit_pipeline.stages.cleaning:clean_records", 1),
    "matching": ("lit_pipeline.defs.assets.dedup:match", 1),
    "merging": ("lit_pipeline.defs.assets.dedup:merge", 1),
    "extraction": ("lit_pipeline.stages.extraction:extract_spans", 1),
    "marts": ("lit_pipeline.defs.assets.marts:conform", 3),
    "publishing": ("lit_pipeline.publish.snapshot:build_database", 1),
    "between snapshot and swap": ("lit_pipeline.publish.snapshot:swap_symlink", 1),
}
"""Where a run is killed: the call of a function, counted from 1, that it does not live to make."""

STEPS = {
    "keeping a segment": ("lit_pipeline.storage.segments:seal_folder", 2),
    "signing": ("lit_pipeline.stages.matching:signatures", 1),
    "storing a stage": ("lit_pipeline.defs.io:seal_file", 9),
    "linking": ("lit_pipeline.defs.assets.extraction:link_names", 1),
    "results": ("lit_pipeline.stages.extraction:extract_results", 1),
    "after the swap": ("lit_pipeline.publish.snapshot:remove_old_snapshots", 1),
}
"""Further steps within the stages."""

Killed = Callable[[str], Settings]


@pytest.fixture(scope="module")
def killed(
    published: Settings, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Killed]:
    """Gives, for each moment, a warehouse in which a run was killed there; as many die at a time as there are cores."""
    folder = tmp_path_factory.mktemp("killed")

    def kill(moment: str) -> Settings:
        settings = copy_of(published, folder / moment.replace(" ", "-"))
        done = interrupted_run(settings, *(STAGES | STEPS)[moment], "SIGKILL")
        assert done.returncode == -SIGKILL, (moment, done.stderr)
        return settings

    asked = [str(item.callspec.params["moment"]) for item in request.session.items if uses_a_kill(item)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        killed = {moment: pool.submit(kill, moment) for moment in asked}
        yield lambda moment: killed[moment].result()


def uses_a_kill(item: pytest.Item) -> TypeGuard[pytest.Function]:
    return isinstance(item, pytest.Function) and "killed" in item.fixturenames


@pytest.mark.parametrize("moment", [*STAGES, *(pytest.param(step, marks=pytest.mark.load) for step in STEPS)])
def test_a_killed_run_leaves_a_whole_database_and_the_next_run_ends_as_a_clean_one(
    killed: Killed, published: Settings, clean: dict[str, str], moment: str
) -> None:
    settings = killed(moment)
    is_swapped = moment == "after the swap"
    assert n_runs(settings) == (2 if is_swapped else 1)
    assert digests(settings) == (clean if is_swapped else digests(published))
    assert run_here(settings).success
    assert digests(settings) == clean
    assert unfinished(settings) == []


def test_dagster_learns_that_a_run_was_killed_from_the_sensor_and_from_the_next_run(
    settings: Settings, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted_run(settings, *STAGES["reading"], "SIGKILL")
    warehouse, killed = Warehouse(settings.warehouse), settings.warehouse.with_name("killed")
    assert statuses(warehouse, monkeypatch)[0] == dg.DagsterRunStatus.STARTED
    shutil.copytree(settings.warehouse, killed, symlinks=True)
    with dg.DagsterInstance.get() as instance:
        fail_dead_runs(instance, warehouse)
    assert statuses(warehouse, monkeypatch)[0] == dg.DagsterRunStatus.FAILURE
    again = settings.model_copy(update={"warehouse": killed})
    assert lit_run(again).returncode == 0
    assert digests(again) == clean
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS]
    assert statuses(Warehouse(killed), monkeypatch) == ended


def test_a_run_that_lives_is_not_taken_for_dead(settings: Settings) -> None:
    warehouse = Warehouse(settings.warehouse)
    with dg.DagsterInstance.ephemeral() as instance, warehouse.lock(0), warehouse.held_by("alive"):
        fail_dead_runs(instance, Warehouse(settings.warehouse))
        assert "alive" in warehouse.ended_runs()


def statuses(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> list[dg.DagsterRunStatus]:
    """Status of each run that Dagster knows of, the newest first."""
    monkeypatch.setenv("DAGSTER_HOME", str(warehouse.dagster_home))
    with dg.DagsterInstance.get() as instance:
        return [run.status for run in instance.get_runs()]
