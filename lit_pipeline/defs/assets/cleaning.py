"""Assets of the cleaning stage."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.assets.ingest import KINDS, counts
from lit_pipeline.defs.describe import asset_out, column_lineage
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.stages import cleaning
from lit_pipeline.tables.records import CleanRecords, RawRecords, RejectedRecords

GROUP = "cleaning"
TABLES: dict[str, type[dy.Schema]] = {"clean_records": CleanRecords, "rejected_records": RejectedRecords}


@dg.multi_asset(
    name="clean_raw_records",
    outs={name: asset_out(name, table, group=GROUP, kinds=KINDS) for name, table in TABLES.items()},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def clean_raw_records(raw_records: pl.DataFrame, workbench: dg.ResourceParam[Workbench]) -> Iterator[dg.Output[Any]]:
    """Repair texts, resolve dates, and set aside the records that can't be papers."""
    stores = workbench.stores
    keys = cleaning.clean_keys(raw_records)
    cleaning.clean_new_records(keys, stores, workbench.settings.batch_rows, workbench.progress)
    rejected = cleaning.rejected_records(raw_records, keys, stores).collect()
    carried = {"raw_records": RawRecords}
    yield dg.Output(
        keys,
        "clean_records",
        metadata={
            "records": stores.cleaned.scan("records", keys).select(pl.len()).collect().item(),
            "dagster/column_lineage": column_lineage(CleanRecords, carried),
        },
    )
    yield dg.Output(
        rejected,
        "rejected_records",
        metadata={
            "by_reason": counts(rejected, "reason"),
            "dagster/column_lineage": column_lineage(RejectedRecords, carried),
        },
    )
