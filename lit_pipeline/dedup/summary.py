"""What deduplication did, in numbers: the same keys every run, so that they can be plotted over time."""

import polars as pl

EVIDENCE = ("arxiv_id", "title", "near_duplicate")
"""Why a record that is no survivor matched, strongest first."""

CLUSTER_SIZES = (1, 2, 3, 5, 10)
"""Fewest records of each class of clusters; a class ends before the next one begins, the last has no end."""

SIMILARITY_STEPS = 10
"""Classes that the similarities from 0 to 1 are counted in."""


def summarise(matches: pl.DataFrame) -> dict[str, int | float]:
    """Counts of records and clusters.

    Args:
        matches: columns of `MATCHES_SCHEMA`.

    Returns:
        n_records, n_papers, share_merged (of records, 0 to 1); `merged_by_<evidence>` records;
        `clusters_of_<from>...` clusters by their number of records; `similarity_<from>` merged records by their
        similarity to the survivor, and `similarity_none` where it is unknown.
    """
    merged = matches.filter(pl.col("matched_by") != "self")
    n_records = len(matches)
    return {
        "n_records": n_records,
        "n_papers": n_records - len(merged),
        "share_merged": len(merged) / n_records if n_records else 0.0,
        **{f"merged_by_{evidence}": int((merged["matched_by"] == evidence).sum()) for evidence in EVIDENCE},
        **_cluster_sizes(matches),
        **_similarities(merged["similarity"]),
    }


def _cluster_sizes(matches: pl.DataFrame) -> dict[str, int]:
    sizes = matches.group_by("survivor_id").len()["len"]
    ends = (*CLUSTER_SIZES[1:], None)
    return {
        _class_name(first, end): int(((sizes >= first) & (sizes < end if end else True)).sum())
        for first, end in zip(CLUSTER_SIZES, ends, strict=True)
    }


def _class_name(first: int, end: int | None) -> str:
    if end is None:
        return f"clusters_of_{first}_or_more"
    return f"clusters_of_{first}" if end == first + 1 else f"clusters_of_{first}_to_{end - 1}"


def _similarities(similarity: pl.Series) -> dict[str, int]:
    steps = (similarity * SIMILARITY_STEPS).floor().clip(upper_bound=SIMILARITY_STEPS - 1)
    counted = {
        f"similarity_{step / SIMILARITY_STEPS:.1f}": int((steps == step).sum()) for step in range(SIMILARITY_STEPS)
    }
    return {"similarity_none": similarity.null_count(), **counted}
