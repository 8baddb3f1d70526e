"""A hundred readers ask all the time while snapshots are swapped under them."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.publish.snapshot import list_snapshots, publish
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import empty_frame

N_READERS = 100
N_PUBLISHES = 20
N_ROWS = 2000
"""As in many_readers.py, which loads nothing but DuckDB."""

READERS = Path(__file__).with_name("many_readers.py")
TOLD_SECONDS = 120
"""Longest wait for the readers to end, on a machine that does other things too."""


def frames(number: int) -> dict[str, pl.LazyFrame]:
    """Published tables that all say which publish they come from."""
    tables = {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}
    rows = pl.LazyFrame({"old_paper_id": [f"title:{n}" for n in range(N_ROWS)]})
    tables["paper_aliases"] = rows.with_columns(paper_id=pl.lit(str(number)))
    return tables


@pytest.mark.load
def test_readers_see_whole_snapshots_and_no_error(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.prepare()
    publish(warehouse, frames(0), datetime.now(UTC), keep=2)
    command = [sys.executable, str(READERS), str(warehouse.database), str(N_READERS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as readers:  # noqa: S603
        assert readers.stdout is not None
        assert readers.stdout.readline() == "reading\n"
        for number in range(1, N_PUBLISHES + 1):
            publish(warehouse, frames(number), datetime.now(UTC), keep=2)
        told, _ = readers.communicate("", timeout=TOLD_SECONDS)
    lines = told.splitlines()
    assert [line for line in lines if not line.startswith("read ")] == []
    assert len(lines) == N_READERS
    assert len({seen for line in lines for seen in line.split()[1:]}) > N_PUBLISHES // 2
    assert len(list_snapshots(warehouse)) == 2
