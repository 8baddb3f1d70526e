"""Cleans the records of files that were not cleaned before."""

import polars as pl

from lit_pipeline.cleaning.records import CLEANING_VERSION, clean_records
from lit_pipeline.progress import Progress
from lit_pipeline.stages.batches import batches_of_rows
from lit_pipeline.stages.stores import Stores, segment_key
from lit_pipeline.storage.segments import KEY


def clean_keys(raw_keys: pl.DataFrame) -> pl.DataFrame:
    """Keys of cleaned records: those of the raw ones with the version of cleaning; `raw_key` keeps the old."""
    return raw_keys.with_columns(
        segment_key(pl.col(KEY), str(CLEANING_VERSION)),
        raw_key=pl.col(KEY),
    )


def clean_new_records(keys: pl.DataFrame, stores: Stores, batch_rows: int, progress: Progress) -> None:
    """Clean the raw records whose clean key (see `clean_keys`) has nothing stored."""
    new = keys.filter(pl.col(KEY).is_in(stores.cleaned.missing(keys[KEY]).implode()))
    raw = stores.files.scan(
        "records", new.select(pl.col("raw_key").alias(KEY), pl.col(KEY).alias("clean_key"), "source_file")
    )
    n_rows = raw.select(pl.len()).collect().item()
    with progress.stage("Cleaning records", "records", n_rows) as count, stores.cleaned.writer() as writer:
        for batch in batches_of_rows(raw, batch_rows):
            key_of = batch.select("record_id", pl.col("clean_key").alias(KEY))
            cleaned = clean_records(batch.drop(KEY, "clean_key"))
            writer.append("records", cleaned.records.join(key_of, on="record_id", maintain_order="left"))
            writer.append("rejected", cleaned.rejected.join(key_of, on="record_id", maintain_order="left"))
            count(len(batch))
        writer.done(new[KEY])
    stores.cleaned.compact(keys[KEY])


def rejected_records(raw_keys: pl.DataFrame, keys: pl.DataFrame, stores: Stores) -> pl.LazyFrame:
    """Table `rejected_records`: what readers and cleaning did not take, with the files they stand in."""
    by_reader = stores.files.scan("rejected", raw_keys.select(KEY, "source_file"))
    by_cleaning = stores.cleaned.scan("rejected", keys.select(KEY, "source_file"))
    return pl.concat([by_reader, by_cleaning], how="diagonal").drop(KEY).sort("source_file", "position")
