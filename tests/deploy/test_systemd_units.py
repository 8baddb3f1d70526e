"""The systemd units: valid where systemd can tell, and as closed as they claim."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from lit_pipeline.cli.doctor import Level
from tests.deploy.conftest import PROJECT

UNITS = PROJECT / "deploy" / "systemd"
SERVICES = ("lit_pipeline-daemon.service", "lit_pipeline-doctor.service", "lit_pipeline-webserver.service")
TIMER = "lit_pipeline-doctor.timer"
INSTALLED = "/opt/lit_pipeline/.venv/bin"
MAX_EXPOSURE = 2.0
"""Of 10, as `systemd-analyze security` counts; it calls up to 2 safe enough to be `OK`."""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units, as they look where the package is installed in this environment."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    folder = tmp_path / "system"
    shutil.copytree(UNITS, folder)
    for service in SERVICES:
        text = (folder / service).read_text(encoding="utf-8")
        (folder / service).write_text(text.replace(INSTALLED, str(Path(sys.executable).parent)), encoding="utf-8")
    return folder


def analyse(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - systemd's own tool, on our files
        ["systemd-analyze", *arguments],  # noqa: S607 - where it lies differs by system
        capture_output=True,
        text=True,
        check=False,
    )


def parsed(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.read(UNITS / name, encoding="utf-8")
    return parser


def test_systemd_finds_no_fault(installed: Path) -> None:
    done = analyse("verify", "--man=no", *(installed / unit for unit in (*SERVICES, TIMER)))
    assert [line for line in done.stderr.splitlines() if "lit_pipeline" in line] == []


@pytest.mark.parametrize("service", SERVICES)
def test_systemd_counts_little_exposure(installed: Path, service: str) -> None:
    done = analyse("security", "--offline=true", "--no-pager", installed / service)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd can't analyse units that are not installed")
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert exposure is not None, done.stderr
    assert float(exposure[1]) <= MAX_EXPOSURE


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_user_of_its_own(service: str) -> None:
    assert parsed(service)["Service"]["User"] == "lit"
    assert "u lit " in (UNITS / "lit_pipeline.sysusers.conf").read_text(encoding="utf-8")


def test_the_warehouse_alone_can_be_written_to() -> None:
    service = parsed("lit_pipeline-.service.d/common.conf")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    warehouse = f"LIT_WAREHOUSE={service['ReadWritePaths']}"
    assert warehouse in (UNITS / "lit.env.example").read_text(encoding="utf-8").splitlines()


def test_the_ui_is_on_loopback_alone() -> None:
    service = parsed("lit_pipeline-webserver.service")["Service"]
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")
    assert "LIT_UI_HOST=127.0.0.1" in (UNITS / "lit.env.example").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_a_command_that_there_is(service: str) -> None:
    command = parsed(service)["Service"]["ExecStart"].removeprefix(f"{INSTALLED}/").split()
    done = subprocess.run(  # noqa: S603 - our own script
        [Path(sys.executable).with_name("lit"), command[1], "--help"], capture_output=True, check=False
    )
    assert command[0] == "lit"
    assert done.returncode == 0


def test_the_doctor_fails_by_failures_alone_and_is_not_restarted() -> None:
    service = parsed("lit_pipeline-doctor.service")["Service"]
    assert (service["Type"], service["SuccessExitStatus"]) == ("oneshot", str(Level.WARN.value))
    assert "Restart" not in service
    assert "Restart" not in parsed("lit_pipeline-.service.d/common.conf")["Service"]
    assert parsed(TIMER)["Install"]["WantedBy"] == "timers.target"
