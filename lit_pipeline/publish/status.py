"""What is published, how old it is, and what waits in the landing zone; nothing here writes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from lit_pipeline.ingest.landing import Landing, LandingZoneError, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.publish.snapshot import list_snapshots, published_frame
from lit_pipeline.stages.landing import MANIFEST
from lit_pipeline.storage.warehouse import Warehouse

COUNTS = ("n_files", "n_records", "n_papers", "n_models", "n_benchmarks", "n_mentions", "n_results")


@dataclass(frozen=True)
class Published:
    """The current snapshot: its run, when it was published (UTC), its age in hours, its counts."""

    run_id: str
    published_at: datetime
    age_hours: float
    counts: dict[str, int]
    n_snapshots: int


@dataclass(frozen=True)
class LandingZone:
    """Files of the landing zone: all, those not in the published database, and the time of the newest (UTC).

    `problem` says why it could not be read.
    """

    n_files: int = 0
    n_waiting: int = 0
    n_rejected: int = 0
    newest_at: datetime | None = None
    problem: str | None = None


def published(warehouse: Warehouse, now: datetime) -> Published | None:
    """The current snapshot; None where nothing is published."""
    runs = published_frame(warehouse, "pipeline_runs").sort("published_at")
    if runs.is_empty():
        return None
    last: dict[str, Any] = runs.row(-1, named=True)
    at = last["published_at"].replace(tzinfo=UTC)
    return Published(
        run_id=last["run_id"],
        published_at=at,
        age_hours=(now - at) / timedelta(hours=1),
        counts={name: last[name] for name in COUNTS},
        n_snapshots=len(list_snapshots(warehouse)),
    )


def landing_zone(raw: Path, limits: Limits, warehouse: Warehouse) -> LandingZone:
    """What the landing zone holds, and how many of its files the published database has not seen."""
    try:
        landing = scan(raw, limits, _manifest(warehouse))
    except LandingZoneError as error:
        return LandingZone(problem=str(error))
    newest = landing.files["modified_ns"].max()
    return LandingZone(
        n_files=len(landing.files),
        n_waiting=_n_waiting(landing, warehouse),
        n_rejected=len(landing.rejected),
        newest_at=datetime.fromtimestamp(newest / 1e9, UTC) if isinstance(newest, int) else None,
    )


def _manifest(warehouse: Warehouse) -> pl.DataFrame | None:
    """Hashes that the last scan stored."""
    try:
        return pl.read_parquet(warehouse.stage(MANIFEST), glob=False)
    except (OSError, pl.exceptions.PolarsError):
        return None


def _n_waiting(landing: Landing, warehouse: Warehouse) -> int:
    seen = pl.concat(
        [
            published_frame(warehouse, "raw_files")["source_sha256"],
            published_frame(warehouse, "rejected_files")["source_sha256"],
        ]
    )
    return int((~landing.files["source_sha256"].is_in(seen.implode())).sum())


def size_bytes(folder: Path) -> int:
    """Bytes of all files below a folder; links are not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
