"""The tables of the published database, in the order they are built."""

import dataframely as dy

from lit_pipeline.tables.entities import Entities, Mentions, Results
from lit_pipeline.tables.marts import (
    BenchmarkMonthly,
    BenchmarkScores,
    DailyPapers,
    EntityTrends,
    Leaderboard,
    ModelBenchmark,
    ModelMonthly,
    ModelSuccession,
    NewEntities,
    SearchPapers,
    SearchTerms,
    TrendingModels,
)
from lit_pipeline.tables.papers import PaperAliases, PaperFields, PaperMetrics, PaperRecords, Papers
from lit_pipeline.tables.records import RawFiles, RejectedFiles, RejectedRecords
from lit_pipeline.tables.runs import PipelineRuns

MARTS: dict[str, type[dy.Schema]] = {
    "model_monthly": ModelMonthly,
    "benchmark_monthly": BenchmarkMonthly,
    "model_benchmark": ModelBenchmark,
    "benchmark_scores": BenchmarkScores,
    "leaderboard": Leaderboard,
    "entity_trends": EntityTrends,
    "trending_models": TrendingModels,
    "model_succession": ModelSuccession,
    "new_entities": NewEntities,
    "daily_papers": DailyPapers,
    "search_papers": SearchPapers,
    "search_terms": SearchTerms,
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
