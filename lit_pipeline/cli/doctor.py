"""`lit doctor`: looks over everything a run needs, one line each, with what to do about it.

Exit codes follow the convention of monitoring plug-ins: 0 all well, 1 a warning at worst, 2 a failure.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Annotated

import polars as pl
import typer
from packaging.requirements import Requirement

from lit_pipeline.alerts.news import Message
from lit_pipeline.alerts.post import deliver, letters
from lit_pipeline.cli.instance import dagster_instance
from lit_pipeline.cli.terminal import one_line, say
from lit_pipeline.defs.pulse import Life, Pulse, last_ticks, pulse
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import load_vocabulary
from lit_pipeline.ingest.landing import scan
from lit_pipeline.marts.metrics import load_metrics
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.status import size_bytes
from lit_pipeline.settings import Settings, SettingsError, load_settings
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError
from lit_pipeline.tables.runs import SCHEMA_VERSION

OLDEST_PYTHON = (3, 11)
GIBIBYTE = 1024**3
LEAST_FREE_BYTES = GIBIBYTE
"""Free disk below which a run can't be expected to end."""

FREE_SNAPSHOTS = 3
"""Sizes of the current snapshot that should be free: one being built, its tables on the way, a reserve."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO_TICK_AFTER = timedelta(minutes=15)
"""Time without any tick that a living daemon can't explain: sensors tick at least once a minute."""

START_DAEMON = "start it: `make ui`, `systemctl start lit_pipeline-daemon`, or `docker compose up --detach`"
WITHOUT_DAEMON = "until then no schedule, sensor or alert works"


class Level(IntEnum):
    """How bad it is; also the exit code."""

    OK = 0
    WARN = 1
    FAIL = 2


@dataclass(frozen=True)
class Verdict:
    """What one check found, and what to do about it where that is not nothing."""

    level: Level
    told: str
    remedy: str = ""


Check = Callable[[Settings], Verdict]


def doctor(
    test_alerts: Annotated[bool, typer.Option("--test-alerts", help="Post a test message to LIT_ALERT_URLS.")] = False,
) -> None:
    """Look over all that a run needs; exit code 0 all well, 1 warnings, 2 failures."""
    worst = Level.OK
    for name, verdict in _verdicts(test_alerts=test_alerts):
        remedy = f" -> {verdict.remedy}" if verdict.remedy else ""
        say(one_line(f"{verdict.level.name.lower():<5} {name:<13} {verdict.told}{remedy}"))
        worst = max(worst, verdict.level)
    raise typer.Exit(worst)


def _verdicts(*, test_alerts: bool) -> Iterator[tuple[str, Verdict]]:
    yield "python", python_version()
    yield "packages", package_versions()
    try:
        settings = load_settings()
    except SettingsError as error:
        yield "settings", Verdict(Level.FAIL, str(error), "mend the variable in the environment")
        return
    yield "settings", Verdict(Level.OK, "all valid")
    for name, check in CHECKS.items():
        yield name, _examined(check, settings)
    if test_alerts:
        yield "test message", _examined(send_test_message, settings)


def _examined(check: Check, settings: Settings) -> Verdict:
    """What a check found; one that breaks down is a failure in one line."""
    try:
        return check(settings)
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks are still to be told
        text = str(error).strip() or type(error).__name__
        return Verdict(Level.FAIL, text.splitlines()[0])


