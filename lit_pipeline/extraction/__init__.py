"""Extraction: which models, methods, benchmarks and datasets a paper names, and which results it reports."""
