import polars as pl

from lit_pipeline.dedup.match import MATCHES_SCHEMA
from lit_pipeline.dedup.summary import summarise


def matches(*rows: tuple[str, str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame([(*row, 0) for row in rows], schema=MATCHES_SCHEMA, orient="row")


def test_records_and_clusters_are_counted() -> None:
    found = summarise(
        matches(
            ("r1", "r1", "self", 1.0),
            ("r2", "r1", "arxiv_id", 1.0),
            ("r3", "r1", "near_duplicate", 0.55),
            ("r4", "r4", "self", 1.0),
            ("r5", "r5", "self", 1.0),
            ("r6", "r5", "title", None),
        )
    )
    assert {name: count for name, count in found.items() if count} == {
        "n_records": 6,
        "n_papers": 3,
        "share_merged": 0.5,
        "merged_by_arxiv_id": 1,
        "merged_by_title": 1,
        "merged_by_near_duplicate": 1,
        "clusters_of_1": 1,
        "clusters_of_2": 1,
        "clusters_of_3_to_4": 1,
        "similarity_none": 1,
        "similarity_0.5": 1,
        "similarity_0.9": 1,
    }


def test_the_same_numbers_are_given_for_no_records() -> None:
    assert set(summarise(matches())) == set(summarise(matches(("r1", "r1", "self", 1.0))))
    assert summarise(matches())["share_merged"] == 0.0
