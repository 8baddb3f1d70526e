"""Assets of the ingest stage."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.assets.fetch import fetched_arxiv_papers, fetched_daily_papers
from lit_pipeline.defs.describe import asset_out, markdown_text
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.stages import reading
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
    found = reading.read_landing_zone(settings.raw, workbench.warehouse, stores, options, workbench.progress)
    files = reading.raw_files(found.keys, stores)
    rejected = reading.rejected_files(found, stores)
    numbers = {
        "files_read_now": found.n_read,
        "records": int(files["n_records"].sum()),
        "size_bytes": int(files["size_bytes"].sum()),
    }
    yield dg.Output(files, "raw_files", metadata=numbers)
    yield dg.Output(rejected, "rejected_files", metadata={"by_reason": counts(rejected, "reason")})
    yield dg.Output(found.keys.select(KEY, "source_file"), "raw_records", metadata=numbers)


def counts(frame: pl.DataFrame, column: str) -> dg.MarkdownMetadataValue:
    """Rows by value of a column, as a Markdown table."""
    rows = frame.group_by(column).len("rows").sort("rows", column, descending=[True, False])
    lines = [f"| {markdown_text(value)} | {n} |" for value, n in rows.iter_rows()]
    return dg.MetadataValue.md("\n".join([f"| {column} | rows |", "| --- | --- |", *lines]))
