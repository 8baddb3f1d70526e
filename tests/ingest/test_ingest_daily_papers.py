"""Daily Papers API answers: every way they are kept, what their dates mean, and what broken ones cost."""

import json
from datetime import date
from typing import Any

import pytest
from ingest_reading import Read  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.api_papers import record_of


def entry(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An entry in the newer shape of the API."""
    paper = {
        "id": f"2506.0000{number}",
        "authors": [
            {"_id": "a", "name": "Ada Goose", "hidden": False},
            {"_id": "b", "name": "Bo Pond", "hidden": False},
        ],
        "publishedAt": "2025-06-02T00:00:00.000Z",
        "submittedOnDailyAt": "2025-06-05T00:00:00.000Z",
        "title": f"GooseFlow {number}: Heads in\n  Formation",
        "summary": "We let heads take turns.\nIt's cheaper.",
        "upvotes": 41,
        "githubRepo": "https://github.com/pond/gooseflow",
        "githubStars": 117,
        "ai_summary": "Heads that take turns cost less.",
        "organization": {"name": "pond", "fullname": "Pond Institute"},
    }
    return {
        "paper": paper | changes,
        "publishedAt": "2025-06-01T20:00:00.000Z",
        "title": paper["title"],
        "numComments": 3,
    }


def test_fields_are_mapped(read: Read) -> None:
    row = read(json.dumps([entry()])).records.row(0, named=True)
    expected = {
        "source_format": "daily_papers",
        "raw_title": "GooseFlow 1: Heads in\n  Formation",
        "raw_abstract": "We let heads take turns.\nIt's cheaper.",
        "raw_arxiv_id": "2506.00001",
        "authors": ["Ada Goose", "Bo Pond"],
        "n_authors": 2,
        "published_on": date(2025, 6, 2),
        "featured_on": date(2025, 6, 5),
        "upvotes": 41,
        "n_comments": 3,
        "github_stars": 117,
        "organisation": "Pond Institute",
        "url": "https://huggingface.co/papers/2506.00001",
        "code_url": "https://github.com/pond/gooseflow",
        "ai_summary": "Heads that take turns cost less.",
        "printed_date": None,
    }
    assert {name: row[name] for name in expected} == expected


def older(submitted: str) -> dict[str, Any]:
    """An entry in the older shape, without a day of its own on which it was featured."""
    made = entry()
    del made["paper"]["submittedOnDailyAt"]
    return made | {"publishedAt": submitted}


@pytest.mark.parametrize(
    ("submitted", "featured_on"),
    [
        ("2025-06-05T21:24:36.430Z", date(2025, 6, 5)),
        ("2025-06-05T21:30:00.000Z", date(2025, 6, 6)),
        ("2025-06-06T02:00:00.000Z", date(2025, 6, 6)),
    ],
)
def test_older_entry_is_featured_on_the_listing_that_opened_at_half_past_nine(
    submitted: str, featured_on: date
) -> None:
    assert record_of(older(submitted)).featured_on == featured_on


def test_outer_date_that_only_repeats_the_arxiv_date_is_no_feature_day() -> None:
    assert record_of(older("2025-06-01T20:00:00.000Z")).featured_on is None


def test_day_of_a_wrapped_answer_features_its_entries(read: Read) -> None:
    wrapped = {"status": "success", "date": "2025-06-09", "count": 1, "data": [older("2025-06-05T12:00:00.000Z")]}
    assert read(json.dumps(wrapped)).column("featured_on") == [date(2025, 6, 9)]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([entry(1), entry(2)]),
        json.dumps([entry(1), entry(2)], indent=4),
        json.dumps([repr(entry(1)), repr(entry(2))], indent=2),
        json.dumps([json.dumps(entry(1)), json.dumps(entry(2))]),
        json.dumps({"status": "success", "date": "2025-06-05", "count": 2, "data": [repr(entry(1)), repr(entry(2))]}),
        json.dumps({"count": 2, "papers": [entry(1), entry(2)]}),
        "\n".join(json.dumps(entry(n)) for n in (1, 2)),
        json.dumps([entry(1)["paper"], entry(2)["paper"]]),
        "\ufeff" + json.dumps([entry(1), entry(2)]),
    ],
    ids=["list", "indented", "literals", "nested", "wrapped", "papers", "lines", "bare", "marked"],
)
def test_every_way_of_keeping_answers_gives_the_same_papers(read: Read, content: str) -> None:
    reading = read(content)
    assert reading.source_format == "daily_papers"
    assert reading.column("raw_arxiv_id") == ["2506.00001", "2506.00002"]
    assert set(reading.column("raw_abstract")) == {"We let heads take turns.\nIt's cheaper."}
    assert set(reading.column("featured_on")) == {date(2025, 6, 5)}
    assert reading.rejected.height == 0


def test_single_entry_is_read(read: Read) -> None:
    assert read(json.dumps(entry(), indent=1)).column("raw_arxiv_id") == ["2506.00001"]


def test_lines_of_each_entry_are_those_of_the_file(read: Read) -> None:
    content = json.dumps([entry(1), entry(2)], indent=2)
    lines = content.split("\n")
    reading = read(content)
    second = lines.index("  {", 3)
    assert reading.column("line_start") == [2, second + 1]
    assert reading.column("line_end") == [second, len(lines) - 1]


def test_literals_are_parsed_and_never_evaluated(read: Read, tmp_path: Any) -> None:
    trap = tmp_path / "trap"
    evil = f"{{'paper': {{'id': '2506.00009', 'title': open({str(trap)!r}, 'w')}}}}"
    reading = read(json.dumps([repr(entry()), evil]))
    assert not trap.exists()
    assert reading.rejected.select("position", "reason").rows() == [(1, "broken_literal")]
    assert reading.records.height == 1


@pytest.mark.parametrize(
    "literal",
    [
        "{'paper': " * 5000 + "}" * 5000,
        "{'paper': " + "-" * 100_000 + "1}",
        "{'paper': {'id': '1', 'title': '",
        "[1, 2]",
        "",
    ],
    ids=["deep", "signs", "cut", "list", "empty"],
)
def test_hostile_literal_is_rejected_alone(read: Read, literal: str) -> None:
    reading = read(json.dumps([repr(entry(1)), literal, repr(entry(2))]))
    assert reading.column("position") == [0, 2]
    assert reading.rejected["reason"].to_list() == ["broken_literal"]


def test_truncated_answer_keeps_whole_entries_and_rejects_the_cut_one(read: Read) -> None:
    content = json.dumps([entry(1), entry(2), entry(3)], indent=2)
    reading = read(content[: content.index('"2506.00003"') + 400])
    assert reading.column("raw_arxiv_id") == ["2506.00001", "2506.00002"]
    (fault,) = reading.rejected.to_dicts()
    assert (fault["reason"], fault["position"]) == ("truncated_json", 2)
    assert fault["line_start"] == content[: content.index('"2506.00003"')].count("\n") - 1


def test_answer_cut_between_entries_says_so(read: Read) -> None:
    content = json.dumps([entry(1)])[:-1] + ", "
    assert read(content).rejected["reason"].to_list() == ["truncated_json"]


def test_reading_goes_on_behind_a_broken_entry(read: Read) -> None:
    content = json.dumps([entry(1), entry(2), entry(3)], indent=2).replace('"id": "2506.00002"', '"id": 2506.00002x')
    reading = read(content)
    assert reading.column("raw_arxiv_id") == ["2506.00001", "2506.00003"]
    assert reading.rejected.select("position", "reason").rows() == [(1, "broken_json")]


def test_deeply_nested_json_is_rejected_alone(read: Read) -> None:
    deep = '{"paper": {"id": "2506.00009", "title": "Deep", "x": ' + "[" * 200_000 + "]" * 200_000 + "}}"
    reading = read(f"[{json.dumps(entry(1))}, {deep}, {json.dumps(entry(2))}]")
    assert reading.column("raw_arxiv_id") == ["2506.00001", "2506.00002"]
    assert reading.rejected["reason"].to_list() == ["nested_too_deep"]


def test_element_that_is_no_paper_is_rejected_alone(read: Read) -> None:
    reading = read(json.dumps([entry(1), 7, None, {"other": 1}, entry(2)]))
    assert reading.rejected.select("position", "reason").rows() == [
        (1, "not_a_paper"),
        (2, "not_a_paper"),
        (3, "not_a_paper"),
    ]


def test_paper_without_title_is_left_to_cleaning(read: Read) -> None:
    made = entry(title=None) | {"title": None}
    assert read(json.dumps([made])).column("raw_title") == [None]


def test_values_of_unexpected_types_are_left_out(read: Read) -> None:
    made = entry(upvotes="many", authors="nobody", publishedAt=5, organization=[], githubStars=-1, ai_summary="  ")
    row = read(json.dumps([made])).records.row(0, named=True)
    unknown = ("upvotes", "authors", "n_authors", "published_on", "organisation", "github_stars", "ai_summary")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)


def test_undecodable_bytes_reject_only_their_entry(read: Read) -> None:
    content = json.dumps([entry(1), entry(2)]).encode().replace(b"GooseFlow 1", b"GooseFlow \xff", 1)
    reading = read(content)
    assert reading.column("raw_arxiv_id") == ["2506.00002"]
    assert reading.rejected.select("position", "reason").rows() == [(0, "invalid_utf8")]
