"""The sensor that tells the operator of failed runs, failed checks (also those that block nothing) and failed ticks."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import msgspec

from lit_pipeline.alerts.news import Finding, Problem, news
from lit_pipeline.alerts.post import Letter, deliver, letters
from lit_pipeline.defs.pulse import last_ticks
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse

INTERVAL_SECONDS = 60

LOOK_BACK = timedelta(days=1)
"""How far the first look goes back: older problems are no news."""

MAX_RUNS = 50
"""Runs read in one look; the rest waits for the next one."""

MAX_SEEN = 200
"""Ids of runs remembered, since a run that has ended can still be touched."""

CHECK_ERROR = "DagsterAssetCheckFailedError"
"""Error of a step whose blocking check failed; the check's own evaluation tells more."""

EVENTS = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SUCCESS,
    dg.DagsterEventType.RUN_FAILURE,
}


class Watch(msgspec.Struct, frozen=True):
    """What the sensor remembers between ticks."""

    seen_until: datetime
    seen: list[str] = []
    problems: dict[str, Problem] = {}
    waiting: list[Letter] = []


def read_watch(cursor: str | None, now: datetime) -> Watch:
    """What a tick stored; a new watch where there is nothing or it can't be read."""
    try:
        return msgspec.json.decode(cursor or "", type=Watch)
    except msgspec.MsgspecError:
        return Watch(seen_until=now - LOOK_BACK)


def alerts_sensor(settings: Settings) -> dg.SensorDefinition:
    """Sensor that posts one message a problem to the addresses of the settings; off where there are none."""
    addresses = [address.get_secret_value() for address in settings.alert_urls]

    @dg.sensor(
        name="alerts_sensor",
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING if addresses else dg.DefaultSensorStatus.STOPPED,
        description="Posts one message for each failed step, failed check, failing schedule or sensor, or stale "
        "database, and one when it is mended, to the addresses of LIT_ALERT_URLS.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        now = datetime.now(UTC)
        watch, findings = look(read_watch(context.cursor, now), context.instance, settings)
        findings += [*failing_ticks(context.instance, settings, now), *stale(settings, now)]
        problems, messages = news(watch.problems, findings)
        outbox = [*watch.waiting, *letters(messages, len(addresses), time.time())]
        waiting = deliver(outbox, addresses, time.time())
        cursor = Watch(watch.seen_until, watch.seen, problems, waiting)
        told = f"{len(messages)} messages, {len(waiting)} not delivered yet, {len(problems)} open problems"
        return dg.SensorResult(skip_reason=told, cursor=msgspec.json.encode(cursor).decode())

    return sensor


def look(watch: Watch, instance: dg.DagsterInstance, settings: Settings) -> tuple[Watch, list[Finding]]:
    """What the runs that ended since the last look did, oldest first, and the watch that has seen them."""
    records = instance.get_run_records(
        dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE],
            updated_after=watch.seen_until,
        ),
        limit=MAX_RUNS,
        order_by="update_timestamp",
        ascending=True,
    )
    new = [record for record in records if record.dagster_run.run_id not in watch.seen]
    findings = [finding for record in new for finding in findings_of(record.dagster_run, instance, settings)]
    until = max((record.update_timestamp for record in records), default=watch.seen_until)
    seen = [*watch.seen, *(record.dagster_run.run_id for record in new)][-MAX_SEEN:]
    return Watch(until.astimezone(UTC), seen, watch.problems, watch.waiting), findings


def findings_of(run: dg.DagsterRun, instance: dg.DagsterInstance, settings: Settings) -> list[Finding]:
    """What a run that has ended did: its steps, its checks, and the run itself where none of them failed."""
    where = f"Run {run.run_id} of {run.job_name}: http://{settings.ui_host}:{settings.ui_port}/runs/{run.run_id}"
    part = run.tags.get("dagster/partition", "")
    findings: list[Finding] = []
    crash = ""
    for record in instance.get_records_for_run(run.run_id, of_type=EVENTS).records:
        event = record.event_log_entry.dagster_event
        if event is None:
            continue
        if event.event_type == dg.DagsterEventType.RUN_FAILURE:
            crash = event.message or ""
        findings.extend(_of_event(event, part, where))
    crashed = run.status == dg.DagsterRunStatus.FAILURE and not any(finding.failed for finding in findings)
    of_run = Finding(f"run:{run.job_name}", part, crashed, f"run of {run.job_name} failed", f"{crash}\n{where}")
    return [*findings, of_run]


def _of_event(event: dg.DagsterEvent, part: str, where: str) -> Iterator[Finding]:
    if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        yield _of_check(event.asset_check_evaluation_data, where)
    elif event.is_step_success:
        yield Finding(f"step:{event.step_key}", part, failed=False, title=f"{event.step_key} failed")
    elif event.is_step_failure:
        data = event.step_failure_data
        if data.error is None or data.error.cls_name != CHECK_ERROR:
            cause = data.user_failure_data.description if data.user_failure_data else None
            reason = cause or (data.error.message.strip() if data.error else "unknown error")
            of_part = f" for {part}" if part else ""
            yield Finding(
                f"step:{event.step_key}", part, failed=True, title=f"{event.step_key} failed{of_part}",
                text=f"{reason}\n{where}",
            )  # fmt: skip


def _of_check(check: dg.AssetCheckEvaluation, where: str) -> Finding:
    asset = check.asset_key.to_user_string()
    looks = check.metadata.get("look")
    lines = [
        check.description or "The check failed.",
        "It blocks publishing: the database is as it was." if check.blocking else "It blocks nothing.",
        str(looks.value) if looks else "",
        where,
    ]
    return Finding(
        key=f"check:{asset}:{check.check_name}",
        part="",
        failed=not check.passed,
        title=f"check {check.check_name} of {asset} failed",
        text="\n".join(line for line in lines if line),
    )


def failing_ticks(instance: dg.DagsterInstance, settings: Settings, now: datetime) -> list[Finding]:
    """Whether the last tick of each schedule and sensor failed, as far as they ticked in the last day."""
    where = f"See its ticks: http://{settings.ui_host}:{settings.ui_port}/automation"
    return [
        Finding(
            key=f"tick:{ticking.name}",
            part="",
            failed=ticking.failed,
            title=f"{ticking.kind} {ticking.name} fails",
            text=f"{ticking.reason}\nIt starts nothing as long as it fails.\n{where}",
        )
        for ticking in last_ticks(instance, now - LOOK_BACK)
    ]


def stale(settings: Settings, now: datetime) -> list[Finding]:
    """Whether the published database is older than it may be; nothing where none is published."""
    published = published_frame(Warehouse(settings.warehouse), "pipeline_runs")["published_at"].max()
    if not isinstance(published, datetime):
        return []
    hours = (now - published.replace(tzinfo=UTC)) / timedelta(hours=1)
    return [
        Finding(
            key="stale",
            part="",
            failed=hours > settings.fresh_hours,
            title="the published database is stale",
            text=f"It was published {hours:.0f} hours ago; LIT_FRESH_HOURS is {settings.fresh_hours}. "
            "See `lit status` and `lit doctor`.",
        )
    ]
