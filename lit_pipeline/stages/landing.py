"""Scans the landing zone, remembering the hashes of files that did not change, and sees when it has settled."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import polars as pl

from lit_pipeline.ingest.landing import FILE_SCHEMA, Landing, Limits, scan
from lit_pipeline.storage.atomic import write_parquet
from lit_pipeline.storage.warehouse import Warehouse

MANIFEST = "landing_zone"
NANOSECONDS = 1_000_000_000


class Cursor(msgspec.Struct, frozen=True):
    """What the sensor remembers between ticks: content and listing of the landing zone that it last asked a run for."""

    content: str = ""
    listing: str = ""


@dataclass(frozen=True)
class Request:
    """A run that is due because the landing zone's content changed."""

    run_key: str
    n_files: int


def scan_landing_zone(raw: Path, limits: Limits, warehouse: Warehouse) -> Landing:
    """Scan the landing zone; a file whose path, size and time are those of the last scan is not read again.

    Raises:
        LandingZoneError: the folder is missing or can't be listed.

    """
    warehouse.prepare()
    manifest = warehouse.stage(MANIFEST)
    landing = scan(raw, limits, _previous(manifest))
    write_parquet(landing.hashed, manifest)
    return landing


def _previous(manifest: Path) -> pl.DataFrame | None:
    try:
        previous = pl.read_parquet(manifest)
    except (OSError, pl.exceptions.PolarsError):
        return None
    return previous if previous.schema == FILE_SCHEMA else None


def read_cursor(text: str | None) -> Cursor:
    """The cursor that a tick stored; an empty one where there is none or it can't be read."""
    try:
        return msgspec.json.decode(text, type=Cursor) if text else Cursor()
    except msgspec.MsgspecError:
        return Cursor()


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text."""
    return msgspec.json.encode(cursor).decode()


def unsettled(files: pl.DataFrame, now_ns: int, settle_seconds: int) -> list[str]:
    """Files that changed in the last seconds and may still be being written."""
    recent = pl.col("modified_ns").is_between(now_ns - settle_seconds * NANOSECONDS, now_ns, closed="right")
    return files.filter(recent)["source_file"].to_list()


def next_request(cursor: Cursor, files: pl.DataFrame) -> tuple[Cursor, Request | None]:
    """The new cursor, and the run that is due where content came or went since the last request.

    All new files go into one run. Files that were only touched or renamed ask for none.
    """
    content = _digest(files.select(pl.col("source_sha256").unique().sort()))
    listing = _digest(files.select("source_file", "source_sha256", pl.col("modified_ns").cast(pl.String)))
    if content == cursor.content or files.is_empty():
        return Cursor(cursor.content, listing), None
    return Cursor(content, listing), Request(run_key=listing, n_files=len(files))


def _digest(rows: pl.DataFrame) -> str:
    return hashlib.sha256("\n".join("\t".join(row) for row in rows.iter_rows()).encode()).hexdigest()[:32]
