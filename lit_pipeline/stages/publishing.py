"""What a published snapshot says of itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import polars as pl

from lit_pipeline.cleaning.records import CLEANING_VERSION
from lit_pipeline.tables.runs import SCHEMA_VERSION, PipelineRuns
from lit_pipeline.tables.schema import polars_schema


def pipeline_run(
    frames: Mapping[str, pl.LazyFrame], run_id: str, now: datetime, extractor_version: str, landing_zone: Path
) -> pl.DataFrame:
    """The row of `pipeline_runs` for a snapshot of these tables."""
    n_rows = {name: frame.select(pl.len()).collect().item() for name, frame in frames.items()}
    n_by_type = dict(frames["entities"].group_by("type").len().collect().iter_rows())
    return pl.DataFrame(
        {
            "run_id": run_id,
            "published_at": now.astimezone(UTC).replace(tzinfo=None),
            "code_version": version("lit_pipeline"),
            "schema_version": SCHEMA_VERSION,
            "cleaning_version": str(CLEANING_VERSION),
            "extractor_version": extractor_version,
            "landing_zone": str(landing_zone),
            "n_files": n_rows["raw_files"],
            "n_rejected_files": n_rows["rejected_files"],
            "n_records": n_rows["paper_records"] + n_rows["rejected_records"],
            "n_rejected_records": n_rows["rejected_records"],
            "n_papers": n_rows["papers"],
            "n_entities": n_rows["entities"],
            "n_models": n_by_type.get("model", 0),
            "n_benchmarks": n_by_type.get("benchmark", 0),
            "n_mentions": n_rows["mentions"],
            "n_results": n_rows["results"],
        },
        schema=polars_schema(PipelineRuns),
    )
