"""The composition, as Docker itself takes it: valid, and where there are an engine and the images, at work.

The second is marked `load`, and needs the image: docker build --file deploy/docker/Dockerfile --tag lit_pipeline .
"""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.deploy.conftest import PAGE, PROJECT

COMPOSITION = PROJECT / "deploy" / "docker" / "compose.yaml"
COMPOSE = (("docker", "compose"), ("docker-compose",))
IMAGES = ("lit_pipeline", "postgres:15.14-bookworm")
OWN_NAME = "lit_pipeline_test"
UP_SECONDS = 240
RUN_SECONDS = 240
ASK = """
import sys, urllib.request
request = urllib.request.Request(
    "http://127.0.0.1:3000/graphql", sys.argv[1].encode(), {"Content-Type": "application/json"}
)
print(urllib.request.urlopen(request, timeout=30).read().decode())
"""
LAUNCH = """
    mutation {
        launchRun(executionParams: {
            runConfigData: "{}",
            selector: {
                repositoryLocationName: "lit_pipeline.definitions", repositoryName: "__repository__", jobName: "refresh"
            }
        }) { ... on LaunchRunSuccess { run { runId } } }
    }
"""

Compose = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def program() -> tuple[str, ...]:
    """Compose, as Docker's plugin or a program of its own, of the second generation."""
    for command in COMPOSE:
        if shutil.which(command[0]):
            done = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode == 0 and done.stdout.lstrip("v")[:1].isdigit() and not done.stdout.startswith("1."):
                return command
    pytest.skip("Docker Compose is not installed")


@pytest.fixture(scope="session")
def compose(program: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Compose:
    """Runs Compose on the composition under a name of its own, over a landing zone with one page."""
    raw = tmp_path_factory.mktemp("landing")
    raw.chmod(0o755)
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    environment = {
        **os.environ,
        "POSTGRES_PASSWORD": secrets.token_hex(12),
        "LANDING_ZONE": str(raw),
        "UI_PORT": "0",  # any that is free
    }

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own file
            [*program, "--project-name", OWN_NAME, "--file", COMPOSITION, *arguments],
            capture_output=True,
            text=True,
            env=environment | variables,
            check=False,
        )

    return run


def test_docker_finds_no_fault(compose: Compose) -> None:
    done = compose("config", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_docker_refuses_an_empty_password(compose: Compose) -> None:
    done = compose("config", "--quiet", POSTGRES_PASSWORD="")
    assert done.returncode != 0
    assert "set it in deploy/docker/.env" in done.stderr


def test_docker_sees_the_landing_zone_read_only_and_the_ui_on_loopback(compose: Compose) -> None:
    services = json.loads(compose("config", "--format", "json").stdout)["services"]
    mounts = [mount for name in ("code", "daemon", "webserver") for mount in services[name]["volumes"]]
    assert {mount["target"]: mount.get("read_only", False) for mount in mounts} == {"/raw": True, "/warehouse": False}
    assert {port["host_ip"] for service in services.values() for port in service.get("ports", [])} == {"127.0.0.1"}


@pytest.fixture(scope="module")
def at_work(compose: Compose) -> Iterator[Compose]:
    """The composition, up and healthy; taken down with its volumes."""
    inspect = ("docker", "image", "inspect", *IMAGES)
    if not shutil.which("docker") or subprocess.run(inspect, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip(f"there is no Docker engine with the images {' and '.join(IMAGES)}")
    try:
        up = compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", str(UP_SECONDS))
        assert up.returncode == 0, f"{up.stderr}\n{compose('logs').stdout[-4000:]}"
        yield compose
    finally:
        compose("down", "--volumes")


@pytest.mark.load
def test_a_run_that_is_asked_for_at_the_ui_succeeds(at_work: Compose) -> None:
    def ask(query: str) -> str:
        return at_work("exec", "-T", "webserver", "python", "-c", ASK, json.dumps({"query": query})).stdout

    run_id = json.loads(ask(LAUNCH))["data"]["launchRun"]["run"]["runId"]
    deadline = time.monotonic() + RUN_SECONDS
    status = ""
    while status not in {"SUCCESS", "FAILURE"} and time.monotonic() < deadline:
        time.sleep(2)
        found = json.loads(ask(f'{{ runOrError(runId: "{run_id}") {{ ... on Run {{ status }} }} }}'))
        status = found["data"]["runOrError"]["status"]
    assert status == "SUCCESS"
    assert "1" in at_work("exec", "-T", "code", "lit", "sql", "select count(*) as papers from papers").stdout


@pytest.mark.load
@pytest.mark.parametrize("path", ["/raw/probe", "/opt/lit_pipeline/probe"])
def test_nothing_can_be_written_but_the_warehouse(at_work: Compose, path: str) -> None:
    done = at_work("exec", "-T", "code", "touch", path)
    assert "Read-only file system" in done.stderr
    assert at_work("exec", "-T", "code", "touch", "/warehouse/probe").returncode == 0


@pytest.mark.load
def test_every_container_is_healthy(at_work: Compose) -> None:
    told = [json.loads(line) for line in at_work("ps", "--format", "json").stdout.splitlines()]
    assert {container["Service"]: container["Health"] for container in told} == dict.fromkeys(
        ("code", "daemon", "postgres", "webserver"), "healthy"
    )
