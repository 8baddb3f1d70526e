"""The alerts sensor over real runs of a small job: one message a problem, one when it is mended."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.alerts import alerts_sensor, findings_of, read_watch, stale
from lit_pipeline.publish.snapshot import publish
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.runs import PipelineRuns
from lit_pipeline.tables.schema import empty_frame
from tests.operator.conftest import QUIET, Webhook, small_settings

DAYS = dg.DailyPartitionsDefinition(start_date="2025-01-01")
NOW = datetime.now(UTC)


@dataclass
class Broken:
    """What is broken in the small job."""

    things: set[str] = field(default_factory=set)


@dataclass
class Operator:
    """Runs the small job, and looks at it as the sensor does."""

    instance: dg.DagsterInstance
    broken: Broken
    settings: Settings
    cursor: str | None = None

    def run(self, *, day: str | None = None) -> dg.ExecuteInProcessResult:
        defs = small_defs(self.broken)
        job = defs.resolve_job_def("by_day" if day else "all")
        return job.execute_in_process(instance=self.instance, partition_key=day, run_config=QUIET, raise_on_error=False)

    def tick(self) -> None:
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        result = alerts_sensor(self.settings)(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor


def small_defs(broken: Broken) -> dg.Definitions:
    @dg.asset
    def table() -> int:
        if "step" in broken.things:
            raise dg.Failure("the disk is full", allow_retries=False)
        return 1

    @dg.asset(partitions_def=DAYS)
    def day() -> None:
        if "day" in broken.things:
            raise dg.Failure("no answer", allow_retries=False)

    def check(name: str, *, blocking: bool) -> dg.AssetChecksDefinition:
        @dg.asset_check(asset=table, name=name, blocking=blocking)
        def of_table() -> dg.AssetCheckResult:
            return dg.AssetCheckResult(
                passed=name not in broken.things,
                severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
                description="3 rows are wrong.",
                metadata={"look": dg.MetadataValue.md("select * from table")},
            )

        return of_table

    return dg.Definitions(
        assets=[table, day],
        asset_checks=[check("contract", blocking=True), check("drop", blocking=False)],
        jobs=[
            dg.define_asset_job("all", selection=dg.AssetSelection.assets(table)),
            dg.define_asset_job("by_day", selection=dg.AssetSelection.assets(day)),
        ],
    )


@pytest.fixture
def operator(webhook: Webhook, tmp_path: Path) -> Iterator[Operator]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Operator(instance, Broken(), small_settings(tmp_path, alert_urls=[webhook.url]))


def test_a_failed_step_is_told_once_and_once_when_it_is_mended(operator: Operator, webhook: Webhook) -> None:
    operator.broken.things = {"step"}
    for _ in range(2):
        operator.run()
        operator.tick()
        operator.tick()
    assert webhook.titles == ["table failed"]
    assert "the disk is full" in webhook.received[0]["message"]
    operator.broken.things.clear()
    operator.run()
    operator.tick()
    operator.tick()
    assert webhook.titles == ["table failed", "Mended: table failed"]


def test_a_failed_check_that_blocks_nothing_is_told_with_a_query(operator: Operator, webhook: Webhook) -> None:
    operator.broken.things = {"drop"}
    assert operator.run().success
    operator.tick()
    assert webhook.titles == ["check drop of table failed"]
    for part in ("3 rows are wrong.", "It blocks nothing.", "select * from table", "/runs/"):
        assert part in webhook.received[0]["message"]


def test_a_failed_blocking_check_is_one_problem(operator: Operator, webhook: Webhook) -> None:
    operator.broken.things = {"contract"}
    assert not operator.run().success
    operator.tick()
    assert webhook.titles == ["check contract of table failed"]
    operator.broken.things.clear()
    operator.run()
    operator.tick()
    assert webhook.titles[1:] == ["Mended: check contract of table failed"]


def test_a_backfill_that_fails_is_one_problem(operator: Operator, webhook: Webhook) -> None:
    operator.broken.things = {"day"}
    for number in range(1, 4):
        operator.run(day=f"2025-01-0{number}")
        operator.tick()
    assert webhook.titles == ["day failed for 2025-01-01"]
    operator.broken.things.clear()
    for number in range(1, 4):
        assert len(webhook.titles) == 1
        operator.run(day=f"2025-01-0{number}")
        operator.tick()
    assert webhook.titles[1:] == ["Mended: day failed for 2025-01-01"]


def test_a_run_that_died_is_told(operator: Operator, webhook: Webhook) -> None:
    run = operator.instance.create_run_for_job(small_defs(operator.broken).resolve_job_def("all"))
    operator.instance.report_run_failed(run, "the machine was switched off")
    operator.tick()
    assert webhook.titles == ["run of all failed"]
    assert "the machine was switched off" in webhook.received[0]["message"]


def test_a_run_that_was_cancelled_is_no_problem(operator: Operator, webhook: Webhook) -> None:
    run = operator.instance.create_run_for_job(small_defs(operator.broken).resolve_job_def("all"))
    operator.instance.report_run_canceled(run)
    operator.tick()
    assert webhook.titles == []


def test_a_message_that_did_not_arrive_is_sent_by_a_later_tick(operator: Operator, webhook: Webhook) -> None:
    webhook.down = True
    operator.broken.things = {"step"}
    operator.run()
    operator.tick()
    webhook.down = False
    operator.tick()
    assert webhook.titles == ["table failed"]


def test_the_cursor_holds_no_secret_and_does_not_grow(operator: Operator, webhook: Webhook) -> None:
    webhook.down = True
    operator.broken.things = {"step", "day"}
    sizes = []
    for _ in range(3):
        operator.run()
        operator.tick()
        assert operator.cursor is not None
        sizes.append(len(operator.cursor) - len(json.loads(operator.cursor)["seen"]) * 39)
    assert "sekret" not in str(operator.cursor)
    assert max(sizes) - min(sizes) <= 2


def test_a_broken_cursor_starts_anew() -> None:
    assert read_watch('{"seen_until": 3}', NOW).seen_until < NOW
    assert read_watch(None, NOW).problems == {}


def test_nothing_is_told_of_a_run_that_works(operator: Operator) -> None:
    run = operator.run()
    found = findings_of(run.dagster_run, operator.instance, operator.settings)
    assert [finding.key for finding in found if finding.failed] == []


@pytest.mark.parametrize(("hours", "failed"), [(1, False), (40, True)])
def test_a_stale_database_is_a_problem(tmp_path: Path, hours: int, failed: bool) -> None:
    settings = small_settings(tmp_path)
    frames = {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}
    published_at = NOW - timedelta(hours=hours)
    frames["pipeline_runs"] = PipelineRuns.sample(
        overrides={"published_at": [published_at.replace(tzinfo=None)]}
    ).lazy()
    Warehouse(settings.warehouse).prepare()
    publish(Warehouse(settings.warehouse), frames, published_at, 2)
    assert [finding.failed for finding in stale(settings, NOW)] == [failed]


def test_without_a_database_nothing_is_stale(tmp_path: Path) -> None:
    assert stale(small_settings(tmp_path), NOW) == []


def test_the_sensor_is_off_without_addresses(tmp_path: Path, webhook: Webhook) -> None:
    assert alerts_sensor(small_settings(tmp_path)).default_status == dg.DefaultSensorStatus.STOPPED
    watched = small_settings(tmp_path, alert_urls=[webhook.url])
    assert alerts_sensor(watched).default_status == dg.DefaultSensorStatus.RUNNING
    assert "sekret" not in repr(watched)
