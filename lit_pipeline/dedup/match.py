"""Which records are one paper: evidence, strongest first, and clusters with one survivor each.

1. Equal arXiv ids; two different ones are never one paper.
2. Equal normalised titles, unless the title is too short or too generic to name one paper.
3. Near-duplicates: abstracts and titles that are alike, by exact similarity of all candidate pairs.

The first two make units of records, which the third ties together; a unit joins a cluster only where it is tied
directly to the survivor's unit. Rows are numbered from the best survivor down, so the order of the input is nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np
import polars as pl

from lit_pipeline.dedup.candidates import pairs_sharing_a_key, unique_pairs
from lit_pipeline.dedup.resemblance import COMPARED_FORMS, TITLE_FORMS, resembles
from lit_pipeline.dedup.signatures import MIN_SHINGLES, N_BANDS
from lit_pipeline.dedup.similarity import n_shared
from lit_pipeline.dedup.stars import survivors
from lit_pipeline.dedup.words import U32, Indices

MATCHES_SCHEMA = pl.Schema(
    {
        "record_id": pl.String(),
        "survivor_id": pl.String(),
        "matched_by": pl.String(),
        "similarity": pl.Float64(),
        "paper_key": pl.UInt64(),
    }
)
"""One row a record: the survivor of its cluster, why it matched, how similar their abstracts are, and the record's
own key to name a paper by (see `SIGNATURE_SCHEMA`)."""


_SETS = ("bands", "figures", "distinctive", "shingles")
"""Columns of signatures that hold lists: they take most of the memory, so each is read where it is needed."""


def match(signatures: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Cluster of each record.

    Args:
        signatures: columns of `SIGNATURE_SCHEMA`, each record_id once. Of a lazy frame the shingles and words are
            read for compared records alone.

    Returns:
        Frame of `MATCHES_SCHEMA`, sorted by record_id. `matched_by` is 'self' for the survivor, whose similarity
        is 1; the similarity is the Jaccard similarity of the shingles of both abstracts, null where one has none.

    Raises:
        ValueError: a record_id stands twice.
    """
    stored = signatures.lazy()
    records = _ranked(stored.drop(_SETS).collect())
    records = records.with_columns(unit=_units(records, stored))
    ties = _ties(records, stored)
    survivor = survivors(
        records["arxiv_id"].is_not_null().to_numpy(),
        ties["unit"].to_numpy(),
        ties["other_unit"].to_numpy(),
        ties["jaccard"].to_numpy(),
    )
    survivor_rows = pl.Series("survivor_row", survivor, dtype=pl.UInt32).gather(records["unit"])
    return _explained(records.with_columns(survivor_rows), stored)


def _ranked(records: pl.DataFrame) -> pl.DataFrame:
    """Records from the best survivor down: with an arXiv id, then with the longest abstract; numbered in `row`."""
    if records["record_id"].is_duplicated().any():
        raise ValueError("signatures hold a record_id twice")
    best_first = [pl.col("arxiv_id").is_null(), -pl.col("n_shingles").cast(pl.Int64), pl.col("record_id")]
    return records.sort(best_first).with_row_index("row")


def _units(records: pl.DataFrame, stored: pl.LazyFrame) -> pl.Series:
    """Best row of the records with the same arXiv id or, without one, the same telling title, for each record."""
    has_id = pl.col("arxiv_id").is_not_null()
    by_id = pl.col("row").min().over("arxiv_id")
    by_title = pl.col("row").min().over("title_key", has_id)
    telling = ~pl.col("title_is_weak")
    grouped = records.select(
        "row",
        "title_key",
        has_id=has_id,
        telling=telling,
        unit=pl.when(has_id).then(by_id).when(telling).then(by_title).otherwise("row"),
    )
    adopted = _adopted(grouped, records, stored)
    return grouped["unit"].scatter(adopted["row"], adopted["unit"])


