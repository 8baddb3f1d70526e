"""What must hold for any bytes at all: the invariants of reading and cleaning, in one function."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lit_pipeline.cleaning.records import Cleaned, clean_records
from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import Batch, FileRejected, read_file
from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import empty_frame, faults

Outcome = str | tuple[pl.DataFrame, pl.DataFrame]
"""The reason for which a file was rejected, or its records and its rejected ones."""


@dataclass(frozen=True)
class Read:
    """What a file gave, once all invariants were seen to hold."""

    reason: str | None
    records: pl.DataFrame
    rejected: pl.DataFrame

    @property
    def n_read(self) -> int:
        """Records met, taken or not."""
        return self.records.height + self.rejected.height

    def reasons(self) -> set[str]:
        """Why records were rejected."""
        return set(self.rejected["reason"].to_list())


def read_checked(root: Path, data: bytes, limits: Limits | None = None) -> Read:
    """Write bytes into a landing zone, read and clean them, and check what must hold whatever they are."""
    (root / "capture").write_bytes(data)
    landing = scan(root, limits or Limits())
    if landing.files.is_empty():
        assert landing.rejected.height == 1
        return _read(landing.rejected["reason"].item())
    file = RawFile.from_row(landing.files.row(0, named=True))
    first, second = (_outcome(root, file, limits or Limits()) for _ in range(2))
    if isinstance(first, str):
        assert first == second
        return _read(first)
    assert not isinstance(second, str)
    assert all(one.equals(other) for one, other in zip(first, second, strict=True))
    _check(*first)
    return Read(None, *first)


def _read(reason: str) -> Read:
    return Read(reason, empty_frame(tables.RawRecords), empty_frame(tables.RejectedRecords))


def _outcome(root: Path, file: RawFile, limits: Limits) -> Outcome:
    batches: list[Batch] = []
    try:
        batches.extend(read_file(root, file, limits, batch_rows=7))
    except FileRejected as rejection:
        if batches or not rejection.detail.isprintable():
            raise
        return rejection.reason
    return pl.concat(batch.records for batch in batches), pl.concat(batch.rejected for batch in batches)


def _check(records: pl.DataFrame, rejected: pl.DataFrame) -> None:
    assert faults(records, tables.RawRecords) == {}
    assert faults(rejected, tables.RejectedRecords) == {}
    positions = sorted([*records["position"], *rejected["position"]])
    assert positions == list(range(len(positions)))
    cleaned = clean_records(records)
    check_cleaned(records, cleaned)


def check_cleaned(records: pl.DataFrame, cleaned: Cleaned) -> None:
    """Each record is in one of the two frames, which hold to their declarations."""
    ids = [*cleaned.records["record_id"], *cleaned.rejected["record_id"]]
    assert sorted(ids) == sorted(records["record_id"])
    assert faults(cleaned.records, tables.CleanRecords) == {}
    assert faults(cleaned.rejected, tables.RejectedRecords) == {}
    assert cleaned.records.filter(pl.col("title").str.strip_chars() == "").is_empty()
