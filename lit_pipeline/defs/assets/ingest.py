"""Assets of the ingest stage."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.assets.fetch import fetched_arxiv_papers, fetched_daily_papers
from lit_pipeline.defs.describe import asset_out
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.ingest.landing import LandingZoneError
from lit_pipeline.stages import reading
from lit_pipeline.stages.landing import scan_landing_zone
from lit_pipeline.storage.segments import KEY
from lit_pipeline.tables.records import RawFiles, RawRecords, RejectedFiles

GROUP = "ingest"
KINDS = {"polars", "parquet"}
TABLES: dict[str, type[dy.Schema]] = {
    "raw_files": RawFiles,
    "rejected_files": RejectedFiles,
    "raw_records": RawRecords,
}


@dg.multi_asset(
    name="read_landing_zone",
    outs={name: asset_out(name, table, group=GROUP, kinds=KINDS) for name, table in TABLES.items()},
    deps=[fetched_daily_papers, fetched_arxiv_papers],
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def read_landing_zone(workbench: dg.ResourceParam[Workbench]) -> Iterator[dg.Output[Any]]:
    """Scan the landing zone and read the files that were not read before."""
    settings, stores = workbench.settings, workbench.stores
    options = reading.ReadOptions(settings.limits, settings.captured_on, settings.batch_rows)
    landing = scan_landing_zone(settings.raw, options.limits, workbench.warehouse)
    if landing.files.is_empty() and landing.rejected.is_empty():
        raise LandingZoneError(f"there are no raw files in the landing zone {settings.raw}")
    keys = reading.file_keys(landing.files, settings.captured_on)
    n_read = reading.read_new_files(settings.raw, keys, stores, options, workbench.progress)
    files = reading.raw_files(keys, stores)
    rejected = reading.rejected_files(landing, keys, stores)
    numbers = {"records": int(files["n_records"].sum()), "size_bytes": int(files["size_bytes"].sum())}
    yield dg.Output(files, "raw_files", metadata={"files_read_now": n_read, **numbers})
    yield dg.Output(rejected, "rejected_files", metadata={"by_reason": counts(rejected, "reason")})
    yield dg.Output(keys.select(KEY, "source_file"), "raw_records", metadata={"files_read_now": n_read, **numbers})


def counts(frame: pl.DataFrame, column: str) -> dg.MarkdownMetadataValue:
    """Rows by value of a column, as a Markdown table."""
    rows = frame.group_by(column).len("rows").sort("rows", column, descending=[True, False])
    lines = [f"| {value} | {n} |" for value, n in rows.iter_rows()]
    return dg.MetadataValue.md("\n".join([f"| {column} | rows |", "| --- | --- |", *lines]))
