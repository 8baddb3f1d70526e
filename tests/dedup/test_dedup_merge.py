from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from lit_pipeline.dedup.fields import FIELD_RULES
from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.merge import Merged, merge
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.tables.papers import PaperAliases, PaperFields, PaperMetrics, PaperRecords, Papers
from lit_pipeline.tables.records import CleanRecords, RawRecords
from lit_pipeline.tables.schema import faults, polars_schema

TITLE = "Reading Gauges from Photographs of Boiler Rooms"
OTHER_TITLE = "Picking Apples That Hang behind Leaves"

Record = dict[str, Any]
Merge = Callable[..., Merged]


def clean_record(record_id: str, **fields: Any) -> Record:
    empty: Record = dict.fromkeys(polars_schema(CleanRecords).names())
    base = {"record_id": record_id, "source_sha256": record_id, "title": TITLE, "repairs": []}
    return empty | base | {"published_on_inferred": False} | fields


def raw_record(record: Record) -> Record:
    place = {"source_file": f"{record['record_id']}.txt", "source_format": "listing_page", "position": 0}
    return place | {
        "record_id": record["record_id"],
        "source_sha256": record["source_sha256"],
        "line_start": 1,
        "line_end": 9,
        "raw_title": record["title"],
        "raw_abstract": record["abstract"],
    }


@pytest.fixture
def merged() -> Merge:
    """Papers of cleaned records."""

    def run(*records: Record) -> Merged:
        clean = pl.DataFrame(records, schema=polars_schema(CleanRecords))
        raw_columns = list(raw_record(clean_record("r")))
        raw_schema = {name: polars_schema(RawRecords)[name] for name in raw_columns}
        raw = pl.DataFrame([raw_record(record) for record in records], schema=raw_schema)
        return merge(clean, raw, match(signatures(clean)))

    return run


def paper(tables: Merged) -> Record:
    (row,) = tables.papers.collect().to_dicts()
    return row


def ids(tables: Merged) -> list[str]:
    found: list[str] = tables.papers.collect()["paper_id"].to_list()
    return found


def aliases(tables: Merged) -> dict[str, str]:
    return dict(tables.paper_aliases.iter_rows())


def test_the_tables_keep_their_declarations(merged: Merge) -> None:
    tables = merged(
        clean_record("r1", arxiv_id="2501.1", upvotes=3, observed_on=date(2025, 1, 2)),
        clean_record("r2", abstract="An abstract of the paper."),
        clean_record("r3", title=OTHER_TITLE),
    )
    assert faults(tables.papers.collect(), Papers) == {}
    assert faults(tables.paper_records.collect(), PaperRecords) == {}
    assert faults(tables.paper_aliases, PaperAliases) == {}
    assert faults(tables.paper_metrics, PaperMetrics) == {}
    assert faults(tables.paper_fields, PaperFields) == {}


def test_no_records_make_no_papers(merged: Merge) -> None:
    tables = merged()
    assert tables.papers.collect().is_empty()
    assert faults(tables.papers.collect(), Papers) == {}


def test_a_paper_is_named_by_its_arxiv_id(merged: Merge) -> None:
    assert ids(merged(clean_record("r1"), clean_record("r2", arxiv_id="2501.1"))) == ["arxiv:2501.1"]


def test_a_paper_without_an_id_is_named_by_its_title(merged: Merge) -> None:
    assert ids(merged(clean_record("r1"), clean_record("r2", title=TITLE.upper()))) == ["title:f664de053f39c85b"]


def test_papers_with_one_weak_title_have_ids_of_their_own(merged: Merge) -> None:
    found = ids(merged(clean_record("r1", title="Preface"), clean_record("r2", title="Preface")))
    assert len(set(found)) == 2
    assert all(paper_id.startswith("title:") for paper_id in found)


def test_an_id_that_is_superseded_becomes_an_alias(merged: Merge) -> None:
    before = ids(merged(clean_record("r1")))
    after = merged(clean_record("r1"), clean_record("r2", arxiv_id="2501.1"))
    assert aliases(after) == {before[0]: "arxiv:2501.1"}


def test_an_id_that_names_a_paper_is_no_alias(merged: Merge) -> None:
    tables = merged(clean_record("r1"), clean_record("r2", title=OTHER_TITLE))
    assert aliases(tables) == {}


def test_an_id_that_two_papers_would_have_is_the_alias_of_the_one_that_had_it(merged: Merge) -> None:
    abstract = "A needle throws a shadow on the dial of the gauge"
    tables = merged(
        clean_record("r1", arxiv_id="2501.1"),
        clean_record("r2", arxiv_id="2501.2", abstract=abstract),
        clean_record("r3", abstract=abstract),
    )
    assert list(aliases(tables).values()) == ["arxiv:2501.2"]


@pytest.mark.parametrize(
    ("field", "first", "second", "chosen"),
    [
        ("abstract", "Short abstract.", "A rather longer abstract.", "A rather longer abstract."),
        ("authors", ["A. Baker"], ["A. Baker", "C. Dyer"], ["A. Baker", "C. Dyer"]),
        ("n_authors", 12, 3, 12),
        ("published_on", date(2025, 3, 1), date(2025, 2, 1), date(2025, 2, 1)),
        ("featured_on", date(2025, 3, 1), date(2025, 4, 1), date(2025, 3, 1)),
        ("categories", ["cs.CL"], ["cs.CV", "cs.AI"], ["cs.CV", "cs.AI"]),
        ("code_url", "https://example.org/a", None, "https://example.org/a"),
        ("organisation", None, "Boiler Works", "Boiler Works"),
    ],
)
def test_each_field_comes_from_one_record_by_its_rule(
    merged: Merge, field: str, first: object, second: object, chosen: object
) -> None:
    assert paper(merged(clean_record("r1", **{field: first}), clean_record("r2", **{field: second})))[field] == chosen


