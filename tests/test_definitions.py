"""What Dagster loads: keys, dependencies, checks, schedules, sensors, jobs."""

from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.settings import Settings
from lit_pipeline.tables.published import MARTS, PUBLISHED, RECORDS_TO_RESULTS

UPSTREAM = {
    "raw_files": {"fetched_arxiv_papers", "fetched_daily_papers"},
    "raw_records": {"fetched_arxiv_papers", "fetched_daily_papers"},
    "clean_records": {"raw_records"},
    "rejected_records": {"raw_records"},
    "record_signatures": {"clean_records"},
    "record_matches": {"record_signatures"},
    "papers": {"raw_records", "clean_records", "record_matches"},
    "spans": {"papers"},
    "entities": {"spans", "papers"},
    "mentions": {"spans", "papers"},
    "results": {"spans", "papers", "mentions"},
    "leaderboard": {"papers", "entities", "results"},
    "published_database": set(PUBLISHED) - {"pipeline_runs"},
}


@pytest.fixture
def defs(tmp_path: Path) -> dg.Definitions:
    return build_defs(Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse"))


def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


@pytest.mark.parametrize(("asset", "upstream"), UPSTREAM.items())
def test_data_flows_one_way(defs: dg.Definitions, asset: str, upstream: set[str]) -> None:
    assert {dep.asset_key.to_user_string() for dep in specs(defs)[asset].deps} == upstream


def test_every_published_table_is_an_asset(defs: dg.Definitions) -> None:
    assert set(specs(defs)) >= {*RECORDS_TO_RESULTS, *MARTS, "published_database"}


def test_every_asset_says_what_it_is(defs: dg.Definitions) -> None:
    for name, spec in specs(defs).items():
        assert spec.description, name
        assert spec.group_name != "default", name
        assert spec.kinds, name
        assert spec.owners, name


def test_every_table_shows_its_columns(defs: dg.Definitions) -> None:
    for name, table in {**RECORDS_TO_RESULTS, **MARTS}.items():
        schema = specs(defs)[name].metadata["dagster/column_schema"]
        assert [column.name for column in schema.columns] == table.column_names()


def test_every_published_table_has_a_blocking_contract_check(defs: dg.Definitions) -> None:
    checked = {
        key.asset_key.to_user_string()
        for check in defs.asset_checks or []
        for key in check.check_keys
        if key.name == "contract" and check.get_spec_for_check_key(key).blocking
    }
    assert checked == {*RECORDS_TO_RESULTS, *MARTS}


def test_the_refresh_is_daily_and_on(defs: dg.Definitions) -> None:
    schedule = defs.resolve_schedule_def("daily_refresh")
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_sensor_is_on(defs: dg.Definitions) -> None:
    assert defs.resolve_sensor_def("landing_zone_sensor").default_status == dg.DefaultSensorStatus.RUNNING


def test_fetching_is_off_until_a_setting_switches_it_on(tmp_path: Path) -> None:
    for fetch, status in ((False, dg.DefaultScheduleStatus.STOPPED), (True, dg.DefaultScheduleStatus.RUNNING)):
        defs = build_defs(Settings(raw=tmp_path, warehouse=tmp_path, fetch=fetch))
        assert defs.resolve_schedule_def("daily_fetch").default_status == status


def test_the_refresh_fetches_nothing(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def("refresh")
    assert not [key for key in job.asset_layer.executable_asset_keys if key.to_user_string().startswith("fetched")]


def test_definitions_load_from_the_entry_point(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIT_WAREHOUSE", str(tmp_path))
    from lit_pipeline.definitions import defs as entry_point  # noqa: PLC0415 - reads the environment

    assert entry_point().resolve_job_def("refresh").name == "refresh"
