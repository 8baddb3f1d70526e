"""A Postgres server of the tests' own, a landing zone with one small page, and the console script over both."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

try:
    import psycopg2
except ModuleNotFoundError:
    psycopg2 = None

PROJECT = Path(__file__).resolve().parents[2]
LIT = Path(sys.executable).with_name("lit")
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
UNPRIVILEGED = "postgres"
"""User that Debian's package makes; the server refuses to run as root."""

WAIT_SECONDS = 90
"""Longest wait for a service to be up; it takes about fifteen seconds."""

STOP_SECONDS = 30
"""Longest wait for a service to end by itself."""

PAGE = "\n\n".join(
    [
        "Daily Papers",
        "TinyNet: A Small Model for Big Questions",
        "We introduce TinyNet, a small model that answers big questions and reaches 71.5% accuracy on MMLU.",
    ]
)

Lit = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Postgres:
    """A running server that listens on a Unix socket and on loopback, and trusts who reaches it."""

    sockets: Path
    port: int

    @property
    def over_loopback(self) -> dict[str, str]:
        """Variables that lead a client there over TCP."""
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "lit", "PGDATABASE": "postgres"}

    @property
    def over_socket(self) -> dict[str, str]:
        """Variables that lead a client there over the Unix socket."""
        return self.over_loopback | {"PGHOST": str(self.sockets)}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with (
            closing(
                psycopg2.connect(host=str(self.sockets), port=self.port, user="lit", dbname="postgres")
            ) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A fresh server from Debian's packages; tests that need it skip where it is not installed."""
    if psycopg2 is None:
        pytest.skip("the extra `postgres` is not installed")
    programs = _programs()
    # A socket's path may have at most 107 characters, which the tests' own temporary folders can exceed.
    with tempfile.TemporaryDirectory(prefix="lit-postgres-") as folder:
        home = Path(folder)
        user = _server_user(home)
        data, port = home / "data", free_port()
        _as(user, programs / "initdb", "-D", data, "-U", "lit", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
        _as(user, programs / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        try:
            yield Postgres(home, port)
        finally:
            _as(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def landing_zone(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.fixture
def environment(landing_zone: Path, tmp_path: Path) -> dict[str, str]:
    """Environment of `lit` with the landing zone, a warehouse of the test's own, and Postgres' configuration."""
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "LIT_RAW": str(landing_zone),
        "LIT_WAREHOUSE": str(tmp_path / "warehouse"),
        "LIT_DAGSTER_YAML": str(PROJECT / "deploy" / "postgres" / "dagster.yaml"),
    }


@pytest.fixture
def lit(environment: dict[str, str]) -> Lit:
    """Runs the console script; keyword arguments are further variables of its environment."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            [LIT, *arguments], capture_output=True, text=True, env=environment | variables, check=False, timeout=120
        )

    return run


@contextmanager
def started(*arguments: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """A command of the console script that runs as long as the block, then ends with all its processes."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own script
            [LIT, *arguments], env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def waited_for(holds: Callable[[], bool], log: Path) -> None:
    """Return once `holds` does; fail with what the log says where it doesn't in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.5)


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(DEBIAN_POSTGRES.glob("*/bin"))
    if not found:
        pytest.skip("Postgres is not installed (Debian: apt-get install postgresql)")
    return found[-1]


def _server_user(home: Path) -> str | None:
    """User to run the server as, who then owns `home`; None for the one who runs the tests."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        pytest.skip(f"the tests run as root, and there is no user {UNPRIVILEGED} to run the server as")
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return UNPRIVILEGED


def _as(user: str | None, *command: str | Path) -> None:
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, user=user, stdout=output, stderr=output, check=False, cwd="/")  # noqa: S603
        output.seek(0)
        assert done.returncode == 0, output.read()
