"""Whether what is published fits this version of the code: older tables give way to the next run, newer ones stay.

Only the published tables are compared here. Whatever lies before them (segments, stages) is told apart by its own
versions and columns, and computed again where they changed.
"""

from dataclasses import dataclass
from importlib.metadata import version

import polars as pl

from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError
from lit_pipeline.tables.runs import SCHEMA_VERSION

UNCOUNTED = 0
"""Version of tables that were published before versions were counted."""


@dataclass(frozen=True)
class Published:
    """What the current snapshot says it was made by."""

    schema_version: int
    code_version: str

    @property
    def is_newer(self) -> bool:
        """Whether its tables are of a later version than this code's."""
        return self.schema_version > SCHEMA_VERSION

    @property
    def is_older(self) -> bool:
        """Whether its tables are of an earlier version than this code's."""
        return self.schema_version < SCHEMA_VERSION

    def __str__(self) -> str:
        """One line that puts it beside this code."""
        here = f"this is {version('lit_pipeline')} (version {SCHEMA_VERSION})"
        return (
            f"the database was published by lit_pipeline {self.code_version} "
            f"(tables of version {self.schema_version}); {here}"
        )


def published_by(warehouse: Warehouse) -> Published | None:
    """What made the current snapshot; None where nothing is published yet or the snapshot can't be read."""
    try:
        runs = published_frame(warehouse, "pipeline_runs").sort("published_at")
    except (OSError, pl.exceptions.PolarsError):
        return None
    if runs.is_empty():
        return None
    last = runs.select(
        pl.col("schema_version").fill_null(UNCOUNTED), pl.col("code_version").fill_null("of unknown version")
    ).row(-1, named=True)
    return Published(**last)


def note_on_versions(warehouse: Warehouse) -> str | None:
    """One line for who reads the database, where its tables are of another version than this code's."""
    published = published_by(warehouse)
    if published is None or not (published.is_newer or published.is_older):
        return None
    advice = "columns may be missing here" if published.is_newer else "the next run publishes it anew"
    return f"{published}: {advice}"


def refuse_newer(warehouse: Warehouse) -> None:
    """Keep a run from publishing older tables in place of newer ones.

    Raises:
        WarehouseError: what is published has tables of a later version than this code's.

    """
    published = published_by(warehouse)
    if published is not None and published.is_newer:
        raise WarehouseError(
            f"{published}, and a run would lose what is newer; use that version or a later one, "
            f"or another warehouse (LIT_WAREHOUSE) than {warehouse.root}"
        )
