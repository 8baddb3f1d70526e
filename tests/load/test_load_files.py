"""A landing zone of ten thousand small files."""

import json
from pathlib import Path

import dagster as dg
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse

N_FILES = 10_000
N_PAPERS = 100
MAX_STORED_FILES = 60
"""Files that a first run leaves in the segments, however many raw files it read."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Each file is an answer with one paper of a hundred, with votes of its own."""
    for number in range(N_FILES):
        paper = {
            "id": f"2501.{number % N_PAPERS:05d}",
            "title": f"Paper of the Number {number % N_PAPERS}",
            "summary": "",
            "upvotes": number,
        }
        folder = tmp_path / "raw" / f"{number % 100:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.json").write_text(json.dumps([{"paper": paper}]), encoding="utf-8")
    return Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")


def test_ten_thousand_files_are_one_run(settings: Settings) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(settings).resolve_job_def("refresh")
        assert job.execute_in_process(instance=instance, run_config=QUIET).success
    warehouse = Warehouse(settings.warehouse)
    assert len(published_frame(warehouse, "raw_files")) == N_FILES
    assert len(published_frame(warehouse, "papers")) == N_PAPERS
    assert len([path for path in warehouse.segments.rglob("*") if path.is_file()]) < MAX_STORED_FILES
