"""What the tests of the ingest stage share: everything that one file of a landing zone gave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import read_file


@dataclass(frozen=True)
class Reading:
    """All that one file gave."""

    records: pl.DataFrame
    rejected: pl.DataFrame
    source_format: str

    def column(self, name: str) -> list[object]:
        """Values of a column of the records."""
        return self.records[name].to_list()


Read = Callable[..., Reading]


def read_landed(root: Path, name: str, limits: Limits, captured_on: date | None = None) -> Reading:
    """Everything in one file of a landing zone."""
    rows = scan(root, limits).files.filter(pl.col("source_file") == name)
    batches = list(read_file(root, RawFile.from_row(rows.row(0, named=True)), limits, captured_on))
    return Reading(
        pl.concat(batch.records for batch in batches),
        pl.concat(batch.rejected for batch in batches),
        batches[0].source_format,
    )
