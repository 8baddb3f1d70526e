"""`lit ui`, and its parts as services of their own: `lit webserver`, `lit daemon`, `lit code-server`.

Without a workspace file, webserver and daemon each load the definitions in a process below their own; with one, they
ask the code server that it names, whose runs then outlive a restart of the daemon.
"""

import ipaddress
import os
import sys
import sysconfig
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lit_pipeline.cli.dagster_home import PROJECT, open_instance, prepare_home
from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.instance import dagster_instance
from lit_pipeline.cli.terminal import say
from lit_pipeline.defs.pulse import Life, pulse
from lit_pipeline.settings import Settings, load_settings

DEFINITIONS = ("-m", "lit_pipeline.definitions")
LOOPBACK = "127.0.0.1"
CODE_PORT = 4000
DAEMON = Path(sysconfig.get_path("scripts"), "dagster-daemon")
"""Dagster's own script: the daemon's module has no public name."""

OK = 0
DEAD = 1
OPEN_TO_OTHERS = "anyone who can reach {host}:{port} can start runs and see the raw files: the UI asks for no password"

Workspace = Annotated[Path | None, typer.Option(help="Dagster workspace file that names a code server.")]


def ui() -> None:
    """Start the Dagster UI and daemon on this machine; schedules and sensors are on."""
    settings = load_settings()
    _become(settings, "-m", "dagster", "dev", *DEFINITIONS, *_ui_address(settings))


def webserver(workspace: Workspace = None) -> None:
    """Start the Dagster UI alone, as a service beside `lit daemon`."""
    settings = load_settings()
    _become(settings, "-m", "dagster_webserver", *_code(workspace), *_ui_address(settings))


def daemon(
    workspace: Workspace = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether a daemon is alive: exit code 0 or 1.")
    ] = False,
) -> None:
    """Start the Dagster daemon alone: schedules, sensors, queued runs, retries."""
    settings = load_settings()
    if check:
        raise typer.Exit(OK if _lives(settings) else DEAD)
    _become(settings, str(DAEMON), "run", *_code(workspace))


def code_server(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = CODE_PORT,
) -> None:
    """Start a server that holds the definitions and starts the runs; it has no login."""
    _become(load_settings(), "-m", "dagster", "code-server", "start", *DEFINITIONS, "-h", host, "-p", str(port))


def _ui_address(settings: Settings) -> tuple[str, ...]:
    """Options that say where the UI listens; a warning where others than this machine can reach it."""
    if not is_loopback(settings.ui_host):
        say(f"lit: {OPEN_TO_OTHERS.format(host=settings.ui_host, port=settings.ui_port)}", err=True)
    return "-h", settings.ui_host, "-p", str(settings.ui_port)


def _code(workspace: Path | None) -> tuple[str, ...]:
    if workspace is None:
        return DEFINITIONS
    if not workspace.is_file():
        raise CommandError(f"there is no workspace file {workspace}")
    return "-w", str(workspace.absolute())


def _lives(settings: Settings) -> bool:
    with dagster_instance(settings) as instance:
        return pulse(instance, datetime.now(UTC)).life is Life.ALIVE


def _become(settings: Settings, *program: str) -> None:
    """Become a program of Dagster's, run by this Python, with its home prepared and its storage known to open."""
    prepare_home(settings)
    with open_instance():
        pass
    os.environ |= {"LIT_RAW": str(settings.raw), "LIT_WAREHOUSE": str(settings.warehouse)}
    os.chdir(PROJECT)
    os.execv(sys.executable, [sys.executable, *program])  # noqa: S606 - no shell


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
