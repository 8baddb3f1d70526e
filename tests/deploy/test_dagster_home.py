"""Dagster's home: the project's dagster.yaml, and the user's sections in place of its own."""

import os
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from lit_pipeline.cli.dagster_home import CONFIGURATION, LOCK, PROJECT, configured, open_instance, prepare_home
from lit_pipeline.cli.errors import CommandError
from lit_pipeline.settings import Settings

PROJECTS_OWN = yaml.safe_load((PROJECT / CONFIGURATION).read_text(encoding="utf-8"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.yaml"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")


def home_of(settings: Settings) -> Path:
    home = prepare_home(settings)
    assert os.environ["DAGSTER_HOME"] == str(home)
    return home


def test_without_a_file_of_ones_own_the_projects_counts(tmp_path: Path) -> None:
    home = home_of(Settings(raw=tmp_path, warehouse=tmp_path / "warehouse"))
    assert yaml.safe_load((home / CONFIGURATION).read_text(encoding="utf-8")) == PROJECTS_OWN


def test_sections_of_ones_own_take_the_place_of_the_projects(own: Path) -> None:
    own.write_text("nux: {enabled: true}\n", encoding="utf-8")
    assert configured(own) == PROJECTS_OWN | {"nux": {"enabled": True}}


def test_postgres_adds_a_storage_and_changes_nothing_else() -> None:
    merged = configured(PROJECT / "deploy" / "postgres" / "dagster.yaml")
    assert merged.pop("storage") == {"postgres": {"postgres_url": "postgresql+psycopg2://"}}
    assert merged == PROJECTS_OWN


@pytest.mark.parametrize(("content", "fault"), [(b"storage: [", "no YAML"), (b"\xff", "no YAML"), (b"- a", "sections")])
def test_a_file_that_is_no_configuration_is_named(own: Path, content: bytes, fault: str) -> None:
    own.write_bytes(content)
    with pytest.raises(CommandError, match=f"own.yaml .*{fault}") as raised:
        configured(own)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(own: Path) -> None:
    with pytest.raises(CommandError, match=r"own\.yaml can't be read: No such file"):
        configured(own)


def test_a_storage_that_cannot_be_opened_is_told_in_one_line(own: Path, tmp_path: Path) -> None:
    own.write_text("storage: {sqlite: {base_dir: {env: LIT_TEST_UNSET}}}\n", encoding="utf-8")
    home_of(Settings(raw=tmp_path, warehouse=tmp_path / "warehouse", dagster_yaml=own))
    with pytest.raises(CommandError, match="Dagster's storage can't be opened: ") as raised, open_instance():
        pass
    assert "\n" not in str(raised.value)


def test_a_storage_is_opened_by_one_service_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_of(Settings(raw=tmp_path, warehouse=tmp_path / "warehouse"))
    monkeypatch.setattr("lit_pipeline.cli.dagster_home.OPENING_SECONDS", 0)
    with FileLock(home / LOCK), pytest.raises(CommandError, match="lock"), open_instance():
        pass
    with open_instance() as instance:
        assert instance.get_runs_count() == 0


def test_an_error_inside_the_block_stays_what_it_is(tmp_path: Path) -> None:
    home_of(Settings(raw=tmp_path, warehouse=tmp_path / "warehouse"))
    with pytest.raises(ZeroDivisionError), open_instance():
        raise ZeroDivisionError
