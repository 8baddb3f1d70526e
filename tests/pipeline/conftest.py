"""Runs the whole job in this process, on a landing zone and a warehouse of the test's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.settings import Settings

SAMPLE = Path(__file__).resolve().parents[2] / "warehouse" / "raw"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

Run = Callable[[Settings], dg.ExecuteInProcessResult]


@pytest.fixture(scope="session")
def run() -> Run:
    """Materialises everything for some settings."""

    def execute(settings: Settings) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral() as instance:
            job = build_defs(settings).resolve_job_def("refresh")
            return job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)

    return execute


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over a copy of the sample."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(SAMPLE, folder / "raw")
    return Settings(raw=folder / "raw", warehouse=folder / "warehouse")


@pytest.fixture(scope="session")
def sample_run(run: Run, sample_settings: Settings) -> dg.ExecuteInProcessResult:
    """One run over the sample, shared by tests that only read."""
    return run(sample_settings)
