"""Results that abstracts report: numbers with unit, kind, baseline and metric, and whom they belong to."""

from lit_pipeline.extraction.results.extract import extract_results, results_version
from lit_pipeline.extraction.results.training import train_results

__all__ = ["extract_results", "results_version", "train_results"]
