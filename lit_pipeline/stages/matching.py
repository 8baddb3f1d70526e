"""Signs the records that were not signed before, then matches and merges all of them."""

import polars as pl

from lit_pipeline.dedup.signatures import SIGNATURE_VERSION, signatures
from lit_pipeline.progress import Progress
from lit_pipeline.stages.batches import batches_of_rows
from lit_pipeline.stages.stores import Stores, segment_key
from lit_pipeline.storage.segments import KEY


def signature_keys(clean_keys: pl.DataFrame) -> pl.DataFrame:
    """Keys of signatures: those of the cleaned records with the signatures' version; `clean_key` keeps the old."""
    return clean_keys.with_columns(segment_key(pl.col(KEY), str(SIGNATURE_VERSION)), clean_key=pl.col(KEY))


def sign_new_records(keys: pl.DataFrame, stores: Stores, batch_rows: int, progress: Progress) -> None:
    """Compute the signatures of records whose key (see `signature_keys`) has nothing stored."""
    new = keys.filter(pl.col(KEY).is_in(stores.signatures.missing(keys[KEY]).implode()))
    clean = stores.cleaned.scan("records", new.select(pl.col("clean_key").alias(KEY), pl.col(KEY).alias("new_key")))
    texts = clean.select("record_id", "arxiv_id", "title", "abstract", pl.col("new_key").alias(KEY))
    n_rows = texts.select(pl.len()).collect().item()
    with progress.stage("Signing records", "records", n_rows) as count, stores.signatures.writer() as writer:
        for batch in batches_of_rows(texts, batch_rows):
            signed = signatures(batch.drop(KEY))
            key_of = batch.select("record_id", KEY)
            writer.append("signatures", signed.join(key_of, on="record_id", maintain_order="left"))
            count(len(batch))
        writer.done(new[KEY])
    stores.signatures.compact(keys[KEY])
