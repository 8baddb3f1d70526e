"""Runs the two services as their units say, without systemd, and a materialisation that is asked for at the UI.

Run as root within new mount, network and process namespaces (`unshare --mount --net --pid --fork --mount-proc`), which
end with it. Taken from the units: command lines, environment, user, umask, working folder, what can be written to, the
private /tmp, no privileges, loopback alone. What systemd alone can do is left out, such as the filter of system calls.

Prints one JSON object: how the run ended, what the user could write to, and the memory of the services before the run.
"""

import fcntl
import json
import os
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
INSTALLED = Path("/opt/lit_pipeline")
UNITS = INSTALLED / "deploy" / "systemd"
STATE = Path("/var/lib/lit_pipeline")
STAGING = Path("/mnt")
HIDDEN = ("/home", "/opt", "/root", "/srv", "/tmp", "/var/lib", "/var/tmp")
"""Folders that get empty ones in their place: homes, private temporary folders, and the places of our own files."""

PRIVATE_TMP = ("/tmp", "/var/tmp")
NOT_OF_DISK = ("/dev", "/proc", "/sys")
USER = "lit"
USER_ID = 950

SIOCSIFFLAGS = 0x8914
IFF_UP = 1

START_SECONDS = 180
RUN_SECONDS = 240
REPOSITORY = {"repositoryLocationName": "lit_pipeline.definitions", "repositoryName": "__repository__"}
LAUNCH = """
    mutation($params: ExecutionParams!) {
        launchRun(executionParams: $params) {
            __typename
            ... on LaunchRunSuccess { run { runId } }
            ... on PythonError { message }
        }
    }
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def main(raw: Path) -> None:
    """Set the services up over the files of a folder, run everything once, and tell."""
    page = {path.name: path.read_bytes() for path in raw.iterdir()}
    bring_loopback_up()
    make_file_system()
    landing_zone = Path(settings()["LIT_RAW"])
    landing_zone.mkdir(parents=True)
    for name, content in page.items():
        (landing_zone / name).write_bytes(content)
    protect()
    services = {name: start(name) for name in ("daemon", "webserver")}
    wait_until_up(services)
    memory = {name: resident_mebibytes(process.pid) for name, process in services.items()}
    told = {
        "run": run_everything(),
        "writable": writable(landing_zone),
        "owners": sorted({path.owner() for path in STATE.rglob("*")}),
        "for_others": [str(path) for path in STATE.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o007],
        "resident_mebibytes": memory,
    }
    sys.stdout.write(json.dumps(told))


def settings() -> dict[str, str]:
    """The environment file, as it ships."""
    lines = (UNITS / "lit.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit(name: str) -> dict[str, str]:
    """Section [Service] of a unit, with that of the drop-in it shares."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read([UNITS / f"lit_pipeline-{name}.service", UNITS / "lit_pipeline-.service.d" / "common.conf"], "utf-8")
    return dict(parser["Service"])


