"""Assets of the marts stage: each reads published tables and gives one mart."""

from collections.abc import Callable
from typing import Any

import dagster as dg
import polars as pl

from lit_pipeline.defs.assets.ingest import KINDS
from lit_pipeline.defs.describe import OWNERS, column_lineage, column_schema
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.marts import daily, leaderboard, monthly, newness, pairs, scores, search, succession, trends
from lit_pipeline.marts.metrics import load_metrics
from lit_pipeline.tables.published import MARTS, RECORDS_TO_RESULTS
from lit_pipeline.tables.schema import conform

GROUP = "marts"
Builder = Callable[..., pl.LazyFrame]


def mart_asset(
    name: str,
    build: Builder,
    inputs: tuple[str, ...],
    settings: Callable[[Workbench], dict[str, Any]] = lambda _: {},
) -> dg.AssetsDefinition:
    """Asset of one mart.

    Args:
        name: name of the mart, as in `MARTS`.
        build: takes the lazy frames of `inputs` by name and returns the mart's rows.
        inputs: tables it reads.
        settings: further arguments of `build`, taken from the workbench.

    """
    table = MARTS[name]

    @dg.asset(
        name=name,
        group_name=GROUP,
        kinds=KINDS,
        owners=OWNERS,
        io_manager_key="io_manager",
        ins={upstream: dg.AssetIn(upstream, dagster_type=pl.LazyFrame) for upstream in inputs},
        description=(table.__doc__ or "").strip(),
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": name},
        retry_policy=TRANSIENT,
    )
    @retried_where_it_helps
    def mart(
        context: dg.AssetExecutionContext, workbench: dg.ResourceParam[Workbench], **frames: pl.LazyFrame
    ) -> pl.LazyFrame:
        lineage = column_lineage(table, {upstream: RECORDS_TO_RESULTS[upstream] for upstream in inputs})
        context.add_output_metadata({"dagster/column_lineage": lineage})
        return conform(build(**frames, **settings(workbench)), table)

    return mart


def _metrics(workbench: Workbench) -> dict[str, Any]:
    return {"metrics": load_metrics(workbench.settings.vocabulary)}


def _days(workbench: Workbench) -> dict[str, Any]:
    return {"days": workbench.settings.new_entity_days}


NAMED = ("papers", "mentions", "entities")
SCORED = ("papers", "entities", "results")

model_monthly = mart_asset("model_monthly", monthly.model_monthly, NAMED)
benchmark_monthly = mart_asset("benchmark_monthly", monthly.benchmark_monthly, NAMED)
model_benchmark = mart_asset("model_benchmark", pairs.model_benchmark, NAMED)
benchmark_scores = mart_asset("benchmark_scores", scores.benchmark_scores, SCORED, _metrics)
leaderboard_mart = mart_asset("leaderboard", leaderboard.leaderboard, SCORED, _metrics)
entity_trends = mart_asset("entity_trends", trends.entity_trends, NAMED)
trending_models = mart_asset("trending_models", trends.trending_models, NAMED)
model_succession = mart_asset("model_succession", succession.model_succession, NAMED)
new_entities = mart_asset("new_entities", newness.new_entities, ("papers", "entities"), _days)
daily_papers = mart_asset("daily_papers", daily.daily_papers, (*NAMED, "results"))
search_papers = mart_asset("search_papers", search.search_papers, ("papers",))
search_terms = mart_asset("search_terms", search.search_terms, ("papers",))
