"""Signatures: all that a comparison needs of a record, computed once a record and small enough to keep.

A signature is a function of its own row alone, so rows may come in any order and any batches.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from lit_pipeline.dedup.minhash import Banding, bands
from lit_pipeline.dedup.shingles import Ragged, starts, text_sets
from lit_pipeline.dedup.titles import (
    folded_title,
    is_weak,
    joined,
    n_words,
    name_in,
    rest_in,
    series_stem,
    title_core,
    title_key,
    words_in,
)
from lit_pipeline.dedup.words import mix

SIGNATURE_VERSION = "3"
"""Version of the rules here and in the modules used; a new one computes all signatures again."""

WHOLE_BANDING = Banding(n_bands=32, n_rows=3, seed=1)
"""Bands over all shingles: 0.986 of pairs are found at similarity 0.5, 0.9999 at 0.65."""

OPENING_BANDING = Banding(n_bands=4, n_rows=3, seed=2)
"""Bands over the opening: they find a cut-off abstract, whose similarity to the whole one is low."""

N_BANDS = WHOLE_BANDING.n_bands + OPENING_BANDING.n_bands

MIN_SHINGLES = 20
"""Shingles from which an abstract is compared by its bands: shorter ones are often phrases that many records share."""

MIN_REST_WORDS = 4
"""Words from which the part of a title behind its colon is compared."""

_ID_VERSION = r"v\d+$"
"""End of an arXiv identifier that names one version of the paper."""

_ROWS_A_TASK = 4096

SIGNATURE_SCHEMA = pl.Schema(
    {
        "record_id": pl.String(),
        "arxiv_id": pl.String(),
        "paper_key": pl.UInt64(),
        "title_key": pl.UInt64(),
        "title_is_weak": pl.Boolean(),
        "title_stem": pl.UInt64(),
        "title_core": pl.UInt64(),
        "title_rest": pl.UInt64(),
        "title_name": pl.UInt64(),
        "name_stem": pl.UInt64(),
        "n_title_words": pl.UInt32(),
        "n_shingles": pl.UInt32(),
        "fingerprint": pl.UInt64(),
        "bands": pl.List(pl.UInt32()),
        "figures": pl.List(pl.UInt32()),
        "distinctive": pl.List(pl.UInt32()),
        "shingles": pl.List(pl.UInt32()),
    }
)
"""Columns of a signature: keys of the title's forms, and the abstract's shingles with their sketch.

`paper_key` names a paper without an arXiv id: the hash of its normalised title, which for a title that names no
paper goes on with the abstract's shingles or, without any, the record. `bands` is empty where the abstract is missing
or too short to be compared by them.
"""


def signatures(records: pl.DataFrame) -> pl.DataFrame:
    """Signature of each record, in the order given.

    Args:
        records: columns record_id, arxiv_id, title, abstract; abstract and arxiv_id may be null.

    Returns:
        Frame of `SIGNATURE_SCHEMA`.
    """
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        parts = list(threads.map(_signatures_of_batch, records.iter_slices(_ROWS_A_TASK)))
    return pl.concat(parts) if parts else pl.DataFrame(schema=SIGNATURE_SCHEMA)


def _signatures_of_batch(records: pl.DataFrame) -> pl.DataFrame:
    columns = [_title_columns(records), _text_columns(records["abstract"])]
    return pl.concat(columns, how="horizontal").with_columns(paper_key=_paper_key()).select(SIGNATURE_SCHEMA.names())


def _paper_key() -> pl.Expr:
    """Needs columns record_id, title_key, title_is_weak and fingerprint."""
    more_than_the_title = pl.coalesce(pl.col("fingerprint").cast(pl.String), "record_id")
    extended = title_key(pl.format("{} {}", "title_key", more_than_the_title))
    return pl.when("title_is_weak").then(extended).otherwise("title_key")


def _title_columns(records: pl.DataFrame) -> pl.DataFrame:
    folded, words, name, rest = (pl.col(column) for column in ("folded", "words", "name", "rest"))
    return (
        records.select("record_id", "arxiv_id", "title", folded=folded_title("title"))
        .with_columns(words=words_in(folded), name=name_in(folded), rest=words_in(rest_in(folded)))
        .select(
            "record_id",
            pl.col("arxiv_id").str.replace(_ID_VERSION, ""),
            title_key=title_key(joined(words, instead=pl.col("title"))),
            title_is_weak=is_weak("title", words),
            title_stem=title_key(series_stem(folded)),
            title_core=title_key(title_core(words)),
            title_rest=pl.when(n_words(rest) >= MIN_REST_WORDS).then(title_key(joined(rest, instead=rest))),
            title_name=title_key(joined(words_in(name), instead=name)),
            name_stem=title_key(series_stem(name)),
            n_title_words=n_words(words),
        )
    )


def _text_columns(abstracts: pl.Series) -> pl.DataFrame:
    sets = text_sets(abstracts)
    keys = np.hstack([bands(sets.shingles, WHOLE_BANDING), bands(sets.opening, OPENING_BANDING)])
    compared = sets.shingles.counts >= MIN_SHINGLES
    return pl.DataFrame(
        {
            "n_shingles": pl.Series(sets.shingles.counts, dtype=pl.UInt32),
            "fingerprint": _fingerprints(sets.shingles),
            "bands": Ragged(keys[compared].ravel(), compared * N_BANDS).to_series(),
            "figures": sets.figures.to_series(),
            "distinctive": sets.distinctive.to_series(),
            "shingles": sets.shingles.to_series(),
        }
    )


def _fingerprints(sets: Ragged) -> pl.Series:
    """One number a set, equal for equal sets: the sum of its values' hashes; null for an empty set."""
    numbers = np.zeros(len(sets.counts), np.uint64)
    filled = sets.counts > 0
    if filled.any():
        numbers[filled] = np.add.reduceat(mix(sets.values.astype(np.uint64)), starts(sets.counts)[filled])
    return pl.Series(numbers).set(pl.Series(~filled), None)
