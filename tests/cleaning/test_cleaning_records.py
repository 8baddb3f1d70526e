"""The stage as a whole: raw records in, clean and rejected records out."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from lit_pipeline.cleaning.measure import changed_by_repair, cost_of_repairs, read_texts, report
from lit_pipeline.cleaning.records import clean_records
from lit_pipeline.cleaning.text import CHAIN, repair_frame, repair_named
from lit_pipeline.tables.records import CleanRecords, RawRecords, RejectedRecords
from lit_pipeline.tables.schema import empty_frame, faults, polars_schema


def raw(**columns: Any) -> pl.DataFrame:
    row = {
        "record_id": "0123456789abcdef:0",
        "source_file": "pages/a.txt",
        "source_sha256": "0" * 64,
        "source_format": "listing_page",
        "position": 0,
        "raw_title": "A Title",
        "file_modified_on": date(2026, 6, 1),
    }
    return pl.DataFrame([row | columns], schema=polars_schema(RawRecords))


def clean(**columns: Any) -> dict[str, Any]:
    return clean_records(raw(**columns)).records.row(0, named=True)


def test_frames_keep_their_declaration() -> None:
    taken = clean_records(raw())
    rejected = clean_records(raw(raw_title=None))
    assert faults(taken.records, CleanRecords) == {}
    assert faults(rejected.rejected, RejectedRecords) == {}


def test_no_rows_give_no_rows() -> None:
    cleaned = clean_records(empty_frame(RawRecords))
    assert faults(cleaned.records, CleanRecords) == {}
    assert faults(cleaned.rejected, RejectedRecords) == {}
    assert cleaned.records.is_empty()


def test_title_and_abstract_are_repaired_and_the_repairs_named() -> None:
    row = clean(raw_title=r"$\mathcal{B}$-Coder", raw_abstract="It is 2times faster.")
    assert (row["title"], row["abstract"]) == ("B-Coder", "It is 2× faster.")
    assert row["repairs"] == ["lost_backslashes", "latex"]


@pytest.mark.parametrize("title", [None, "", " \n", "\u200b", "$$", "—"])
def test_a_record_without_title_is_rejected(title: str | None) -> None:
    cleaned = clean_records(raw(raw_title=title, raw_abstract="Some text"))
    assert cleaned.records.is_empty()
    row = cleaned.rejected.row(0, named=True)
    assert (row["stage"], row["reason"], row["position"]) == ("cleaning", "missing_title", 0)


def test_the_excerpt_of_a_rejected_record_is_short() -> None:
    row = clean_records(raw(raw_title=None, raw_abstract="x" * 500)).rejected.row(0, named=True)
    assert row["excerpt"] == "x" * 200


@pytest.mark.parametrize("abstract", [None, "", "\n \u200b"])
def test_a_missing_abstract_is_no_reason_to_reject(abstract: str | None) -> None:
    assert clean(raw_abstract=abstract)["abstract"] is None


def test_every_record_is_taken_or_rejected_and_order_stays() -> None:
    batch = pl.concat([raw(record_id=f"a:{place}", raw_title=title) for place, title in enumerate(["A", None, "B"])])
    cleaned = clean_records(batch)
    assert cleaned.records["record_id"].to_list() == ["a:0", "a:2"]
    assert cleaned.rejected["record_id"].to_list() == ["a:1"]


def test_a_printed_date_with_year_is_not_inferred() -> None:
    row = clean(printed_date="Sep 13, 2024", latest_printed_year=2024)
    assert (row["published_on"], row["published_on_inferred"]) == (date(2024, 9, 13), False)


def test_a_yearless_date_gets_the_year_after_the_latest_printed_one() -> None:
    row = clean(printed_date="Jul 1", page_date="Dec 11", latest_printed_year=2024)
    assert (row["published_on"], row["published_on_inferred"]) == (date(2025, 7, 1), True)


def test_a_yearless_date_after_the_day_of_the_page_keeps_the_year_of_the_capture() -> None:
    row = clean(printed_date="Dec 30", page_date="Dec 11", latest_printed_year=2024)
    assert row["published_on"] == date(2025, 12, 30)


def test_a_date_of_the_source_comes_before_a_printed_one() -> None:
    row = clean(published_on=date(2023, 2, 3), printed_date="Jul 1", raw_arxiv_id="2501.04519")
    assert (row["published_on"], row["published_on_inferred"]) == (date(2023, 2, 3), False)


def test_without_any_date_the_arxiv_id_implies_the_month() -> None:
    row = clean(raw_arxiv_id="arXiv:2501.04519v2")
    assert (row["published_on"], row["published_on_inferred"]) == (date(2025, 1, 1), True)


def test_without_date_and_id_nothing_is_inferred() -> None:
    row = clean(printed_date="Feb 30, 2024")
    assert (row["published_on"], row["published_on_inferred"]) == (None, False)


def test_the_arxiv_id_may_stand_in_the_address() -> None:
    assert clean(url="https://huggingface.co/papers/2410.05434")["arxiv_id"] == "2410.05434"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"captured_on": date(2026, 1, 2), "page_date": "Dec 11"}, date(2026, 1, 2)),
        ({"page_date": "Dec 11", "latest_printed_year": 2024}, date(2025, 12, 11)),
        ({"featured_on": date(2024, 5, 6)}, date(2024, 5, 6)),
        ({}, date(2026, 6, 1)),
    ],
)
def test_counts_were_observed_on_the_best_known_day(columns: dict[str, Any], expected: date) -> None:
    assert clean(n_comments=8, **columns)["observed_on"] == expected


def test_without_counts_nothing_was_observed() -> None:
    assert clean(captured_on=date(2026, 1, 2))["observed_on"] is None


def test_the_heading_of_a_page_is_no_day_of_featuring() -> None:
    assert clean(page_date="Dec 11", latest_printed_year=2024)["featured_on"] is None


def test_negative_counts_and_unsafe_addresses_become_null() -> None:
    row = clean(upvotes=-1, n_comments=0, url="javascript:alert(1)", code_url="https://a.example/b")
    assert (row["upvotes"], row["n_comments"], row["url"], row["code_url"]) == (None, 0, None, "https://a.example/b")


def test_measures_count_the_texts_that_each_repair_changes() -> None:
    texts = pl.DataFrame({"corpus": ["a"] * 4, "title": ["t"] * 4, "abstract": ["2times", "x", "y", None]})
    changed = changed_by_repair(texts).filter(repair="latex").row(0, named=True)
    assert changed == {"repair": "latex", "corpus": "a", "texts": 4, "changed": 1, "share": 0.25}


def test_measures_list_the_cost_of_the_chain_and_of_each_repair() -> None:
    costs = cost_of_repairs(pl.Series(["2times faster", "clean"]))
    assert costs["repair"].to_list() == ["all", *CHAIN.names]
    assert costs.filter(repair="lost_backslashes")["rows"].item() == 1


def test_texts_are_read_from_jsonl_and_parquet(tmp_path: Path) -> None:
    jsonl, parquet = tmp_path / "mine.jsonl", tmp_path / "records.parquet"
    jsonl.write_bytes(orjson.dumps({"title": "T", "summary": "S", "n": 1}) + b"\n")
    pl.DataFrame({"source_file": ["seeds/a.txt"], "raw_title": ["T"], "raw_abstract": ["A"]}).write_parquet(parquet)
    assert read_texts(jsonl).rows() == [("mine", "T", "S")]
    assert read_texts(parquet).rows() == [("seeds", "T", "A")]
    assert "| seeds" in report([jsonl, parquet])


def gold_rows(shared: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (shared / "gold" / "train.jsonl").read_bytes().splitlines()]


def test_names_and_values_of_labelled_papers_survive_the_repair(shared: Path) -> None:
    rows = gold_rows(shared)
    texts = pl.DataFrame({"text": [f"{row['title']}\n{row['abstract'] or ''}" for row in rows]}).with_row_index("row")
    names = pl.DataFrame(
        [(row, entity["text"]) for row, labels in enumerate(rows) for entity in labels["entities"]],
        schema={"row": pl.UInt32, "name": pl.String},
        orient="row",
    )
    repaired = repair_frame(names, ["name"]).join(repair_frame(texts, ["text"]), on="row")
    assert repaired.filter(~pl.col("text").str.contains(pl.col("name"), literal=True)).is_empty()


def test_real_texts_come_to_rest(shared: Path) -> None:
    texts = pl.DataFrame({"text": [row["abstract"] for row in gold_rows(shared)]}, schema={"text": pl.String})
    once = repair_named(texts, ["text"]).drop("repairs")
    again = repair_named(once, ["text"])
    assert again.filter(pl.col("repairs").list.len() > 0).is_empty()
