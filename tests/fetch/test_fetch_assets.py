"""The fetching assets: off until switched on, one file a day, one clear line where the source can't be reached."""

import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.assets.fetch import fetched_daily_papers
from lit_pipeline.defs.automation import fetch_schedule
from lit_pipeline.defs.build import build_defs
from lit_pipeline.settings import Settings
from tests.fetch.site import Serve, good

DAY = "2025-09-18"
PAPERS = json.dumps([{"paper": {"id": "2509.00001", "title": "A"}}])
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def settings(folder: Path, url: str, *, fetch: bool = True) -> Settings:
    (folder / "raw").mkdir(exist_ok=True)
    return Settings(
        raw=folder / "raw",
        warehouse=folder / "warehouse",
        fetch=fetch,
        daily_papers_url=url,
        fetch_attempts=1,
        fetch_per_second=1000,
        fetch_timeout_seconds=1,
    )


def materialise(of: Settings) -> dg.ExecuteInProcessResult:
    job = build_defs(of).resolve_job_def("fetch")
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            instance=instance,
            partition_key=DAY,
            asset_selection=[fetched_daily_papers.key],
            run_config=QUIET,
            raise_on_error=False,
        )


def failure(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure or event.is_step_up_for_retry:
            data = event.event_specific_data
            return str(getattr(data, "user_failure_data", None) or getattr(data, "error", ""))
    return ""


def test_a_day_lands_and_is_seen(serve: Serve, tmp_path: Path) -> None:
    site = serve(good(PAPERS))
    result = materialise(settings(tmp_path, site.url))
    assert result.success
    (event,) = result.asset_materializations_for_node("fetched_daily_papers")
    assert event.partition == DAY
    assert event.metadata["papers"].value == 1
    assert (tmp_path / "raw/daily_papers" / f"{DAY}.json").read_text(encoding="utf-8") == PAPERS


def test_nothing_is_fetched_while_it_is_off(serve: Serve, tmp_path: Path) -> None:
    site = serve(good(PAPERS))
    result = materialise(settings(tmp_path, site.url, fetch=False))
    assert not result.success
    assert "LIT_FETCH=1" in failure(result)
    assert site.requests == []


def test_a_source_that_can_not_be_reached_fails_with_one_clear_line(tmp_path: Path) -> None:
    result = materialise(settings(tmp_path, "http://127.0.0.1:1"))
    assert not result.success
    assert "can't be reached" in failure(result)
    assert list((tmp_path / "raw").rglob("*.json")) == []


def test_the_schedule_asks_for_the_day_that_has_ended(tmp_path: Path) -> None:
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2025, 9, 19, 5, tzinfo=UTC))
    request = fetch_schedule(settings(tmp_path, "http://127.0.0.1:1"))(context)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == DAY


@pytest.mark.parametrize("name", ["fetched_daily_papers", "fetched_arxiv_papers"])
def test_each_source_is_partitioned_by_day(tmp_path: Path, name: str) -> None:
    definitions = build_defs(settings(tmp_path, "http://127.0.0.1:1"))
    spec = next(spec for spec in definitions.resolve_all_asset_specs() if spec.key.to_user_string() == name)
    assert isinstance(spec.partitions_def, dg.DailyPartitionsDefinition)
