"""The tables and views of the published database, in the order they are built."""

import dataframely as dy

from lit_pipeline.tables.entities import Entities, Mentions, Results
from lit_pipeline.tables.marts import (
    BenchmarkMonthly,
    DailyPapers,
    Leaderboard,
    ModelBenchmark,
    ModelMonthly,
    NewEntities,
    TrendingModels,
)
from lit_pipeline.tables.papers import PaperAliases, PaperFields, PaperMetrics, PaperRecords, Papers
from lit_pipeline.tables.records import RawFiles, RejectedFiles, RejectedRecords
from lit_pipeline.tables.runs import PipelineRuns

MARTS: dict[str, type[dy.Schema]] = {
    "model_monthly": ModelMonthly,
    "benchmark_monthly": BenchmarkMonthly,
    "model_benchmark": ModelBenchmark,
    "leaderboard": Leaderboard,
    "trending_models": TrendingModels,
    "new_entities": NewEntities,
    "daily_papers": DailyPapers,
}

RECORDS_TO_RESULTS: dict[str, type[dy.Schema]] = {
    "raw_files": RawFiles,
    "rejected_files": RejectedFiles,
    "rejected_records": RejectedRecords,
    "papers": Papers,
    "paper_records": PaperRecords,
    "paper_aliases": PaperAliases,
    "paper_metrics": PaperMetrics,
    "paper_fields": PaperFields,
    "entities": Entities,
    "mentions": Mentions,
    "results": Results,
}

PUBLISHED: dict[str, type[dy.Schema]] = {**RECORDS_TO_RESULTS, **MARTS, "pipeline_runs": PipelineRuns}
"""Every published table by name."""

VIEWS: dict[str, tuple[str, str]] = {
    "models": ("Entities that are models.", "select * from entities where type = 'model'"),
    "benchmarks": ("Entities that are benchmarks.", "select * from entities where type = 'benchmark'"),
    "model_mentions": ("Mentions of models.", "select * from mentions where type = 'model'"),
    "benchmark_mentions": ("Mentions of benchmarks.", "select * from mentions where type = 'benchmark'"),
}
"""Views by name: description and query."""
