"""Old runs go with their events and logs; what tells that a day was fetched stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.defs.housekeeping import clean_up_job, remove_old_runs
from tests.operator.conftest import QUIET, small_settings

DAY = "2025-01-01"


@dg.asset
def table() -> int:
    return 1


@dg.asset_check(asset=table)
def sound() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@dg.asset(partitions_def=dg.DailyPartitionsDefinition(start_date=DAY))
def fetched() -> None:
    print("fetching")


DEFS = dg.Definitions(
    assets=[table, fetched],
    asset_checks=[sound],
    jobs=[
        dg.define_asset_job("all", selection=dg.AssetSelection.assets(table)),
        dg.define_asset_job("by_day", selection=dg.AssetSelection.assets(fetched)),
    ],
)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as kept:
        yield kept


def run(instance: dg.DagsterInstance, job: str = "all", day: str | None = None) -> str:
    result = DEFS.resolve_job_def(job).execute_in_process(instance=instance, partition_key=day, run_config=QUIET)
    return result.run_id


def later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def files_of(instance: dg.DagsterInstance, run_id: str) -> list[Path]:
    return [path for path in Path(instance.root_directory).rglob("*") if run_id in str(path)]


def test_an_old_run_goes_with_its_events_and_logs(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    assert files_of(instance, run_id)
    assert remove_old_runs(instance, later()) == 1
    assert instance.get_run_by_id(run_id) is None
    assert files_of(instance, run_id) == []


def test_the_checks_of_an_old_run_go_too(instance: dg.DagsterInstance) -> None:
    run(instance)
    key = dg.AssetCheckKey(table.key, "sound")
    history = instance.event_log_storage.get_asset_check_execution_history
    assert len(history(key, limit=10)) == 1
    remove_old_runs(instance, later())
    assert history(key, limit=10) == []


def test_a_run_that_is_not_old_stays(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    assert remove_old_runs(instance, datetime.now(UTC) - timedelta(days=1)) == 0
    assert instance.get_run_by_id(run_id) is not None


def test_a_run_that_has_not_ended_stays(instance: dg.DagsterInstance) -> None:
    waiting = instance.create_run_for_job(DEFS.resolve_job_def("all"), status=dg.DagsterRunStatus.STARTED)
    assert remove_old_runs(instance, later()) == 0
    assert instance.get_run_by_id(waiting.run_id) is not None


def test_a_fetched_day_stays_fetched_and_loses_its_logs(instance: dg.DagsterInstance) -> None:
    run_id = run(instance, "by_day", DAY)
    assert files_of(instance, run_id)
    assert remove_old_runs(instance, later()) == 0
    assert instance.get_materialized_partitions(fetched.key) == {DAY}
    assert files_of(instance, run_id) == []


def test_disk_is_bounded_however_many_runs_there_were(instance: dg.DagsterInstance) -> None:
    def files_after_a_run() -> int:
        run(instance)
        remove_old_runs(instance, later())
        return sum(path.is_file() for path in Path(instance.root_directory).rglob("*"))

    assert len({files_after_a_run() for _ in range(3)}) == 1


def test_the_job_keeps_the_runs_of_the_last_days(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run_id = run(instance)
    job = clean_up_job(small_settings(tmp_path, keep_run_days=1))
    assert job.execute_in_process(instance=instance, run_config=QUIET).success
    assert instance.get_run_by_id(run_id) is not None


def test_the_job_runs_daily(tmp_path: Path) -> None:
    schedule = build_defs(small_settings(tmp_path)).resolve_schedule_def("daily_clean_up")
    assert schedule.job_name == "clean_up"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