def python_version() -> Verdict:
    """Python is new enough."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Verdict(Level.FAIL, running, "use Python 3.11 or newer: `make clean`, then make with PYTHON=python3.11")
    return Verdict(Level.OK, running)


def package_versions() -> Verdict:
    """The packages have the versions that the tests ran with."""
    pinned = [Requirement(line) for line in requires("lit_pipeline") or []]
    wrong = [_difference(package) for package in pinned if package.marker is None]
    told = [line for line in wrong if line]
    if told:
        return Verdict(Level.WARN, ", ".join(told), "`make clean`, then any other target, installs the pinned versions")
    return Verdict(Level.OK, f"{len(wrong)} have their pinned version")


def _difference(package: Requirement) -> str | None:
    try:
        installed = version(package.name)
    except PackageNotFoundError:
        return f"{package.name} is missing"
    fits = package.specifier.contains(installed, prereleases=True)
    return None if fits else f"{package.name} is {installed}, not {package.specifier}"


def landing_zone(settings: Settings) -> Verdict:
    """The landing zone can be read and holds files."""
    landing = scan(settings.raw, settings.limits)
    told = f"{len(landing.files):,} files to read, {len(landing.rejected):,} set aside in {settings.raw}"
    if landing.files.is_empty():
        return Verdict(Level.WARN, told, "put raw files there, or name another folder in LIT_RAW")
    return Verdict(Level.OK, told)


def warehouse_writable(settings: Settings) -> Verdict:
    """The warehouse can be written to."""
    folder = settings.warehouse
    if not folder.exists():
        return Verdict(Level.WARN, f"{folder} does not exist yet", "the first run creates it")
    probe = folder / f".doctor-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Verdict(Level.FAIL, f"{folder} can't be written to: {error.strerror}", "mend its owner or mount")
    return Verdict(Level.OK, str(folder))


def disk_space(settings: Settings) -> Verdict:
    """There is room for the next snapshots."""
    folder = settings.warehouse
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    database = Warehouse(settings.warehouse).database
    snapshot = size_bytes(database.resolve().parent) if database.exists() else 0
    told = f"{free / GIBIBYTE:.1f} GiB free; the current snapshot takes {snapshot / GIBIBYTE:.2f} GiB"
    if free < LEAST_FREE_BYTES:
        return Verdict(Level.FAIL, told, "make room, or lower LIT_KEEP_SNAPSHOTS and LIT_KEEP_RUN_DAYS")
    if free < FREE_SNAPSHOTS * snapshot:
        return Verdict(Level.WARN, told, "make room, or lower LIT_KEEP_SNAPSHOTS")
    return Verdict(Level.OK, told)


def lock_free(settings: Settings) -> Verdict:
    """No other run holds the warehouse."""
    warehouse = Warehouse(settings.warehouse)
    if not warehouse.dagster_home.exists():
        return Verdict(Level.OK, "free; nothing ran yet")
    try:
        with warehouse.lock(timeout_seconds=0):
            return Verdict(Level.OK, "free")
    except WarehouseError:
        return Verdict(Level.WARN, "a run holds the warehouse", "wait for it; the UI shows its progress")


def published_database(settings: Settings) -> Verdict:
    """The published database opens read-only and has the tables of this version."""
    database = Warehouse(settings.warehouse).database
    if not database.exists():
        return Verdict(Level.WARN, "nothing is published yet", "`make run` publishes")
    query = "select schema_version, published_at from pipeline_runs order by published_at desc limit 1"
    with connect(database.resolve(), read_only=True) as connection:
        row = connection.execute(query).fetchone()
    found, published_at = row or (None, None)
    if found != SCHEMA_VERSION:
        told = f"its schema version is {found}, this version's is {SCHEMA_VERSION}"
        return Verdict(Level.WARN, told, "`make run` publishes it anew")
    return Verdict(Level.OK, f"schema version {found}, published {published_at:%Y-%m-%d %H:%M} UTC")


def stages_readable(settings: Settings) -> Verdict:
    """The stored output of each asset can be read."""
    paths = sorted(Warehouse(settings.warehouse).stages.glob("[!.]*.parquet"))
    broken = []
    for path in paths:
        try:
            pl.scan_parquet(path, glob=False).select(pl.len()).collect()
        except (OSError, pl.exceptions.PolarsError):
            broken.append(path.name)
    if broken:
        return Verdict(Level.FAIL, f"can't be read: {', '.join(broken)}", "`make run` writes them anew")
    return Verdict(Level.OK, f"{len(paths)} files can be read")


def vocabulary_valid(settings: Settings) -> Verdict:
    """The vocabulary, the user's own included, the metrics and the tagger load."""
    vocabulary = load_vocabulary(settings.vocabulary)
    load_metrics(settings.vocabulary)
    return Verdict(Level.OK, f"version {vocabulary.version[:8]}, tagger {load_tagger().version[:8]}")


def dagster_home(settings: Settings) -> Verdict:
    """Dagster's state opens."""
    with dagster_instance(settings) as instance:
        if instance is None:
            return Verdict(Level.OK, "none yet; the first run creates it")
        n_runs = instance.get_runs_count()
    return Verdict(Level.OK, f"{n_runs:,} runs kept, for {settings.keep_run_days} days")


