"""Values that Python, a page or a parser can't take: each was once an error, or might become one."""

import json
from datetime import date
from pathlib import Path

import pytest
from hostile_reading import Read, read_checked  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.arxiv_jsonl import created_day
from lit_pipeline.ingest.json_entries import Break, Value, value_at
from lit_pipeline.ingest.page_lines import PageLine
from lit_pipeline.ingest.page_tokens import MAX_GLUED_NAVIGATION, Kind, tokens_of


def answer(tmp_path: Path, *entries: object) -> Read:
    return read_checked(tmp_path, json.dumps([{"paper": {"id": "1", "title": "First"}}, *entries]).encode())


def test_days_at_both_ends_of_the_calendar_are_none(tmp_path: Path) -> None:
    first, last = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"
    read = answer(tmp_path, {"paper": {"title": "A", "publishedAt": first}, "publishedAt": last})
    assert read.records["published_on"].to_list() == [None, None]
    assert read.records["featured_on"].to_list() == [None, None]


@pytest.mark.parametrize("neighbour", ["0001-01-05", "9999-12-31"])
def test_neighbouring_day_at_the_end_of_the_calendar_dates_no_page(tmp_path: Path, neighbour: str) -> None:
    page = f"Daily Papers\nSep 8\n[next](https://huggingface.co/papers/date/{neighbour})\nA Title\nWe do it.\n3 authors"
    assert set(read_checked(tmp_path, page.encode()).records["captured_on"]) <= {None}


@pytest.mark.parametrize("literal", ["{[]: 1}", "{'paper': {{}}}", "{'paper': {'a': 1}}" * 2, "{'paper': 1+'a'}"])
def test_literal_that_makes_no_value_is_a_rejected_record(tmp_path: Path, literal: str) -> None:
    assert answer(tmp_path, literal).reasons() <= {"broken_literal", "not_a_paper"}


def test_count_of_thousands_of_digits_is_none(tmp_path: Path) -> None:
    data = b'[{"paper":{"id":"1","title":"A","upvotes":' + b"9" * 10_000 + b"}}]"
    assert read_checked(tmp_path, data).records["upvotes"].to_list() == [None]


def test_surrogate_in_an_escape_rejects_its_record_alone(tmp_path: Path) -> None:
    data = b'[{"paper":{"id":"1","title":"\\ud800"}},{"paper":{"id":"2","title":"B"}}]'
    read = read_checked(tmp_path, data)
    assert read.reasons() == {"invalid_utf8"}
    assert read.records["raw_title"].to_list() == ["B"]


def test_nul_in_an_escape_is_gone_from_the_clean_title(tmp_path: Path) -> None:
    assert answer(tmp_path, {"paper": {"title": "A\x00B"}}).n_read == 2


def test_entry_that_lost_its_end_costs_no_later_one(tmp_path: Path) -> None:
    data = (
        b'[{"paper":{"id":"1","title":"A","authors":[{"paper":{"id":"2","title":"B"}},{"paper":{"id":"3","title":"C"}}]'
    )
    assert read_checked(tmp_path, data).records["raw_title"].to_list() == ["B", "C"]


@pytest.mark.parametrize("length", [10, 20_000, 300_000])
def test_value_longer_than_the_view_is_decoded(length: int) -> None:
    text = json.dumps({"a": '\\"x\ud83d\ude00' * length})
    assert value_at(f"  {text},", 2) == Value(json.loads(text), 2 + len(text))


def test_nesting_is_refused_at_the_same_depth_whoever_asks() -> None:
    assert isinstance(value_at("[" * 100 + "]" * 100, 0), Value)
    assert value_at("[" * 101 + "]" * 101, 0) == Break(202, "", too_deep=True)
    assert isinstance(value_at(json.dumps(["[" * 5000]), 0), Value)


def test_time_stamps_are_kept_no_longer_than_one_is(tmp_path: Path) -> None:
    created_day.cache_clear()
    line = {"id": "1", "title": "A", "categories": "a", "versions": [{"created": "Mon, 2 Apr 2007 " + "x" * 100_000}]}
    assert read_checked(tmp_path, json.dumps(line).encode()).records["published_on"].to_list() == [date(2007, 4, 2)]
    assert created_day("Mon, 2 Apr 2007 " + "x" * 24) == date(2007, 4, 2)
    assert created_day.cache_info().hits >= 1


def test_navigation_glued_a_thousandfold_is_cut_off_a_few_times() -> None:
    tokens = tokens_of([PageLine("Subscribe" * 1000, 1, 1)])
    assert sum(token.kind is Kind.NAVIGATION for token in tokens) == MAX_GLUED_NAVIGATION


@pytest.mark.parametrize("name", ["UTF-7", "EBCDIC-US", "UTF-16", "ISO-2022-KR", "x" * 500])
def test_document_type_can_not_hide_behind_an_encoding(tmp_path: Path, name: str) -> None:
    feed = (
        f'<?xml version="1.0" encoding="{name}"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "bomb">]>'
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>+ACY-b;</title></entry></feed>'
    )
    read = read_checked(tmp_path, feed.encode())
    assert read.reason is not None or read.reasons() == {"broken_xml"}


def test_external_entity_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path.parent / "secret").write_text("secret", encoding="utf-8")
    feed = (
        f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{tmp_path.parent}/secret">]>'
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>'
    )
    assert read_checked(tmp_path, feed.encode()).reason == "forbidden_declaration"


def test_error_answer_of_any_length_is_told_in_a_line(tmp_path: Path) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#a</id>'
        f"<summary>{'x' * 100_000}</summary></entry></feed>"
    )
    (detail,) = read_checked(tmp_path, feed.encode()).rejected["detail"]
    assert len(detail) <= 200


def test_article_around_articles_is_no_card(tmp_path: Path) -> None:
    card = "<article><h3><a href='/papers/2501.0000{}'>Title {}</a></h3></article>"
    page = f"<!doctype html><article><h3>All</h3>{card.format(1, 1)}{card.format(2, 2)}</article>"
    assert read_checked(tmp_path, page.encode()).records["raw_title"].to_list() == ["Title 1", "Title 2"]
