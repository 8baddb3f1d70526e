"""`lit status`: what is published and how old it is, what waits, what failed, what it takes on disk."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from lit_pipeline.cli.instance import dagster_instance, last_run
from lit_pipeline.cli.terminal import printable, say
from lit_pipeline.defs.pulse import Life, last_ticks, pulse
from lit_pipeline.publish.status import landing_zone, published, size_bytes
from lit_pipeline.settings import Settings, load_settings
from lit_pipeline.storage.warehouse import Warehouse

STALE = 1
DAY = timedelta(days=1)
GIGABYTE = 1e9
TIME_FORMAT = "%Y-%m-%d %H:%M UTC"


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell what is published and how old, the last run, what waits, and disk used; exit code 1 when stale."""
    facts = gather(load_settings(), datetime.now(UTC))
    say(json.dumps(facts, indent=2) if as_json else told(facts))
    if facts["stale"]:
        raise typer.Exit(STALE)


def gather(settings: Settings, now: datetime) -> dict[str, Any]:
    """All that the command tells, as JSON values; times are ISO 8601, UTC."""
    warehouse = Warehouse(settings.warehouse)
    snapshot = published(warehouse, now)
    landing = landing_zone(settings.raw, settings.limits, warehouse)
    with dagster_instance(settings) as instance:
        run = last_run(instance) if instance else None
        daemon = pulse(instance, now)
        ticks = last_ticks(instance, now - DAY) if instance else []
    return {
        "database": str(warehouse.database),
        "published_at": snapshot.published_at.isoformat() if snapshot else None,
        "age_hours": round(snapshot.age_hours, 2) if snapshot else None,
        "fresh_hours": settings.fresh_hours,
        "stale": snapshot is None or snapshot.age_hours > settings.fresh_hours,
        "counts": snapshot.counts if snapshot else {},
        "snapshots": snapshot.n_snapshots if snapshot else 0,
        "last_run": {"run_id": run.run_id, "status": run.status, "ended_at": run.ended_at.isoformat()} if run else None,
        "failed_checks": run.failed_checks if run else [],
        "daemon": {
            "life": daemon.life.value,
            "last_sign_at": daemon.last_at.isoformat() if daemon.last_at else None,
            "errors": list(daemon.errors),
        },
        "failed_ticks": [f"{tick.kind} {tick.name}: {tick.reason}" for tick in ticks if tick.failed],
        "landing_zone": {
            "path": str(settings.raw),
            "files": landing.n_files,
            "waiting": landing.n_waiting,
            "rejected": landing.n_rejected,
            "newest_at": landing.newest_at.isoformat() if landing.newest_at else None,
            "problem": landing.problem,
        },
        "disk": {"used_bytes": size_bytes(settings.warehouse), "free_bytes": _free_bytes(settings)},
    }


def told(facts: dict[str, Any]) -> str:
    """The facts as lines for a reader."""
    lines = {
        "database": facts["database"],
        "published": _published(facts),
        "counts": ", ".join(f"{n:,} {name.removeprefix('n_')}" for name, n in facts["counts"].items()) or "none",
        "last run": _last_run(facts["last_run"]),
        "checks": f"failed: {', '.join(facts['failed_checks'])}" if facts["failed_checks"] else "none failed",
        "daemon": _daemon(facts["daemon"]),
        "ticks": f"failed: {'; '.join(facts['failed_ticks'])}" if facts["failed_ticks"] else "none failed",
        "landing": _landing(facts["landing_zone"]),
        "disk": f"{facts['disk']['used_bytes'] / GIGABYTE:.2f} GB used by the warehouse with {facts['snapshots']} "
        f"snapshots, {facts['disk']['free_bytes'] / GIGABYTE:.1f} GB free",
    }
    text = "\n".join(f"{name:<11}{value}" for name, value in lines.items())
    return printable(text)


def _published(facts: dict[str, Any]) -> str:
    if facts["published_at"] is None:
        return "nothing yet; `make run` publishes"
    state = "STALE" if facts["stale"] else "fresh"
    return (
        f"{_time(facts['published_at'])}, {facts['age_hours']:.1f} hours ago ({state}, {facts['fresh_hours']} allowed)"
    )


def _last_run(run: dict[str, Any] | None) -> str:
    return f"{run['status']} at {_time(run['ended_at'])}, run {run['run_id']}" if run else "none recorded"


def _daemon(daemon: dict[str, Any]) -> str:
    if daemon["last_sign_at"] is None:
        return "never ran here: nothing runs by itself"
    sign = f"last sign of life {_time(daemon['last_sign_at'])}"
    if daemon["life"] == Life.DEAD.value:
        return f"DEAD, {sign}: nothing runs by itself; `lit doctor` says what to do"
    return f"alive, {sign}"


def _landing(landing: dict[str, Any]) -> str:
    if landing["problem"]:
        return str(landing["problem"])
    newest = f", newest of {_time(landing['newest_at'])}" if landing["newest_at"] else ""
    counts = f"{landing['files']:,} files, {landing['waiting']:,} waiting, {landing['rejected']:,} set aside"
    return f"{counts}{newest} in {landing['path']}"


def _time(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime(TIME_FORMAT)


def _free_bytes(settings: Settings) -> int:
    """Free bytes where the warehouse lies, or will lie."""
    folder = settings.warehouse
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
