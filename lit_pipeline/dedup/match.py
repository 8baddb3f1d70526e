"""Which records are one paper: evidence, strongest first, and clusters with one survivor each.

1. Equal arXiv ids; two different ones are never one paper.
2. Equal normalised titles, unless the title is too short or too generic to name one paper.
3. Near-duplicates: abstracts (and titles) that are alike, by exact similarity of all candidate pairs.

The first two make groups of records, which the third ties together; a group joins a cluster only where it is tied
directly to the survivor's group.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from lit_pipeline.dedup.candidates import pairs_sharing_a_key, unique_pairs
from lit_pipeline.dedup.shingles import Indices
from lit_pipeline.dedup.signatures import N_BANDS
from lit_pipeline.dedup.similarity import shared_shingles
from lit_pipeline.dedup.stars import survivors

MATCHES_SCHEMA = pl.Schema(
    {
        "record_id": pl.String(),
        "survivor_id": pl.String(),
        "matched_by": pl.String(),
        "similarity": pl.Float64(),
    }
)
"""One row a record: the survivor of its cluster, why it matched, and how similar their abstracts are."""

_TITLE_FORMS = ("title_key", "title_stem", "title_core", "title_rest")


def match(signatures: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Cluster of each record.

    Args:
        signatures: columns of `SIGNATURE_SCHEMA`, each record_id once. Of a lazy frame the shingles are read for
            compared records alone.

    Returns:
        Frame of `MATCHES_SCHEMA`, sorted by record_id. `matched_by` is 'self' for the survivor, whose similarity
        is 1; the similarity is null where an abstract has no shingles.

    Raises:
        ValueError: a record_id stands twice.
    """
    stored = signatures.lazy()
    records = _ranked(stored.drop("shingles").collect())
    grouped = records.with_columns(unit=_units(records, stored))
    ties = _near_duplicates(grouped, stored)
    survivor = survivors(
        len(records),
        ties["unit"].to_numpy(),
        ties["other_unit"].to_numpy(),
        ties["jaccard"].to_numpy(),
    )
    return _explained(grouped.with_columns(survivor=pl.Series(survivor).gather(grouped["unit"])), stored)


def _ranked(records: pl.DataFrame) -> pl.DataFrame:
    """Records from the best survivor down: with an arXiv id, then the longest abstract; numbered in `row`."""
    if records["record_id"].is_duplicated().any():
        raise ValueError("signatures hold a record_id twice")
    best_first = [pl.col("arxiv_id").is_null(), -pl.col("n_shingles").cast(pl.Int64), pl.col("record_id")]
    return records.sort(best_first).with_row_index("row")


def _units(records: pl.DataFrame, stored: pl.LazyFrame) -> pl.Series:
    """Best row of the records with the same arXiv id or, without one, the same telling title, for each record."""
    has_id = pl.col("arxiv_id").is_not_null()
    telling = ~has_id & ~pl.col("title_is_weak")
    by_id = pl.col("row").min().over("arxiv_id")
    by_title = pl.col("row").min().over("title_key", has_id)
    grouped = records.select(
        "row",
        "title_key",
        has_title_of_id=has_id & ~pl.col("title_is_weak"),
        telling=telling,
        unit=pl.when(has_id).then(by_id).when(telling).then(by_title).otherwise("row"),
    )
    adopted = _adopted_by_ids(grouped, records, stored)
    return grouped["unit"].scatter(adopted["row"], adopted["unit"])


def _adopted_by_ids(grouped: pl.DataFrame, records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Row and new unit of each record without an id whose title a record with an id carries.

    Where several ids carry the title, the most similar record's counts, else the first one's.
    """
    titles_of_ids = (
        grouped.filter("has_title_of_id").group_by("title_key", "unit").agg(other_row=pl.col("row").min())
    )
    offers = (
        grouped.filter("telling")
        .select("row", "title_key")
        .join(titles_of_ids, on="title_key")
        .with_columns(contested=pl.len().over("row") > 1)
    )
    contested = offers.filter("contested")
    compared = _compared(contested, records, stored).sort(
        "row", "jaccard", "unit", descending=[False, True, False], nulls_last=True
    )
    chosen = compared.unique("row", keep="first", maintain_order=True)
    return pl.concat([part.select("row", "unit") for part in (offers.filter(~pl.col("contested")), chosen)])


def _near_duplicates(grouped: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Pairs of units that are one paper by likeness: unit (the better), other_unit, jaccard."""
    pairs = _candidate_pairs(grouped)
    titles = grouped.select("unit", "arxiv_id", "n_title_words", *_TITLE_FORMS)
    left, right = titles[pairs["row"]], titles[pairs["other_row"]]
    possible = (left["unit"] != right["unit"]) & (left["arxiv_id"].is_null() | right["arxiv_id"].is_null())