def daemon_alive(settings: Settings) -> Verdict:
    """The daemon, which starts schedules and sensors, has given a sign of life."""
    found = _pulse(settings)
    if found.life is Life.NEVER or found.last_at is None:
        return Verdict(Level.WARN, "never ran here", f"{START_DAEMON}; {WITHOUT_DAEMON}")
    told = f"last sign of life {found.last_at:%Y-%m-%d %H:%M} UTC"
    if found.life is Life.DEAD:
        silent_for = datetime.now(UTC) - found.last_at
        return Verdict(
            Level.FAIL, f"dead: {told}, {silent_for / HOUR:.1f} hours ago", f"{START_DAEMON}; {WITHOUT_DAEMON}"
        )
    if found.errors:
        return Verdict(Level.WARN, f"alive, but tells of errors: {'; '.join(found.errors)}", "see its log")
    return Verdict(Level.OK, f"alive, {told}")


def ticks_succeed(settings: Settings) -> Verdict:
    """Schedules and sensors tick, and did not fail when they last did."""
    now = datetime.now(UTC)
    with dagster_instance(settings) as instance:
        found = last_ticks(instance, now - DAY) if instance else []
        lives = pulse(instance, now).life is Life.ALIVE
    failed = [f"{ticking.kind} {ticking.name} fails: {ticking.reason}" for ticking in found if ticking.failed]
    if failed:
        return Verdict(Level.FAIL, "; ".join(failed), "see its ticks in the UI, under Automation")
    if not found:
        return Verdict(Level.OK, "nothing ticked in the last day")
    newest = max(ticking.last_at for ticking in found)
    if lives and now - newest > NO_TICK_AFTER:
        told = f"the daemon lives, but nothing has ticked since {newest:%Y-%m-%d %H:%M} UTC"
        return Verdict(Level.WARN, told, "are all sensors switched off? else its log says why it can't load them")
    return Verdict(Level.OK, f"{len(found)} schedules and sensors, none failed when it last ticked")


def port_free(settings: Settings) -> Verdict:
    """The UI's port is free, or the UI is on it."""
    with closing(socket.socket(socket.AF_INET6 if ":" in settings.ui_host else socket.AF_INET)) as probe:
        taken = probe.connect_ex((settings.ui_host, settings.ui_port)) == 0
    address = f"{settings.ui_host}:{settings.ui_port}"
    if not taken:
        return Verdict(Level.OK, f"{address} is free")
    if _pulse(settings).life is Life.ALIVE:
        return Verdict(Level.OK, f"{address} is in use; the daemon is alive, so it should be the UI")
    return Verdict(Level.WARN, f"{address} is in use by something else", "set LIT_UI_PORT to another port")


def alert_addresses(settings: Settings) -> Verdict:
    """Somebody is told when something fails."""
    if not settings.alert_urls:
        return Verdict(Level.WARN, "nobody is told when something fails", "set LIT_ALERT_URLS, or look at the UI")
    return Verdict(Level.OK, f"{len(settings.alert_urls)} addresses; `lit doctor --test-alerts` posts a test message")


def send_test_message(settings: Settings) -> Verdict:
    """A test message arrives at all addresses."""
    urls = [url.get_secret_value() for url in settings.alert_urls]
    message = Message("test message", "Posted by `lit doctor --test-alerts`. Nothing is wrong.")
    missing = [place for letter in deliver(letters([message], len(urls), 0.0), urls, 0.0) for place in letter.addresses]
    if missing:
        numbers = ", ".join(str(place + 1) for place in missing)
        return Verdict(Level.FAIL, f"address {numbers} of {len(urls)} took nothing", "see if it can be reached")
    return Verdict(Level.OK, f"posted to {len(urls)} addresses")


def _pulse(settings: Settings) -> Pulse:
    with dagster_instance(settings) as instance:
        return pulse(instance, datetime.now(UTC))


CHECKS: dict[str, Check] = {
    "landing zone": landing_zone,
    "warehouse": warehouse_writable,
    "disk": disk_space,
    "lock": lock_free,
    "database": published_database,
    "stages": stages_readable,
    "vocabulary": vocabulary_valid,
    "dagster home": dagster_home,
    "daemon": daemon_alive,
    "ticks": ticks_succeed,
    "port": port_free,
    "alerts": alert_addresses,
}
