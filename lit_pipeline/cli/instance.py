"""Dagster's record of runs, as the commands on its state read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from lit_pipeline.cli.dagster_home import open_instance, prepare_home
from lit_pipeline.defs.automation import refresh_job
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dataclass(frozen=True)
class LastRun:
    """The last run of the refresh that has ended: how, when (UTC), and the checks that failed in it."""

    run_id: str
    status: str
    ended_at: datetime
    failed_checks: list[str]


@contextmanager
def dagster_instance(settings: Settings) -> Iterator[dg.DagsterInstance | None]:
    """Dagster's instance; None where nothing has run in this warehouse yet.

    Raises:
        CommandError: its home can't be written to, or its storage can't be opened.

    """
    if not Warehouse(settings.warehouse).dagster_home.is_dir():
        yield None
        return
    prepare_home(settings)
    with open_instance() as instance:
        yield instance


def last_run(instance: dg.DagsterInstance) -> LastRun | None:
    """The last run of the refresh that has ended; None where there is none."""
    records = instance.get_run_records(dg.RunsFilter(job_name=refresh_job.name, statuses=ENDED), limit=1)
    if not records:
        return None
    run = records[0].dagster_run
    events = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    steps = [record.event_log_entry.dagster_event for record in events]
    checks = [step.asset_check_evaluation_data for step in steps if step]
    return LastRun(
        run_id=run.run_id,
        status=run.status.value,
        ended_at=records[0].update_timestamp.astimezone(UTC),
        failed_checks=[f"{c.asset_key.to_user_string()}: {c.check_name}" for c in checks if not c.passed],
    )
