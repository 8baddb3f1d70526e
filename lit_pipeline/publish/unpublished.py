"""The tables of the last run as it left them, published or not: what a failed check is looked at with."""

import duckdb
import pyarrow.dataset

from lit_pipeline.publish.database import ALONE, CLOSED
from lit_pipeline.storage.warehouse import Warehouse


def connect_to_stages(warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    """Open a connection that has the stored output of each asset as a table, and reaches no other file.

    Nothing is copied: rows are read from the stages as queries ask for them. Stages that can't be read are left out.
    """
    connection = duckdb.connect(config={**ALONE, **CLOSED})
    for path in sorted(warehouse.stages.glob("[!.]*.parquet")):
        try:
            connection.register(path.stem, pyarrow.dataset.dataset(path))
        except (OSError, ValueError):
            continue
    return connection
