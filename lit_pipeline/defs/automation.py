"""When runs happen: the job, its daily schedule, and the sensor on the landing zone."""

import time
from datetime import timedelta

import dagster as dg

from lit_pipeline.defs.assets import fetch
from lit_pipeline.defs.resources import fail_dead_runs
from lit_pipeline.ingest.landing import LandingZoneError
from lit_pipeline.settings import Settings
from lit_pipeline.stages.landing import next_request, read_cursor, scan_landing_zone, seen, unsettled, write_cursor
from lit_pipeline.storage.warehouse import Warehouse

DAILY_AT_FIVE = "0 5 * * *"
DAILY_AT_SIX = "0 6 * * *"
SENSOR_INTERVAL_SECONDS = 30

fetched = dg.AssetSelection.groups(fetch.GROUP)

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - fetched,
    description="Materialises everything from the landing zone to the published database.",
    executor_def=dg.in_process_executor,
)

refresh_schedule = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh_job,
    cron_schedule=DAILY_AT_SIX,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Refreshes the published database once a day.",
)

fetch_job = dg.define_asset_job(
    "fetch",
    selection=fetched,
    description="Fetches the papers of a day into the landing zone, where the sensor finds them.",
    executor_def=dg.in_process_executor,
)


def fetch_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Schedule that fetches the day that has just ended; on where the setting switches fetching on."""

    @dg.schedule(
        name="daily_fetch",
        job=fetch_job,
        cron_schedule=DAILY_AT_FIVE,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING if settings.fetch else dg.DefaultScheduleStatus.STOPPED,
        description="Fetches the papers of the day that has just ended; on with LIT_FETCH=1.",
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        ended = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
        return dg.RunRequest(run_key=ended, partition_key=ended)

    return schedule


def landing_zone_sensor(settings: Settings) -> dg.SensorDefinition:
    """Sensor that asks for one run when the content of the landing zone has changed and settled."""

    @dg.sensor(
        name="landing_zone_sensor",
        job=refresh_job,
        minimum_interval_seconds=SENSOR_INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for one run for all files that came, changed or went since the last one.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        warehouse = Warehouse(settings.warehouse)
        fail_dead_runs(context.instance, warehouse)
        try:
            landing = scan_landing_zone(settings.raw, settings.limits, warehouse)
        except LandingZoneError as error:
            return dg.SkipReason(str(error))
        before = read_cursor(context.cursor)
        waiting = unsettled(before, landing.files, time.time_ns(), settings.settle_seconds)
        if waiting:
            reason = f"{len(waiting)} files changed in the last {settings.settle_seconds} seconds"
            return dg.SensorResult(skip_reason=reason, cursor=write_cursor(seen(before, landing.files)))
        cursor, request = next_request(before, landing.files)
        if request is None:
            return dg.SensorResult(skip_reason="nothing came or went", cursor=write_cursor(cursor))
        run = dg.RunRequest(run_key=request.run_key, tags={"lit/files": str(request.n_files)})
        return dg.SensorResult(run_requests=[run], cursor=write_cursor(cursor))

    return sensor
