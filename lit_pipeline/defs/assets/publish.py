"""The asset that people read: the published database."""

from datetime import UTC, datetime

import dagster as dg
import polars as pl

from lit_pipeline.defs.describe import OWNERS
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.publish.snapshot import list_snapshots, publish, published_frame, publishing_time
from lit_pipeline.stages.extraction import extractor_version
from lit_pipeline.stages.publishing import pipeline_run
from lit_pipeline.tables.published import PUBLISHED

RUNS_TABLE = "pipeline_runs"
INPUTS = tuple(name for name in PUBLISHED if name != RUNS_TABLE)


@dg.asset(
    name="published_database",
    group_name="publish",
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame, input_manager_key="io_manager") for name in INPUTS},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def published_database(
    context: dg.AssetExecutionContext, workbench: dg.ResourceParam[Workbench], **frames: pl.LazyFrame
) -> dg.MaterializeResult[None]:
    """The database that people query, swapped in whole once every blocking check has passed."""
    settings, warehouse = workbench.settings, workbench.warehouse
    now = publishing_time(warehouse, datetime.now(UTC))
    version = extractor_version(workbench.vocabulary, workbench.tagger)
    run = pipeline_run(frames, context.run.run_id, now, version, settings.raw)
    runs = pl.concat([published_frame(warehouse, RUNS_TABLE), run]).sort("published_at")
    with workbench.progress.stage("Publishing", "tables", len(PUBLISHED)) as count:
        database = publish(warehouse, {**frames, RUNS_TABLE: runs.lazy()}, now, settings.keep_snapshots)
        count(len(PUBLISHED))
    workbench.stores.remove_outdated()
    numbers = {name: value for name, value in run.row(0, named=True).items() if name.startswith("n_")}
    return dg.MaterializeResult(
        metadata={
            **numbers,
            "database": dg.MetadataValue.path(str(database)),
            "size_bytes": database.stat().st_size,
            "snapshots_kept": len(list_snapshots(warehouse)),
        }
    )
