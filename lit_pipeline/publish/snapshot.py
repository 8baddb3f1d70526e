"""Snapshots: each run that passes its checks publishes one, and readers see it whole or not at all.

A snapshot is a folder with the database and the same tables as Parquet. It is built under a name that nothing
reads, renamed, and then swapped in by one rename of the symbolic link. Readers that have the old one open keep it.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from lit_pipeline.marts.views import MACROS, VIEWS
from lit_pipeline.publish.database import build_database
from lit_pipeline.storage.atomic import TEMPORARY_MARK, remove_leftovers, swap_symlink, write_parquet
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import conform, empty_frame, polars_schema

STAMP_FORMAT = "%Y%m%dT%H%M%S%fZ"


def publish(warehouse: Warehouse, frames: Mapping[str, pl.LazyFrame], now: datetime, keep: int) -> Path:
    """Build a snapshot of all published tables, make it the current one, and remove old ones.

    Args:
        warehouse: where snapshots lie.
        frames: rows of each published table by name.
        now: time of publishing; names the snapshot.
        keep: snapshots to keep, the new one included.

    Returns:
        Path of the new database.

    """
    remove_unfinished(warehouse)
    stamp = now.astimezone(UTC).strftime(STAMP_FORMAT)
    building = warehouse.snapshots / f"{TEMPORARY_MARK}{stamp}"
    building.mkdir(parents=True)
    paths = {name: building / f"{name}.parquet" for name in PUBLISHED}
    for name, table in PUBLISHED.items():
        write_parquet(conform(frames[name], table), paths[name])
    build_database(building / DATABASE_NAME, PUBLISHED, paths, views=VIEWS, macros=MACROS)
    snapshot = warehouse.snapshots / stamp
    building.rename(snapshot)
    swap_symlink(warehouse.database, f"{warehouse.snapshots.name}/{stamp}/{DATABASE_NAME}")
    remove_old_snapshots(warehouse, keep)
    return snapshot / DATABASE_NAME


def published_frame(warehouse: Warehouse, name: str) -> pl.DataFrame:
    """Rows of a table in the current snapshot; no rows where nothing is published yet.

    A snapshot of an older version is read as the table is declared today: columns it lacks are null.
    """
    path = warehouse.database.resolve().parent / f"{name}.parquet"
    if not (warehouse.database.is_symlink() and path.exists()):
        return empty_frame(PUBLISHED[name])
    stored = pl.read_parquet(path)
    return stored.select(
        pl.col(column).cast(dtype) if column in stored.schema else pl.lit(None, dtype=dtype).alias(column)
        for column, dtype in polars_schema(PUBLISHED[name]).items()
    )


def list_snapshots(warehouse: Warehouse) -> list[Path]:
    """Folders of finished snapshots, oldest first."""
    return sorted(path for path in warehouse.snapshots.glob("[!.]*") if path.is_dir())


def remove_old_snapshots(warehouse: Warehouse, keep: int) -> None:
    """Remove all but the last `keep` snapshots; never the current one."""
    current = warehouse.database.resolve().parent
    for snapshot in list_snapshots(warehouse)[:-keep]:
        if snapshot != current:
            shutil.rmtree(snapshot)


def remove_unfinished(warehouse: Warehouse) -> None:
    """Remove what a run that died while publishing left behind."""
    remove_leftovers(warehouse.root)
    for unfinished in warehouse.snapshots.glob(f"{TEMPORARY_MARK}*"):
        shutil.rmtree(unfinished)
