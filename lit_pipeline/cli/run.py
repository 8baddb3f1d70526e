"""`lit run`: materialise everything and say what came of it."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from lit_pipeline.cli.dagster_home import open_instance, prepare_home
from lit_pipeline.cli.errors import CommandError, InterruptedCommandError
from lit_pipeline.cli.terminal import say
from lit_pipeline.defs.automation import refresh_job
from lit_pipeline.defs.build import build_defs
from lit_pipeline.defs.housekeeping import remove_old_runs
from lit_pipeline.memory import peak_mib
from lit_pipeline.progress import ConsoleProgress
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.publish.versions import note_on_versions, refuse_newer
from lit_pipeline.settings import Settings, load_settings
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError

DAGSTERS_INTERRUPT = "DagsterExecutionInterruptedError"
"""What Dagster makes of SIGINT and SIGTERM while a step runs."""

FULL_BYTES = 1024**2
"""Free space below which a disk counts as full: Dagster can't note there that a run failed."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

QUERIES = (
    "select name, n_papers from models order by n_papers desc limit 10",
    "select entity, month, papers, share from benchmark_monthly order by month desc, papers desc limit 10",
    "select benchmark, metric, model, value, unit, paper from leaderboard where rank = 1 limit 10",
)


def run() -> None:
    """Materialise everything from the landing zone (LIT_RAW) to the published database (LIT_WAREHOUSE)."""
    settings = load_settings()
    started = time.monotonic()
    prepare_home(settings)
    _compare_versions(Warehouse(settings.warehouse))
    definitions = build_defs(settings, ConsoleProgress())
    with open_instance() as instance:
        result = _materialise(definitions.resolve_job_def(refresh_job.name), instance, settings)
        remove_old_runs(instance, datetime.now(UTC) - timedelta(days=settings.keep_run_days))
    if not result.success:
        raise CommandError(_reason(result))
    _print_summary(settings, time.monotonic() - started)


def _compare_versions(warehouse: Warehouse) -> None:
    """Stop before tables of a newer version, and say so before those of an older one."""
    try:
        refuse_newer(warehouse)
    except WarehouseError as error:
        raise CommandError(str(error)) from error
    note = note_on_versions(warehouse)
    if note:
        say(f"lit: {note}", err=True)


def _materialise(job: dg.JobDefinition, instance: dg.DagsterInstance, settings: Settings) -> dg.ExecuteInProcessResult:
    try:
        result = job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)
    except KeyboardInterrupt as error:
        raise _interrupted() from error
    except Exception as error:  # whatever Dagster's own storage raises, as on a full disk
        is_full = shutil.disk_usage(settings.warehouse).free < FULL_BYTES
        reason = f"no space left on the device of {settings.warehouse}" if is_full else _first_cause(error)
        raise CommandError(f"the run broke off, the published database is whole: {reason}") from error
    if any(error.cls_name == DAGSTERS_INTERRUPT for error in _errors(result)):
        raise _interrupted()
    return result


def _interrupted() -> InterruptedCommandError:
    return InterruptedCommandError("interrupted; the published database is as it was")


def _first_cause(error: BaseException) -> str:
    """One line of the error that began a chain of errors."""
    while before := error.__cause__ or error.__context__:
        error = before
    return _first_line(f"{type(error).__name__}: {error}")


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """One line that says why a run failed: the first failed check, else the first failed step."""
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed and check.blocking]
    if failed:
        names = ", ".join(f"{check.asset_key.to_user_string()}: {check.check_name}" for check in failed)
        return f"nothing was published, a check failed ({names}); the database is as it was. See `lit ui`."
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            cause = data.user_failure_data.description if data.user_failure_data else None
            error = data.error.cause or data.error if data.error else None
            message = cause or (_first_line(error.message) if error else "unknown error")
            return f"{event.step_key} failed: {message}"
    return next(
        (_first_line(error.message.partition(": ")[2]) for error in _errors(result)),
        "the run failed before its first step; see `lit ui`",
    )


def _errors(result: dg.ExecuteInProcessResult) -> list[Any]:
    """What events of a run tell of errors, in their order: name of the class, message, cause."""
    errors = (getattr(event.event_specific_data, "error", None) for event in result.all_events)
    return [told for error in errors if error for told in (error, error.cause) if told]


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _print_summary(settings: Settings, seconds: float) -> None:
    warehouse = Warehouse(settings.warehouse)
    last = published_frame(warehouse, "pipeline_runs").sort("published_at").row(-1, named=True)
    rows = {
        "files": f"{last['n_files']:,} read, {last['n_rejected_files']:,} rejected",
        "records": f"{last['n_records']:,} read, {last['n_rejected_records']:,} rejected",
        "papers": f"{last['n_papers']:,}",
        "models": f"{last['n_models']:,}",
        "benchmarks": f"{last['n_benchmarks']:,}",
        "mentions": f"{last['n_mentions']:,}",
        "results": f"{last['n_results']:,}",
        "seconds": f"{seconds:.1f}",
        "memory": f"{peak_mib():,.0f} MiB at most",
        "database": str(_shown(warehouse.database)),
    }
    say()
    for name, value in rows.items():
        say(f"  {name:<11}{value}")
    say("\nTry:")
    for query in QUERIES:
        say(f'  make sql Q="{query}"')


def _shown(path: Path) -> Path:
    """The path as a user would type it from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
