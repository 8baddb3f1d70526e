"""Reads a lazy frame batch by batch, so that memory is bounded by the batch."""

from collections.abc import Iterator

import polars as pl


def batches_of_rows(frame: pl.LazyFrame, batch_rows: int) -> Iterator[pl.DataFrame]:
    """Rows of `frame` in order, at most `batch_rows` at a time."""
    for chunk in frame.collect_batches(chunk_size=batch_rows, maintain_order=True):
        yield from chunk.iter_slices(batch_rows)
