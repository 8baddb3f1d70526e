"""The table of published snapshots."""

import dataframely as dy

SCHEMA_VERSION = 1
"""Version of the published tables; rises when a table or column changes its meaning or goes."""


class PipelineRuns(dy.Schema):
    """One row a published snapshot."""

    run_id = dy.String(primary_key=True, description="Run that published it, as the Dagster UI shows it.")
    published_at = dy.Datetime(time_unit="us", description="Time of publishing, UTC.")
    code_version = dy.String(description="Version of lit_pipeline.")
    schema_version = dy.Int64(description="Version of the published tables.")
    cleaning_version = dy.String(description="Version of the cleaning rules.")
    extractor_version = dy.String(description="Version of rules, vocabulary and tagger.")
    landing_zone = dy.String(description="Folder the raw files were read from.")
    n_files = dy.Int64(min=0, description="Raw files read.")
    n_rejected_files = dy.Int64(min=0, description="Rows of `rejected_files`.")
    n_records = dy.Int64(min=0, description="Records read: those of papers and the rejected ones.")
    n_rejected_records = dy.Int64(min=0, description="Rows of `rejected_records`.")
    n_papers = dy.Int64(min=0, description="Rows of `papers`.")
    n_entities = dy.Int64(min=0, description="Rows of `entities`.")
    n_models = dy.Int64(min=0, description="Entities that are models.")
    n_benchmarks = dy.Int64(min=0, description="Entities that are benchmarks.")
    n_mentions = dy.Int64(min=0, description="Rows of `mentions`.")
    n_results = dy.Int64(min=0, description="Rows of `results`.")
