"""Fixtures of the tests of faults."""

from pathlib import Path

import pytest

from lit_pipeline.settings import Settings
from tests.faults.faults_setup import FIRST_PAGE, SECOND_PAGE, copy_of, digests, lit_run, run_here, write_page


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with one published snapshot, to copy; a further page has come since."""
    folder = tmp_path_factory.mktemp("published")
    settings = Settings(raw=folder / "raw", warehouse=folder / "warehouse")
    write_page(settings.raw, "first.txt", FIRST_PAGE)
    assert lit_run(settings).returncode == 0
    write_page(settings.raw, "second.txt", SECOND_PAGE)
    return settings


@pytest.fixture(scope="session")
def clean(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a run in an empty warehouse publishes of both pages: digest by table."""
    settings = published.model_copy(update={"warehouse": tmp_path_factory.mktemp("clean")})
    assert run_here(settings).success
    return digests(settings)


@pytest.fixture
def settings(published: Settings, tmp_path: Path) -> Settings:
    """Settings over a copy of the published warehouse."""
    return copy_of(published, tmp_path / "warehouse")