@pytest.mark.parametrize("field", ["upvotes", "n_comments", "github_stars"])
def test_counts_are_those_last_observed(merged: Merge, field: str) -> None:
    tables = merged(
        clean_record("r1", **{field: 9}, observed_on=date(2025, 1, 1)),
        clean_record("r2", **{field: 7}, observed_on=date(2025, 1, 3)),
        clean_record("r3", observed_on=date(2025, 1, 5)),
        clean_record("r4", **{field: 99}),
    )
    assert paper(tables)[field] == 7


def test_a_stated_day_goes_before_an_earlier_inferred_one(merged: Merge) -> None:
    tables = merged(
        clean_record("r1", published_on=date(2024, 1, 1), published_on_inferred=True),
        clean_record("r2", published_on=date(2025, 1, 1)),
    )
    assert (paper(tables)["published_on"], paper(tables)["published_on_inferred"]) == (date(2025, 1, 1), False)


def test_an_inferred_day_is_marked(merged: Merge) -> None:
    tables = merged(clean_record("r1"), clean_record("r2", published_on=date(2024, 1, 1), published_on_inferred=True))
    assert paper(tables)["published_on_inferred"]


def test_a_machine_written_summary_is_never_the_abstract(merged: Merge) -> None:
    summary = "A summary that was written by a machine and is long."
    tables = merged(clean_record("r1", abstract=summary, ai_summary=summary), clean_record("r2", abstract="Short."))
    assert (paper(tables)["abstract"], paper(tables)["ai_summary"]) == ("Short.", summary)


def test_the_title_is_the_survivors(merged: Merge) -> None:
    tables = merged(clean_record("r1", title=TITLE.upper()), clean_record("r2", arxiv_id="2501.1"))
    assert paper(tables)["title"] == TITLE


def test_the_arxiv_page_stands_in_for_a_missing_address(merged: Merge) -> None:
    assert paper(merged(clean_record("r1", arxiv_id="2501.1")))["url"] == "https://arxiv.org/abs/2501.1"


def test_files_and_records_are_counted(merged: Merge) -> None:
    row = paper(merged(clean_record("r2"), clean_record("r1")))
    assert (row["n_records"], row["first_source_file"]) == (2, "r1.txt")


def test_each_value_is_traced_to_its_record(merged: Merge) -> None:
    tables = merged(
        clean_record("r1", arxiv_id="2501.1", abstract="Short."),
        clean_record("r2", abstract="Rather longer.", upvotes=5, observed_on=date(2025, 1, 1)),
    )
    traced = dict(tables.paper_fields.select("field", "record_id").iter_rows())
    assert traced == {"arxiv_id": "r1", "title": "r1", "abstract": "r2", "upvotes": "r2"}


def test_every_field_of_a_paper_has_a_rule() -> None:
    counted = {"paper_id", "n_records", "first_source_file"}
    assert {name for rule in FIELD_RULES for name in rule.columns} | counted == set(polars_schema(Papers).names())


def test_observations_are_kept_a_day(merged: Merge) -> None:
    tables = merged(
        clean_record("r1", upvotes=3, observed_on=date(2025, 1, 1)),
        clean_record("r2", upvotes=5, n_comments=1, observed_on=date(2025, 1, 1)),
        clean_record("r3", upvotes=9, observed_on=date(2025, 1, 2)),
        clean_record("r4", observed_on=date(2025, 1, 3)),
    )
    assert tables.paper_metrics.select("observed_on", "upvotes", "n_comments").rows() == [
        (date(2025, 1, 1), 5, 1),
        (date(2025, 1, 2), 9, None),
    ]


def test_every_record_is_kept_with_its_reason(merged: Merge) -> None:
    tables = merged(clean_record("r1", arxiv_id="2501.1"), clean_record("r2"), clean_record("r3", title=OTHER_TITLE))
    kept = tables.paper_records.collect().select("record_id", "matched_by", "raw_title").rows()
    assert kept == [("r1", "self", TITLE), ("r2", "title", TITLE), ("r3", "self", OTHER_TITLE)]


def test_the_order_of_records_makes_no_difference(merged: Merge) -> None:
    records = [
        clean_record("r1", arxiv_id="2501.1", code_url="https://example.org/a"),
        clean_record("r2", abstract="Same length.", code_url="https://example.org/b"),
        clean_record("r3", abstract="Length same.", code_url="https://example.org/c"),
        clean_record("r4", title=OTHER_TITLE),
    ]
    forwards, backwards = merged(*records), merged(*reversed(records))
    assert forwards.papers.collect().equals(backwards.papers.collect())
    assert forwards.paper_fields.equals(backwards.paper_fields)


def test_lazy_records_give_the_same_papers(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [clean_record("r1", arxiv_id="2501.1"), clean_record("r2", abstract="An abstract.")]
    folder = tmp_path_factory.mktemp("records")
    clean = pl.DataFrame(records, schema=polars_schema(CleanRecords))
    raw = pl.DataFrame([raw_record(record) for record in records])
    clean.write_parquet(folder / "clean.parquet")
    raw.write_parquet(folder / "raw.parquet")
    matches = match(signatures(clean))
    lazy = merge(pl.scan_parquet(folder / "clean.parquet"), pl.scan_parquet(folder / "raw.parquet"), matches)
    assert lazy.papers.collect().equals(merge(clean, raw, matches).papers.collect())
