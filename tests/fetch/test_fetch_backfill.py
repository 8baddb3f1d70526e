"""A range of days is fetched as a backfill: the request that the UI sends, and the daemon's work on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster_graphql.test.utils import execute_dagster_graphql

from tests.daemon_work import IN_THIS_PROCESS, WorkspaceProcessContext, dagster_over, look_at_backfills
from tests.fetch.site import Serve, Site, good

DAYS = ["2025-09-16", "2025-09-17", "2025-09-18"]
ASSET = dg.AssetKey("fetched_daily_papers")
PAPERS = '[{"paper": {"id": "2509.00001", "title": "A"}}]'
LAUNCH = """
    mutation($backfill: LaunchBackfillParams!) {
        launchPartitionBackfill(backfillParams: $backfill) {
            __typename
            ... on LaunchBackfillSuccess { backfillId }
            ... on PythonError { message }
        }
    }
"""
MAX_LOOKS = 10
"""Looks of the daemon at the backfill: one that asks for runs, one that sees them done, some to spare."""


@pytest.fixture
def site(serve: Serve) -> Site:
    """A site that can't answer for the second of three days when it is first asked."""
    return serve(good(PAPERS), (404, {}, b""), good(PAPERS))


@pytest.fixture
def dagster(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[WorkspaceProcessContext]:
    """Dagster over this project's definitions, with runs in this process."""
    for name, value in {
        "LIT_RAW": tmp_path / "raw",
        "LIT_WAREHOUSE": tmp_path / "warehouse",
        "LIT_FETCH": 1,
        "LIT_FETCH_ATTEMPTS": 1,
        "LIT_FETCH_PER_SECOND": 1000,
        "LIT_DAILY_PAPERS_URL": site.url,
    }.items():
        monkeypatch.setenv(name, str(value))
    with (
        dg.instance_for_test(overrides=IN_THIS_PROCESS) as instance,
        dagster_over(instance, module="lit_pipeline.definitions") as context,
    ):
        yield context


def backfill(context: WorkspaceProcessContext, days: list[str]) -> str:
    """Ask for a backfill as the UI does, let the daemon work on it, and return how it ended."""
    request: dict[str, Any] = {"assetSelection": [{"path": ASSET.path}], "partitionNames": days}
    answer = execute_dagster_graphql(context.create_request_context(), LAUNCH, {"backfill": request})
    launched = answer.data["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    for _ in range(MAX_LOOKS):
        look_at_backfills(context)
        status = backfill_status(context, launched["backfillId"])
        if status != "REQUESTED":
            return status
    return "REQUESTED"


def backfill_status(context: WorkspaceProcessContext, backfill_id: str) -> str:
    state = context.instance.get_backfill(backfill_id)
    assert state is not None
    return str(state.status.value)


def fetched_days(context: WorkspaceProcessContext) -> set[str]:
    return context.instance.get_materialized_partitions(ASSET)


def test_three_days_are_fetched_and_one_that_failed_is_fetched_by_the_next_backfill(
    dagster: WorkspaceProcessContext, site: Site, tmp_path: Path
) -> None:
    assert backfill(dagster, DAYS) == "COMPLETED_FAILED"
    failed = set(DAYS) - fetched_days(dagster)
    assert len(failed) == 1
    assert sorted(run.tags["dagster/partition"] for run in dagster.instance.get_runs()) == DAYS

    assert backfill(dagster, DAYS) == "COMPLETED_SUCCESS"
    assert fetched_days(dagster) == set(DAYS)
    assert sorted(path.stem for path in (tmp_path / "raw/daily_papers").iterdir()) == DAYS
    asked = [request["date"][0] for request in site.requests]
    assert sorted(asked) == sorted([*DAYS, *failed]), "a day that was fetched is not asked for again"
