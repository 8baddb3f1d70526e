"""Assets of the extraction stage."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.assets.ingest import KINDS, counts
from lit_pipeline.defs.describe import OWNERS, asset_out, column_lineage, column_schema, counts_by
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.extraction.link import link_names
from lit_pipeline.stages import extraction
from lit_pipeline.tables.entities import ENTITY_TYPES, RESULT_KINDS, Entities, Mentions, Results
from lit_pipeline.tables.extraction import NamedSpans
from lit_pipeline.tables.papers import Papers

GROUP = "extraction"
LINKED: dict[str, type[dy.Schema]] = {"entities": Entities, "mentions": Mentions}


@dg.asset(
    name="spans",
    group_name=GROUP,
    kinds=KINDS,
    owners=OWNERS,
    io_manager_key="io_manager",
    metadata={"dagster/column_schema": column_schema(NamedSpans)},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def spans(
    context: dg.AssetExecutionContext, papers: pl.LazyFrame, workbench: dg.ResourceParam[Workbench]
) -> pl.DataFrame:
    """Spans of text that name something, found once a text and extractor version."""
    vocabulary = workbench.vocabulary
    version = extraction.extractor_version(vocabulary, workbench.tagger)
    keys = extraction.text_keys(papers, version)
    n_tagged = extraction.tag_new_texts(
        papers,
        keys,
        workbench.stores,
        vocabulary,
        workbench.tagger,
        batch_papers=workbench.settings.batch_papers,
        progress=workbench.progress,
    )
    n_spans = extraction.spans_of_papers(keys, workbench.stores).select(pl.len()).collect().item()
    context.add_output_metadata({"papers_tagged_now": n_tagged, "spans": n_spans, "extractor_version": version})
    return keys


@dg.multi_asset(
    name="link_spans",
    outs={name: asset_out(name, table, group=GROUP, kinds=KINDS) for name, table in LINKED.items()},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def link_spans(
    spans: pl.DataFrame, papers: pl.LazyFrame, workbench: dg.ResourceParam[Workbench]
) -> Iterator[dg.Output[Any]]:
    """Link the names of spans to entities: identifiers, families, aliases, and the papers that introduced them."""
    named = extraction.spans_of_papers(spans, workbench.stores)
    entities, mentions = link_names(named, papers, workbench.vocabulary)
    yield dg.Output(entities, "entities", metadata=counts_by(entities, "type", ENTITY_TYPES))
    told = mentions.select("paper_id", "type", "found_by").collect(engine="streaming")
    yield dg.Output(
        mentions,
        "mentions",
        metadata={
            **counts_by(told, "type", ENTITY_TYPES),
            "by_evidence": counts(told, "found_by"),
            "papers_with_a_mention": told["paper_id"].n_unique(),
            "dagster/column_lineage": column_lineage(Mentions, {"spans": NamedSpans}),
        },
    )


@dg.asset(
    name="results",
    group_name=GROUP,
    kinds=KINDS,
    owners=OWNERS,
    io_manager_key="io_manager",
    metadata={"dagster/column_schema": column_schema(Results), "dagster/table_name": "results"},
    retry_policy=TRANSIENT,
)
@retried_where_it_helps
def results(
    context: dg.AssetExecutionContext,
    spans: pl.DataFrame,
    papers: pl.LazyFrame,
    mentions: pl.LazyFrame,
    workbench: dg.ResourceParam[Workbench],
) -> pl.DataFrame:
    """Numbers that abstracts report, with the model and the benchmark they belong to."""
    keys = extraction.result_keys(spans, mentions)
    n_read = extraction.find_new_results(
        papers,
        mentions,
        keys,
        workbench.stores,
        batch_papers=workbench.settings.batch_papers,
        progress=workbench.progress,
    )
    found = extraction.results_of_papers(keys, workbench.stores).collect()
    context.add_output_metadata(
        {
            "papers_read_now": n_read,
            **counts_by(found, "kind", RESULT_KINDS),
            "with_model": len(found) - found["model_id"].null_count(),
            "with_benchmark": len(found) - found["benchmark_id"].null_count(),
            "dagster/column_lineage": column_lineage(Results, {"papers": Papers}),
        }
    )
    return found
