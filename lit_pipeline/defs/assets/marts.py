"""Assets of the marts stage: each reads published tables and gives one mart."""

from collections.abc import Callable
from typing import Any

import dagster as dg
import polars as pl

from lit_pipeline.defs.assets.ingest import KINDS
from lit_pipeline.defs.describe import OWNERS, column_lineage, column_schema
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.marts import daily, leaderboard, monthly, newness, pairs, trends
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
    )
    def mart(
        context: dg.AssetExecutionContext, workbench: dg.ResourceParam[Workbench], **frames: pl.LazyFrame
    ) -> pl.LazyFrame:
        lineage = column_lineage(table, {upstream: RECORDS_TO_RESULTS[upstream] for upstream in inputs})
        context.add_output_metadata({"dagster/column_lineage": lineage})
        return conform(build(**frames, **settings(workbench)), table)

    return mart


model_monthly = mart_asset("model_monthly", monthly.model_monthly, ("papers", "mentions", "entities"))
benchmark_monthly = mart_asset("benchmark_monthly", monthly.benchmark_monthly, ("papers", "mentions", "entities"))
model_benchmark = mart_asset("model_benchmark", pairs.model_benchmark, ("papers", "mentions", "entities"))
leaderboard_mart = mart_asset(
    "leaderboard",
    leaderboard.leaderboard,
    ("papers", "entities", "results"),
    lambda bench: {"metrics": load_metrics(bench.settings.vocabulary)},
)
trending_models = mart_asset("trending_models", trends.trending_models, ("papers", "mentions", "entities"))
new_entities = mart_asset(
    "new_entities",
    newness.new_entities,
    ("papers", "entities"),
    lambda bench: {"days": bench.settings.new_entity_days},
)
daily_papers = mart_asset("daily_papers", daily.daily_papers, ("papers", "mentions", "entities", "results"))
