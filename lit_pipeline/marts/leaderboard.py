"""Mart of the best values: what each model reaches on each benchmark, as papers report it."""

import polars as pl

from lit_pipeline.marts.metrics import with_metric
from lit_pipeline.marts.named import entity_names

BOARD = ("benchmark_id", "metric", "unit")
ROW = (*BOARD, "model_id")
