"""The image and its composition, as far as they can be held to their claims without a container engine."""

import re
import shlex
from typing import Any

import pytest
import typer.main
import yaml

from lit_pipeline.cli.main import app
from tests.deploy.conftest import PROJECT

DOCKER = PROJECT / "deploy" / "docker"
OURS = ("code", "daemon", "webserver")
IN_IMAGE = "/opt/lit_pipeline/"
PINNED = re.compile(r"[a-z]+:\d+(\.\d+)+(-[a-z]+)*")
"""A plain image name with a full version."""


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    loaded = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def services(composed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict(composed["services"])


@pytest.fixture(scope="module")
def instructions() -> list[list[str]]:
    """The Dockerfile's instructions, each split into its words."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [shlex.split(line) for line in lines]


def test_there_are_a_server_for_each_task_and_a_database(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*OURS, "postgres"}


def test_every_base_is_pinned_by_its_version(
    services: dict[str, dict[str, Any]], instructions: list[list[str]]
) -> None:
    bases = [line[1] for line in instructions if line[0] == "FROM"] + [services["postgres"]["image"]]
    assert [base for base in bases if not PINNED.fullmatch(base)] == []


def test_what_pip_installs_is_pinned(instructions: list[list[str]]) -> None:
    installs = [line for line in instructions if "install" in line and any("pip" in word for word in line)]
    assert installs
    assert all("constraints.txt" in line for line in installs)


def test_the_image_does_not_run_as_root(instructions: list[list[str]]) -> None:
    users = [line[1] for line in instructions if line[0] == "USER"]
    assert users == ["10001:10001"]


def test_the_tools_that_build_stay_behind(instructions: list[list[str]]) -> None:
    last = max(number for number, line in enumerate(instructions) if line[0] == "FROM")
    assert [line for line in instructions[last:] if any(word.endswith("/pip") for word in line)] == []
    assert ["COPY", "--from=build", "/opt/lit_pipeline", "/opt/lit_pipeline"] in instructions[last:]


def test_ports_are_published_on_loopback_alone(services: dict[str, dict[str, Any]]) -> None:
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:${UI_PORT:-3000}:3000"]


def test_postgres_is_reached_from_within_alone(composed: dict[str, Any]) -> None:
    assert composed["services"]["postgres"]["networks"] == ["storage"]
    assert composed["networks"]["storage"] == {"internal": True}


@pytest.mark.parametrize("name", OURS)
def test_the_landing_zone_is_only_read(services: dict[str, dict[str, Any]], name: str) -> None:
    raw, warehouse = services[name]["volumes"]
    assert (raw["target"], raw["read_only"]) == ("/raw", True)
    assert warehouse.endswith(":/warehouse")


@pytest.mark.parametrize("name", OURS)
def test_a_container_has_no_privileges(services: dict[str, dict[str, Any]], name: str) -> None:
    service = services[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", [*OURS, "postgres"])
def test_every_container_tells_its_health(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", OURS)
def test_every_container_starts_a_command_that_there_is(services: dict[str, dict[str, Any]], name: str) -> None:
    command, *arguments = services[name]["command"]
    commands = typer.main.get_command(app)
    context = commands.make_context("lit", [command, *arguments])
    found = commands.get_command(context, command)  # type: ignore[attr-defined]
    found.make_context(command, list(arguments))


@pytest.mark.parametrize("name", OURS)
def test_every_file_that_is_named_is_in_the_image(services: dict[str, dict[str, Any]], name: str) -> None:
    words = [*services[name]["command"], *services[name]["environment"].values()]
    named = [word.removeprefix(IN_IMAGE) for word in words if word.startswith(IN_IMAGE)]
    assert [path for path in named if not (PROJECT / path).is_file()] == []


def test_the_password_has_no_default(services: dict[str, dict[str, Any]]) -> None:
    passwords = {
        services["postgres"]["environment"]["POSTGRES_PASSWORD"],
        services["code"]["environment"]["PGPASSWORD"],
    }
    assert passwords == {"${POSTGRES_PASSWORD:?set it in deploy/docker/.env}"}


def test_the_code_server_is_found_where_it_listens(services: dict[str, dict[str, Any]]) -> None:
    workspace = yaml.safe_load((DOCKER / "workspace.yaml").read_text(encoding="utf-8"))
    server = workspace["load_from"][0]["grpc_server"]
    assert server["host"] in services
    assert str(server["port"]) in services[server["host"]]["command"]
    assert server["location_name"] == "lit_pipeline.definitions"
