"""Scans the landing zone, remembering the hashes of files that did not change, and sees when it has settled."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import polars as pl

from lit_pipeline.ingest.landing import FILE_SCHEMA, Landing, Limits, scan
from lit_pipeline.storage.atomic import write_parquet
from lit_pipeline.storage.seal import DamagedFileError, check_file, seal_file
from lit_pipeline.storage.warehouse import Warehouse

MANIFEST = "landing_zone"
NANOSECONDS = 1_000_000_000


class Cursor(msgspec.Struct, frozen=True):
    """What the sensor remembers between ticks.

    Args:
        content: digest of the content that it last asked a run for.
        listing: digest of names, contents and times at the last tick.
        n_requests: runs it asked for, so that content which comes back with its old times asks again.
    """

    content: str = ""
    listing: str = ""
    n_requests: int = 0


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
    manifest = warehouse.stage(MANIFEST)
    previous = _previous(manifest)
    landing = scan(raw, limits, previous)
    if previous is None or not landing.hashed.equals(previous):
        _remember(landing.hashed, manifest)
    return landing


def _previous(manifest: Path) -> pl.DataFrame | None:
    """Files that the last scan hashed; None where it left nothing whole, or nothing of these columns."""
    try:
        check_file(manifest)
        previous = pl.read_parquet(manifest, glob=False)
    except (OSError, DamagedFileError, pl.exceptions.PolarsError):
        return None
    return previous if previous.schema == FILE_SCHEMA else None


def _remember(hashed: pl.DataFrame, manifest: Path) -> None:
    """Keep the hashes for the next scan, which without them only takes longer."""
    with suppress(OSError):
        write_parquet(hashed, manifest)
        seal_file(manifest)


def read_cursor(text: str | None) -> Cursor:
    """The cursor that a tick stored; an empty one where there is none or it can't be read."""
    try:
        return msgspec.json.decode(text, type=Cursor) if text else Cursor()
    except msgspec.MsgspecError:
        return Cursor()


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text."""
    return msgspec.json.encode(cursor).decode()


def unsettled(cursor: Cursor, files: pl.DataFrame, now_ns: int, settle_seconds: int) -> list[str]:
    """Files that may still be being written: changed in the last seconds, or since the last tick.

    The last tick counts for files whose time is ahead of the clock, as after the clock was set back.
    """
    recent = pl.col("modified_ns") > now_ns - settle_seconds * NANOSECONDS
    ahead = pl.col("modified_ns") > now_ns
    still = pl.lit(_listing(files) == cursor.listing)
    return files.filter(recent & ~(ahead & still))["source_file"].to_list()


def seen(cursor: Cursor, files: pl.DataFrame) -> Cursor:
    """The cursor after a tick that asks for nothing."""
    return msgspec.structs.replace(cursor, listing=_listing(files))


def next_request(cursor: Cursor, files: pl.DataFrame) -> tuple[Cursor, Request | None]:
    """The new cursor, and the run that is due where content came or went since the last request.

    All new files go into one run. Files that were only touched or renamed ask for none.
    """
    content = _digest(files.select(pl.col("source_sha256").unique().sort()))
    if content == cursor.content or files.is_empty():
        return seen(cursor, files), None
    after = Cursor(content, _listing(files), cursor.n_requests + 1)
    return after, Request(run_key=f"{after.listing}-{after.n_requests}", n_files=len(files))


def _listing(files: pl.DataFrame) -> str:
    return _digest(files.select("source_file", "source_sha256", pl.col("modified_ns").cast(pl.String)))


def _digest(rows: pl.DataFrame) -> str:
    return hashlib.sha256("\n".join("\t".join(row) for row in rows.iter_rows()).encode()).hexdigest()[:32]
