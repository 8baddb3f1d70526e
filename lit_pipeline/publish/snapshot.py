"""Snapshots: each run that passes its checks publishes one, and readers see it whole or not at all.

A snapshot is a folder with the database and the same tables as Parquet. It is built under a name that nothing
reads, renamed, and then swapped in by one rename of the symbolic link. Readers that have the old one open keep it.
"""

import logging
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from lit_pipeline.marts.views import MACROS, VIEWS
from lit_pipeline.publish.database import build_database
from lit_pipeline.storage.atomic import TEMPORARY_MARK, swap_symlink, temporary_folder, write_parquet
from lit_pipeline.storage.seal import is_as_sealed, seal_folder
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import conform, empty_frame, polars_schema

STAMP_FORMAT = "%Y%m%dT%H%M%S%fZ"

logger = logging.getLogger(__name__)


def publish(warehouse: Warehouse, frames: Mapping[str, pl.LazyFrame], now: datetime, keep: int) -> Path:
    """Build a snapshot of all published tables, make it the current one, and remove old ones.

    Args:
        warehouse: where snapshots lie.
        frames: rows of each published table by name.
        now: time of publishing, see `publishing_time`; names the snapshot.
        keep: snapshots to keep, the new one included.

    Returns:
        Path of the new database.

    """
    stamp = publishing_time(warehouse, now).strftime(STAMP_FORMAT)
    snapshot = warehouse.snapshots / stamp
    with temporary_folder(warehouse.snapshots / f"{TEMPORARY_MARK}{stamp}") as building:
        paths = {name: building / f"{name}.parquet" for name in PUBLISHED}
        for name, table in PUBLISHED.items():
            write_parquet(conform(frames[name], table), paths[name])
        build_database(building / DATABASE_NAME, PUBLISHED, paths, views=VIEWS, macros=MACROS)
        seal_folder(building)
        building.rename(snapshot)
    swap_symlink(warehouse.database, f"{warehouse.snapshots.name}/{stamp}/{DATABASE_NAME}")
    remove_old_snapshots(warehouse, keep)
    return snapshot / DATABASE_NAME


def publishing_time(warehouse: Warehouse, now: datetime) -> datetime:
    """`now` in UTC, or a microsecond after the newest snapshot where the clock was set back behind it.

    So the names of snapshots are unique and in the order of publishing, and so are the rows of `pipeline_runs`.
    """
    times = [_time_of(snapshot) for snapshot in list_snapshots(warehouse)]
    return max([now.astimezone(UTC), *(time + timedelta(microseconds=1) for time in times if time)])


def published_frame(warehouse: Warehouse, name: str) -> pl.DataFrame:
    """Rows of a table in the current snapshot; no rows where nothing is published yet.

    Where its file there is missing or damaged, the newest snapshot that holds it whole stands in. A snapshot of an
    older version is read as the table is declared today: columns it lacks are null.
    """
    for path in _candidates(warehouse, name):
        try:
            stored = pl.read_parquet(path, glob=False)
        except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            continue
        if path.parent != warehouse.database.resolve().parent:
            logger.warning("%s of the published snapshot can't be read; %s stands in for it", name, path)
        return stored.select(
            pl.col(column).cast(dtype) if column in stored.schema else pl.lit(None, dtype=dtype).alias(column)
            for column, dtype in polars_schema(PUBLISHED[name]).items()
        )
    return empty_frame(PUBLISHED[name])


def _candidates(warehouse: Warehouse, name: str) -> Iterator[Path]:
    """Files of a published table, the best first: the current snapshot before older ones, but whole before damaged."""
    current = warehouse.database.resolve().parent
    older = [snapshot for snapshot in reversed(list_snapshots(warehouse)) if snapshot != current]
    paths = [folder / f"{name}.parquet" for folder in (current, *older)]
    present = [path for path in paths if path.exists()] if warehouse.database.is_symlink() else []
    damaged = []
    for path in present:
        if is_as_sealed(path):
            yield path
        else:
            damaged.append(path)
    yield from damaged


def list_snapshots(warehouse: Warehouse) -> list[Path]:
    """Folders of finished snapshots, oldest first; folders of other names are none."""
    return sorted(path for path in warehouse.snapshots.glob("[!.]*") if path.is_dir() and _time_of(path))


def remove_old_snapshots(warehouse: Warehouse, keep: int) -> None:
    """Remove all but the last `keep` snapshots; never the current one."""
    current = warehouse.database.resolve().parent
    for snapshot in list_snapshots(warehouse)[:-keep]:
        if snapshot != current:
            shutil.rmtree(snapshot)


def _time_of(snapshot: Path) -> datetime | None:
    """Time that a snapshot's name states; None for a name that is no stamp."""
    try:
        return datetime.strptime(snapshot.name, STAMP_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
