"""Reads the raw files that were not read before, and says what the landing zone holds."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lit_pipeline.ingest.landing import Landing, Limits, RawFile
from lit_pipeline.ingest.read import FileRejected, read_file
from lit_pipeline.ingest.registry import READERS
from lit_pipeline.progress import Progress
from lit_pipeline.stages.stores import ReadOutcomes, Stores, segment_key
from lit_pipeline.storage.segments import KEY, SegmentWriter
from lit_pipeline.tables.records import RawFiles, RejectedFiles
from lit_pipeline.tables.schema import polars_schema

OUTCOME_SCHEMA = pl.Schema({KEY: pl.String(), **polars_schema(ReadOutcomes)})


@dataclass(frozen=True)
class ReadOptions:
    """How files are read."""

    limits: Limits
    captured_on: date | None
    batch_rows: int


def reader_versions() -> str:
    """Names and versions of all readers; a change reads every file again."""
    return " ".join(f"{reader.name}={reader.version}" for reader in READERS)


def file_keys(files: pl.DataFrame, captured_on: date | None) -> pl.DataFrame:
    """Add the key under which a file's records are stored.

    It holds all that decides what a file gives: its content, the readers, and the days that date a page.
    """
    page_day = pl.coalesce("captured_on", pl.lit(captured_on, dtype=pl.Date))
    return files.with_columns(
        segment_key(
            pl.col("source_sha256"),
            page_day.cast(pl.String),
            pl.col("modified_on").cast(pl.String),
            reader_versions(),
        )
    )


def read_new_files(raw: Path, files: pl.DataFrame, stores: Stores, options: ReadOptions, progress: Progress) -> int:
    """Read the files of `files` (with `segment_key`) that have no stored outcome; returns how many were read."""
    new = files.filter(pl.col(KEY).is_in(stores.files.missing(files[KEY]).implode()))
    with progress.stage("Reading files", "files", len(new)) as count, stores.files.writer() as writer:
        for row in new.iter_rows(named=True):
            outcome = _read_one(raw, row, options, writer)
            writer.append("outcomes", pl.DataFrame([outcome], schema=OUTCOME_SCHEMA))
            writer.done([row[KEY]])
            count(1)
    return len(new)


def _read_one(raw: Path, row: dict[str, Any], options: ReadOptions, writer: SegmentWriter) -> dict[str, Any]:
    key = pl.lit(row[KEY]).alias(KEY)
    outcome: dict[str, Any] = {KEY: row[KEY], "n_records": 0}
    try:
        for batch in read_file(raw, RawFile.from_row(row), options.limits, options.captured_on, options.batch_rows):
            writer.append("records", batch.records.with_columns(key))
            writer.append("rejected", batch.rejected.with_columns(key))
            outcome["n_records"] += len(batch.records) + len(batch.rejected)
            outcome |= {"source_format": batch.source_format, "reader_version": batch.reader_version}
    except FileRejected as error:
        outcome |= {"reason": error.reason, "place": error.place, "detail": error.detail}
    return outcome


def raw_files(files: pl.DataFrame, stores: Stores) -> pl.DataFrame:
    """Table `raw_files`: the files that gave records."""
    outcomes = stores.files.scan("outcomes", files).filter(pl.col("source_format").is_not_null())
    return outcomes.select(polars_schema(RawFiles).names()).sort("source_file").collect()


def rejected_files(landing: Landing, files: pl.DataFrame, stores: Stores) -> pl.DataFrame:
    """Table `rejected_files`: what the scan and the readers did not take."""
    names = polars_schema(RejectedFiles).names()
    by_reader = stores.files.scan("outcomes", files).filter(pl.col("reason").is_not_null()).select(names).collect()
    return pl.concat([landing.rejected.select(names), by_reader]).sort("source_file")
