"""Assets of the deduplication stage."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.merge import merge
from lit_pipeline.dedup.summary import summarise
from lit_pipeline.defs.assets.ingest import KINDS
from lit_pipeline.defs.describe import OWNERS, asset_out, column_lineage
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.stages import matching
from lit_pipeline.storage.segments import KEY
from lit_pipeline.tables.papers import PaperAliases, PaperFields, PaperMetrics, PaperRecords, Papers
from lit_pipeline.tables.records import CleanRecords, RawRecords

GROUP = "deduplication"
MERGED: dict[str, type[dy.Schema]] = {
    "papers": Papers,
    "paper_records": PaperRecords,
    "paper_aliases": PaperAliases,
    "paper_metrics": PaperMetrics,
    "paper_fields": PaperFields,
}
WATCHED_FIELDS = ("abstract", "published_on", "arxiv_id", "upvotes")
"""Fields of `papers` whose filling is plotted over time."""

PROVENANCE = (
    "record_id",
    "source_file",
    "source_sha256",
    "source_format",
    "position",
    "line_start",
    "line_end",
    "raw_title",
    "raw_abstract",
)


@dg.asset(
    name="record_signatures",
    group_name=GROUP,
    kinds=KINDS,
    owners=OWNERS,
    io_manager_key="io_manager",
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def record_signatures(
    context: dg.AssetExecutionContext, clean_records: pl.DataFrame, workbench: dg.ResourceParam[Workbench]
) -> pl.DataFrame:
    """Title keys and MinHash signatures of the cleaned records, computed once a record."""
    keys = matching.signature_keys(clean_records)
    matching.sign_new_records(keys, workbench.stores, workbench.settings.batch_rows, workbench.progress)
    signed = workbench.stores.signatures.scan("signatures", keys.select(KEY))
    context.add_output_metadata({"records": signed.select(pl.len()).collect().item()})
    return keys


@dg.asset(
    name="record_matches",
    group_name=GROUP,
    kinds=KINDS,
    owners=OWNERS,
    io_manager_key="io_manager",
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def record_matches(
    context: dg.AssetExecutionContext, record_signatures: pl.DataFrame, workbench: dg.ResourceParam[Workbench]
) -> pl.DataFrame:
    """The survivor of each record, with the evidence that ties them."""
    signed = workbench.stores.signatures.scan("signatures", record_signatures.select(KEY)).drop(KEY)
    n_records = signed.select(pl.len()).collect().item()
    with workbench.progress.stage("Matching records", "records", n_records) as count:
        matches = match(signed)
        count(n_records)
    context.add_output_metadata(summarise(matches))
    return matches


@dg.multi_asset(
    name="merge_records",
    outs={name: asset_out(name, table, group=GROUP, kinds=KINDS) for name, table in MERGED.items()},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def merge_records(
    raw_records: pl.DataFrame,
    clean_records: pl.DataFrame,
    record_matches: pl.DataFrame,
    workbench: dg.ResourceParam[Workbench],
) -> Iterator[dg.Output[Any]]:
    """Merge the records of each paper, field by field."""
    stores = workbench.stores
    raw = stores.files.scan("records", raw_records.select(KEY, "source_file")).select(PROVENANCE)
    clean = stores.cleaned.scan("records", clean_records.select(KEY)).drop(KEY)
    with workbench.progress.stage("Merging papers", "records", len(record_matches)) as count:
        merged = merge(clean, raw, record_matches)
        count(len(record_matches))
    of_papers = column_lineage(Papers, {"clean_records": CleanRecords})
    of_records = column_lineage(PaperRecords, {"raw_records": RawRecords})
    of_metrics = column_lineage(PaperMetrics, {"clean_records": CleanRecords})
    yield dg.Output(
        merged.papers, "papers", metadata={**filled(merged.paper_fields), "dagster/column_lineage": of_papers}
    )
    yield dg.Output(merged.paper_records, "paper_records", metadata={"dagster/column_lineage": of_records})
    yield dg.Output(merged.paper_aliases, "paper_aliases")
    yield dg.Output(merged.paper_metrics, "paper_metrics", metadata={"dagster/column_lineage": of_metrics})
    yield dg.Output(merged.paper_fields, "paper_fields")


def filled(paper_fields: pl.DataFrame) -> dict[str, int]:
    """How many papers have each of the fields that questions are asked of."""
    return {f"with_{name}": int((paper_fields["field"] == name).sum()) for name in WATCHED_FIELDS}
