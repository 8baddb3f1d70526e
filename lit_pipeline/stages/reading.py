"""Reads the raw files that were not read before, and says what the landing zone holds."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lit_pipeline.ingest.landing import LandingZoneError, Limits, RawFile
from lit_pipeline.ingest.read import FileRejected, read_file
from lit_pipeline.ingest.registry import READERS
from lit_pipeline.progress import Progress
from lit_pipeline.stages.landing import scan_landing_zone
from lit_pipeline.stages.stores import ReadOutcomes, Stores, segment_key
from lit_pipeline.storage.segments import KEY, SegmentWriter
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.records import RawFiles, RejectedFiles
from lit_pipeline.tables.schema import polars_schema

OUTCOME_SCHEMA = pl.Schema({KEY: pl.String(), **polars_schema(ReadOutcomes)})


PASSING_REASONS = ("changed", "outside_landing_zone", "unreadable")
"""Reasons that say nothing of a file's content: they are told in this run, and the next one tries again."""

ATTEMPTS = 3
"""Times that the landing zone is scanned in one run as long as files change under it."""


@dataclass(frozen=True)
class ReadOptions:
    """How files are read."""

    limits: Limits
    captured_on: date | None
    batch_rows: int


@dataclass(frozen=True)
class LandingRead:
    """What a landing zone holds, once its new files are read.

    Args:
        keys: files whose outcome is stored: columns of the scan and `segment_key`.
        rejected: files that the scan did not take, or that can't be read at the moment (schema `RejectedFiles`).
        n_read: files that were read now.
    """

    keys: pl.DataFrame
    rejected: pl.DataFrame
    n_read: int


def reader_versions() -> str:
    """Names and versions of all readers; a change reads every file again."""
    return " ".join(f"{reader.name}={reader.version}" for reader in READERS)


def file_keys(files: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
    """Add the key under which a file's records are stored.

    It holds all that decides what a file gives: its content, the readers, their limits, and the days that date a page.
    """
    page_day = pl.coalesce("captured_on", pl.lit(options.captured_on, dtype=pl.Date))
    return files.with_columns(
        segment_key(
            pl.col("source_sha256"),
            page_day.cast(pl.String),
            pl.col("modified_on").cast(pl.String),
            reader_versions(),
            repr(options.limits),
        )
    )


def read_landing_zone(
    raw: Path, warehouse: Warehouse, stores: Stores, options: ReadOptions, progress: Progress
) -> LandingRead:
    """Scan the landing zone and read the files that have no stored outcome; again where files changed meanwhile.

    Raises:
        LandingZoneError: the folder is missing, can't be listed, or holds no file at all.

    """
    n_read = 0
    for _ in range(ATTEMPTS):
        landing = scan_landing_zone(raw, options.limits, warehouse)
        if landing.files.is_empty() and landing.rejected.is_empty():
            raise LandingZoneError(f"there are no raw files in the landing zone {raw}")
        keys = file_keys(landing.files, options)
        unread = read_new_files(raw, keys, stores, options, progress)
        n_read += unread.n_read
        if "changed" not in unread.rejected["reason"]:
            break
    stores.files.compact(keys[KEY])
    readable = keys.join(unread.rejected, on="source_file", how="anti", maintain_order="left")
    return LandingRead(readable, pl.concat([landing.rejected, unread.rejected]), n_read)


def read_new_files(
    raw: Path, files: pl.DataFrame, stores: Stores, options: ReadOptions, progress: Progress
) -> LandingRead:
    """Read the files of `files` (with `segment_key`) that have no stored outcome; `rejected` can't be read now."""
    new = files.filter(pl.col(KEY).is_in(stores.files.missing(files[KEY]).implode()))
    outcomes, passing = [], []
    with progress.stage("Reading files", "files", len(new)) as count, stores.files.writer() as writer:
        for row in new.iter_rows(named=True):
            outcome = _read_one(raw, row, options, writer)
            if outcome.get("reason") in PASSING_REASONS:
                writer.drop(row[KEY])
                passing.append({**row, **outcome})
            else:
                outcomes.append(outcome)
                writer.done([row[KEY]])
            count(1)
        writer.append("outcomes", pl.DataFrame(outcomes, schema=OUTCOME_SCHEMA))
    rejected = pl.DataFrame(passing, schema=polars_schema(RejectedFiles))
    return LandingRead(new, rejected, len(new) - len(passing))


def _read_one(raw: Path, row: dict[str, Any], options: ReadOptions, writer: SegmentWriter) -> dict[str, Any]:
    key = pl.lit(row[KEY]).alias(KEY)
    outcome: dict[str, Any] = {KEY: row[KEY], "n_records": 0}
    try:
        for batch in read_file(raw, RawFile.from_row(row), options.limits, options.captured_on, options.batch_rows):
            if len(batch.rejected) and "unreadable" in batch.rejected["reason"]:
                return outcome | {"reason": "unreadable", "detail": "the file can't be read to its end"}
            for table, rows in (("records", batch.records), ("rejected", batch.rejected)):
                if len(rows):
                    writer.append(table, rows.with_columns(key))
            outcome["n_records"] += len(batch.records) + len(batch.rejected)
            outcome |= {"source_format": batch.source_format, "reader_version": batch.reader_version}
    except FileRejected as error:
        outcome |= {"reason": error.reason, "place": error.place, "detail": error.detail}
    return outcome


def raw_files(files: pl.DataFrame, stores: Stores) -> pl.DataFrame:
    """Table `raw_files`: the files that gave records."""
    outcomes = stores.files.scan("outcomes", files).filter(pl.col("source_format").is_not_null())
    return outcomes.select(polars_schema(RawFiles).names()).sort("source_file").collect()


def rejected_files(found: LandingRead, stores: Stores) -> pl.DataFrame:
    """Table `rejected_files`: what the scan and the readers did not take."""
    names = polars_schema(RejectedFiles).names()
    by_reader = stores.files.scan("outcomes", found.keys).filter(pl.col("reason").is_not_null()).select(names).collect()
    return pl.concat([found.rejected.select(names), by_reader]).sort("source_file")