def bring_loopback_up() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def make_file_system() -> None:
    """The package in its place with its environment, empty folders for state and landing zone, the user."""
    mount("--make-rprivate", "/")
    mount("-t", "tmpfs", "tmpfs", STAGING)
    needed = sorted({Path(sys.prefix), Path(sys.base_prefix)})
    for number, path in enumerate([PROJECT, *needed]):
        bind(path, STAGING / str(number))
    for folder in HIDDEN:
        mount("-t", "tmpfs", "-o", f"mode={'1777' if folder in PRIVATE_TMP else '755'}", "tmpfs", folder)
    for number, path in enumerate(needed, start=1):
        bind(STAGING / str(number), path)
    for child in (STAGING / "0").iterdir():
        if child.is_dir() and not child.name.startswith("."):
            bind(child, INSTALLED / child.name)
        elif child.is_file():
            shutil.copy(child, INSTALLED)
    bind(Path(sys.prefix), INSTALLED / ".venv")
    for name, line in {
        "passwd": f"{USER}:x:{USER_ID}:{USER_ID}::{STATE}:/usr/sbin/nologin",
        "group": f"{USER}:x:{USER_ID}:",
    }.items():
        (STAGING / name).write_text(f"{Path('/etc', name).read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
        mount("--bind", STAGING / name, f"/etc/{name}")
    STATE.mkdir(mode=int(unit("daemon")["StateDirectoryMode"], 8))
    os.chown(STATE, USER_ID, USER_ID)


def protect() -> None:
    """Make everything read-only, as ProtectSystem=strict does, but the state and the private temporary folders."""
    assert unit("daemon")["ProtectSystem"] == "strict"
    mount("--bind", STATE, unit("daemon")["ReadWritePaths"])
    for point in mount_points():
        if not point.startswith(NOT_OF_DISK) and point not in (*PRIVATE_TMP, str(STATE)):
            mount("-o", "remount,bind,ro", point)


def start(name: str) -> subprocess.Popen[bytes]:
    """Start a service by its unit's command line, as the unit's user and without privileges."""
    service = unit(name)
    environment = settings() | {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(STATE),
        "USER": USER,
        "PYTHONPATH": str(INSTALLED),  # the environment's own package may lie elsewhere
    }
    without_privileges = (
        *("setpriv", "--reuid", service["User"], "--regid", service["Group"], "--clear-groups"),
        *("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"),
    )
    return subprocess.Popen(  # noqa: S603 - the unit's own command line
        [*without_privileges, *shlex.split(service["ExecStart"])],
        cwd=service["WorkingDirectory"],
        env=environment,
        umask=int(service["UMask"], 8),
        stdout=sys.stderr,
    )


def wait_until_up(services: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until the UI answers and the daemon has given signs of life."""
    deadline = time.monotonic() + START_SECONDS
    query = "{ instance { daemonHealth { allDaemonStatuses { required healthy } } } }"
    while True:
        ended = [name for name, process in services.items() if process.poll() is not None]
        assert not ended, f"{ended} has ended"
        assert time.monotonic() < deadline, "the services are not up in time"
        try:
            health = ask(query)["instance"]["daemonHealth"]["allDaemonStatuses"]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            health = [{"required": True, "healthy": False}]
        if all(daemon["healthy"] for daemon in health if daemon["required"]):
            return
        time.sleep(1)


def run_everything() -> str:
    """Launch the refresh at the UI, and return how it ended."""
    params = {"selector": {**REPOSITORY, "jobName": "refresh"}, "runConfigData": "{}"}
    launched = ask(LAUNCH, {"params": params})["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    deadline = time.monotonic() + RUN_SECONDS
    status = ""
    while status not in ENDED and time.monotonic() < deadline:
        time.sleep(1)
        status = ask(STATUS, {"id": launched["run"]["runId"]})["runOrError"]["status"]
    return status


def ask(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """Answer of the UI's GraphQL."""
    address = settings()
    request = urllib.request.Request(
        f"http://{address['LIT_UI_HOST']}:{address['LIT_UI_PORT']}/graphql",
        json.dumps({"query": query, "variables": variables or {}}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        data: dict[str, Any] = json.load(answer)["data"]
    return data


def writable(landing_zone: Path) -> list[str]:
    """Those of some folders in which the services' user can make a file."""
    tried = (INSTALLED, INSTALLED / "lit_pipeline", landing_zone, Path("/etc"), Path("/usr"), Path("/root"), STATE)
    make = 'for folder; do touch "$folder/probe" 2>/dev/null && rm "$folder/probe" && echo "$folder"; done'
    done = subprocess.run(  # noqa: S603 - our own lines
        ["setpriv", "--reuid", USER, "--clear-groups", "sh", "-c", make, "sh", *map(str, tried)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def resident_mebibytes(process: int) -> int:
    """Resident memory of a process and all below it, added up."""
    kibibytes = sum(
        int(line.split()[1])
        for member in family(process)
        for line in Path(f"/proc/{member}/status").read_text(encoding="utf-8").splitlines()
        if line.startswith("VmRSS:")
    )
    return kibibytes // 1024


def family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def mount_points() -> list[str]:
    """Where something is mounted, except below what was mounted over it."""
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    points = {line.split()[1].replace("\\040", " ") for line in lines}
    return sorted(point for point in points if Path(point).is_mount() or Path(point).is_file())


def bind(source: Path, target: Path) -> None:
    """Show a folder at another place as well."""
    target.mkdir(parents=True, exist_ok=True)
    mount("--bind", source, target)


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True)  # noqa: S603, S607 - the system's own tool


if __name__ == "__main__":
    main(Path(sys.argv[1]))
