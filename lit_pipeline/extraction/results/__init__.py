"""Results that abstracts report: numbers with unit, kind, baseline and metric, and whom they belong to."""

from lit_pipeline.extraction.results.extract import RESULTS_VERSION, extract_results
from lit_pipeline.extraction.results.training import train_results

__all__ = ["RESULTS_VERSION", "extract_results", "train_results"]