def _adopted(grouped: pl.DataFrame, records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Row and new unit of each record without an id whose telling title a record with an id carries.

    Where several ids carry the title, that of the most similar record counts, else that of the first.
    """
    telling = grouped.filter("telling")
    titles_of_ids = telling.filter("has_id").group_by("title_key", "unit").agg(other_row=pl.col("row").min())
    offers = telling.filter(~pl.col("has_id")).select("row", "title_key").join(titles_of_ids, on="title_key")
    contested = pl.len().over("row") > 1
    settled = _compared(offers.filter(contested), records, stored).sort(
        "row", "jaccard", "unit", descending=[False, True, False], nulls_last=True
    )
    chosen = settled.unique("row", keep="first", maintain_order=True)
    return pl.concat([part.select("row", "unit") for part in (offers.filter(~contested), chosen)])


def _ties(records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Pairs of units that are one paper by likeness, each once: unit, other_unit, jaccard (0 for none)."""
    pairs = _side_by_side(_compared(_candidates(records, stored), records, stored), records, stored)
    ordered = pl.col("unit") < pl.col("unit_other")
    return (
        pairs.filter(resembles())
        .select(
            unit=pl.when(ordered).then("unit").otherwise("unit_other"),
            other_unit=pl.when(ordered).then("unit_other").otherwise("unit"),
            jaccard=pl.col("jaccard").fill_null(0.0),
        )
        .group_by("unit", "other_unit")
        .agg(pl.col("jaccard").max())
        .sort("unit", "other_unit")
    )


def _side_by_side(pairs: pl.DataFrame, records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Add the units and titles of both records of each pair, the second's with `_other`, and the words they share."""
    titles = records.select("unit", *TITLE_FORMS)
    others = titles[pairs["other_row"]].select(pl.all().name.suffix("_other"))
    sets, left, right = _paired_sets(pairs, records, stored, "distinctive", "figures")
    sizes = sets["distinctive"].list.len()
    return pl.concat([pairs, titles[pairs["row"]], others], how="horizontal").with_columns(
        n_distinctive=sizes.gather(left) + sizes.gather(right),
        n_shared_distinctive=pl.Series(n_shared(sets["distinctive"], left, right)),
        n_shared_figures=pl.Series(n_shared(sets["figures"], left, right)),
    )


def _candidates(records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Pairs of records worth comparing, of different units, not both with an arXiv id: row, other_row."""
    left, right = unique_pairs(
        [*_pairs_by_bands(records, stored), _pairs_by_titles(records), _pairs_by_figures(records, stored)]
    )
    unit = records["unit"].to_numpy()
    has_id = records["arxiv_id"].is_not_null().to_numpy()[unit]
    possible = (unit[left] != unit[right]) & ~(has_id[left] & has_id[right])
    return pl.DataFrame(
        {"row": left[possible], "other_row": right[possible]},
        schema_overrides={"row": pl.UInt32, "other_row": pl.UInt32},
    )


def _pairs_by_bands(records: pl.DataFrame, stored: pl.LazyFrame) -> list[tuple[Indices, Indices]]:
    """Pairs that share a band, among the different abstracts of each unit."""
    compared = records.filter(pl.col("n_shingles") >= MIN_SHINGLES)
    forms = compared.unique(["unit", "fingerprint"], keep="first", maintain_order=True)
    sketched = _read_sets(forms, stored, "bands")
    rows = sketched["row"].to_numpy().astype(np.int64)
    bands = sketched["bands"].explode(empty_as_null=False).to_numpy().reshape(-1, N_BANDS)
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        return list(threads.map(pairs_sharing_a_key, bands.T, repeat(rows)))


def _pairs_by_titles(records: pl.DataFrame) -> tuple[Indices, Indices]:
    """Pairs whose titles are equal in a looser form."""
    forms = pl.concat(records.select("row", "unit", key=pl.col(form)).drop_nulls() for form in COMPARED_FORMS)
    one_a_unit = forms.unique(["unit", "key"], keep="first", maintain_order=True)
    return pairs_sharing_a_key(_upper_half(one_a_unit["key"]), one_a_unit["row"].to_numpy().astype(np.int64))


def _pairs_by_figures(records: pl.DataFrame, stored: pl.LazyFrame) -> tuple[Indices, Indices]:
    """Pairs whose abstracts state the same exact figure."""
    stating = stored.filter(pl.col("figures").list.len() > 0)
    stated = _read_sets(records, stating, "figures").explode("figures").sort("row")
    of_units = stated.with_columns(unit=records["unit"].gather(stated["row"]))
    one_a_unit = of_units.unique(["unit", "figures"], keep="first", maintain_order=True)
    return pairs_sharing_a_key(one_a_unit["figures"].to_numpy(), one_a_unit["row"].to_numpy().astype(np.int64))


def _compared(pairs: pl.DataFrame, records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Add how alike the abstracts of each pair are: n_smaller, jaccard, containment; null where one has none.

    Args:
        pairs: columns row and other_row, and any others.
        records: ranked records.
        stored: the signatures, of which the shingles of the paired records are read.
    """
    sets, left, right = _paired_sets(pairs, records, stored, "shingles")
    shared = n_shared(sets["shingles"], left, right)
    sizes = sets["shingles"].list.len().to_numpy().astype(np.int64)
    n_smaller = np.minimum(sizes[left], sizes[right])
    n_all = sizes[left] + sizes[right] - shared
    none = pl.Series(n_smaller == 0)
    return pairs.with_columns(
        n_smaller=pl.Series(n_smaller),
        jaccard=(pl.Series(shared) / pl.Series(n_all)).set(none, None),
        containment=(pl.Series(shared) / pl.Series(n_smaller)).set(none, None),
    )


def _paired_sets(
    pairs: pl.DataFrame, records: pl.DataFrame, stored: pl.LazyFrame, *columns: str
) -> tuple[pl.DataFrame, Indices, Indices]:
    """Stored sets of the paired records, and the place of each pair's records among them."""
    paired = pl.concat([pairs["row"], pairs["other_row"]]).unique()
    sets = _read_sets(records.select("row", "record_id")[paired], stored, *columns)
    by_row = np.argsort(sets["row"].to_numpy())
    rows = sets["row"].to_numpy()[by_row]
    left = by_row[np.searchsorted(rows, pairs["row"].to_numpy())]
    right = by_row[np.searchsorted(rows, pairs["other_row"].to_numpy())]
    return sets, left, right


def _read_sets(records: pl.DataFrame, stored: pl.LazyFrame, *columns: str) -> pl.DataFrame:
    """Row and stored sets of the records, in any order; of the others nothing is kept."""
    wanted = records.lazy().select("row", "record_id")
    return (
        stored.select("record_id", *columns).join(wanted, on="record_id").drop("record_id").collect(engine="streaming")
    )


def _explained(records: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame:
    """Matches of the records, given their survivor_row."""
    survivors_of = records.select("record_id", "fingerprint")[records["survivor_row"]]
    matched_by = (
        pl.when(pl.col("row") == pl.col("survivor_row"))
        .then(pl.lit("self"))
        .when(pl.col("unit") != pl.col("survivor_row"))
        .then(pl.lit("near_duplicate"))
        .when(pl.col("arxiv_id").is_not_null())
        .then(pl.lit("arxiv_id"))
        .otherwise(pl.lit("title"))
    )
    matched = records.with_columns(
        matched_by=matched_by,
        survivor_id=survivors_of["record_id"],
        same_abstract=records["fingerprint"] == survivors_of["fingerprint"],
    )
    others = matched.filter(~pl.col("same_abstract")).select("row", other_row="survivor_row")
    compared = _compared(others, records, stored).select("row", similarity="jaccard")
    similarity = pl.when("same_abstract").then(1.0).when(pl.col("matched_by") == "self").then(1.0)
    return (
        matched.join(compared, on="row", how="left")
        .with_columns(similarity=similarity.otherwise("similarity"))
        .select(MATCHES_SCHEMA.names())
        .sort("record_id")
    )


def _upper_half(keys: pl.Series) -> U32:
    return (keys.to_numpy() >> np.uint64(32)).astype(np.uint32)
