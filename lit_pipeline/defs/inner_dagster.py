"""The one place that takes something from Dagster's own modules, which may move with any version.

`delete_run` leaves behind the rows that say how a run's checks ended, and nothing public removes them: `wipe_assets`
takes those of all runs, with the materialisations. Left alone, they grow for ever.
"""

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage


def remove_check_history(instance: dg.DagsterInstance, run_id: str) -> None:
    """Remove the rows that say how a run's checks ended; a storage without SQL has none."""
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):
        with storage.index_connection() as connection:
            connection.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id))
