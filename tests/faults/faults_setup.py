"""What the tests of faults share: a small landing zone, runs of it, and what readers find."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import polars as pl

from lit_pipeline.defs.build import build_defs
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.seal import FOLDER_SEAL, damaged_files
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse
from lit_pipeline.tables.published import PUBLISHED

PROJECT = Path(__file__).resolve().parents[2]
LIT = Path(sys.executable).with_name("lit")
INTERRUPTED_RUN = Path(__file__).with_name("interrupted_run.py")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TELLS_THE_RUN = {"pipeline_runs.parquet", DATABASE_NAME}
"""Files of a snapshot that hold the run's id and time; all others must be equal byte for byte."""
RUN_SECONDS = 120
"""Longest wait for one run of a handful of papers, on a machine that does other things too."""

FIRST_PAGE = "\n\n".join(
    [
        "Daily Papers",
        "TinyNet: A Small Model for Big Questions",
        "We introduce TinyNet, a small model that answers big questions and reaches 71.5% accuracy on MMLU.",
        "BigNet: A Big Model for Small Questions",
        "We present BigNet, a large language model, and compare it with GPT-4o on GSM8K, where it is close behind it.",
    ]
)
SECOND_PAGE = "\n\n".join(
    [
        "Daily Papers",
        "TinyNet: a small model for big questions",
        "We introduce TinyNet, a small model that answers big questions and reaches 71.5% accuracy on MMLU.",
        "Patient Planners: When Agents Should Wait",
        "Acting at once is not always best. On WebArena, agents that may wait solve 12.5% more tasks than others.",
    ]
)
THIRD_PAGE = "\n\n".join(
    [
        "Daily Papers",
        "Weather by Ear: Forecasting Rain from Street Noise",
        "Microphones on lamp posts hear rain before radar sees it. We train wav2vec 2.0 on a year of such recordings.",
    ]
)


def write_page(raw: Path, name: str, text: str) -> Path:
    """A page in the landing zone with a time of its own that lies well in the past."""
    raw.mkdir(parents=True, exist_ok=True)
    path = raw / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_750_000_000, 1_750_000_000))
    return path


def environment(settings: Settings) -> dict[str, str]:
    """Environment of a command over these settings."""
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "LIT_RAW": str(settings.raw),
        "LIT_WAREHOUSE": str(settings.warehouse),
    }


def lit_run(settings: Settings, *wrapper: object) -> subprocess.CompletedProcess[str]:
    """`lit run` as a process of its own; `wrapper` is the command that stands in for it."""
    command = [str(part) for part in wrapper] or [str(LIT), "run"]
    return subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, text=True, env=environment(settings), timeout=RUN_SECONDS, check=False
    )


def interrupted_run(settings: Settings, target: str, call: int, sent: str) -> subprocess.CompletedProcess[str]:
    """`lit run` that gets a signal at a call of a function."""
    return lit_run(settings, sys.executable, INTERRUPTED_RUN, target, call, sent)


def run_here(settings: Settings) -> dg.ExecuteInProcessResult:
    """The same job in this process, without Dagster's files on the disk: faster where no process must die."""
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(settings).resolve_job_def("refresh")
        return job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)


def copy_of(settings: Settings, folder: Path) -> Settings:
    """The same landing zone with a copy of the warehouse."""
    shutil.copytree(settings.warehouse, folder, symlinks=True)
    return settings.model_copy(update={"warehouse": folder})


def digests(settings: Settings) -> dict[str, str]:
    """Digest of each published table's file, by name, of a snapshot that is whole."""
    snapshot = Warehouse(settings.warehouse).database.resolve().parent
    assert damaged_files(snapshot) == []
    lines = (snapshot / FOLDER_SEAL).read_text(encoding="utf-8").splitlines()
    found = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert found.keys() >= {f"{table}.parquet" for table in PUBLISHED}
    return {name: digest for name, digest in found.items() if name not in TELLS_THE_RUN}


def read_by_people(settings: Settings) -> dict[str, pl.DataFrame]:
    """Each table of the database as a reader gets it, which is also what lies beside it as Parquet."""
    warehouse = Warehouse(settings.warehouse)
    with connect(warehouse.database, read_only=True) as reader:
        tables = {name: reader.sql(f'select * from "{name}" order by all').pl() for name in PUBLISHED}
    for name, table in tables.items():
        assert len(table) == len(published_frame(warehouse, name))
    return tables


def n_runs(settings: Settings) -> int:
    """Snapshots that were published so far, as the current one tells."""
    return len(read_by_people(settings)["pipeline_runs"])


def unfinished(settings: Settings) -> list[Path]:
    """Temporary files and folders in the warehouse, those of Dagster aside."""
    return [path for path in settings.warehouse.rglob(".*part-*") if ".dagster" not in path.parts]
