"""Keeps Dagster's own state bounded: old runs go with their events and logs; its `retention` covers ticks alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from lit_pipeline.defs.inner_dagster import remove_check_history
from lit_pipeline.settings import Settings

DAILY_AT_FOUR = "0 4 * * *"
PARTITION_TAG = "dagster/partition"
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def remove_old_runs(instance: dg.DagsterInstance, before: datetime) -> int:
    """Remove the runs that ended and were created before a time, with their events and logs; returns how many.

    A run that fetched a day is what tells that the day was fetched: it keeps its record and its materialisations,
    and loses its logs alone.
    """
    old = instance.get_run_records(dg.RunsFilter(statuses=ENDED, created_before=before))
    runs = [record.dagster_run for record in old]
    gone = [run for run in runs if not (run.is_success and PARTITION_TAG in run.tags)]
    for run in runs:
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
    for run in gone:
        instance.delete_run(run.run_id)
        remove_check_history(instance, run.run_id)
    for run in runs:
        _remove_event_file(instance, run.run_id)
    return len(gone)


def _remove_event_file(instance: dg.DagsterInstance, run_id: str) -> None:
    """Remove the file of a run's events that SQLite storage leaves empty behind; other storages have none."""
    root = Path(instance.root_directory)
    for path in (root / "history" / "runs").glob(f"{run_id}.db*"):
        path.unlink(missing_ok=True)


def clean_up_job(settings: Settings) -> dg.JobDefinition:
    """Job that removes the runs older than LIT_KEEP_RUN_DAYS."""

    @dg.op(description="Removes runs older than LIT_KEEP_RUN_DAYS, with their events and logs.")
    def remove_runs(context: dg.OpExecutionContext) -> None:
        before = datetime.now(UTC) - timedelta(days=settings.keep_run_days)
        removed = remove_old_runs(context.instance, before)
        context.log.info(f"{removed} runs from before {before:%Y-%m-%d} removed")

    @dg.job(
        name="clean_up",
        description="Keeps disk bounded: removes old runs, their events and logs.",
        executor_def=dg.in_process_executor,
    )
    def clean_up() -> None:
        remove_runs()

    return clean_up


def clean_up_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Schedule of the job, once a day."""
    return dg.ScheduleDefinition(
        name="daily_clean_up",
        job=job,
        cron_schedule=DAILY_AT_FOUR,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Removes old runs once a day.",
    )
