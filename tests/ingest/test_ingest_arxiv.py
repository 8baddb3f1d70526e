"""arXiv metadata: the snapshot, the daily dumps, and the API's Atom feed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from generate_snapshot import write_snapshot  # type: ignore[import-not-found,unused-ignore]
from ingest_reading import Read, read_landed  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.arxiv_jsonl import created_day
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.records import FileRejected

SNAPSHOT = {
    "id": "0704.0001",
    "authors": 'A. G\\"oose, B. Pond and C. Reed (Wetlands University)',
    "title": "Geese in\n  Formation",
    "categories": "cs.CL cs.LG",
    "abstract": "  We let heads take turns.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Göose", "A.", ""], ["Pond", "B.", "Jr", "Wetlands University"], ["Reed", "", ""]],
}
DAILY = {
    "id": "2605.00001",
    "categories": ["cs.GR", "cs.CV"],
    "pdf": "https://arxiv.org/pdf/2605.00001",
    "abs": "https://arxiv.org/abs/2605.00001",
    "authors": ["Ada Goose", "Bo Pond"],
    "title": "Ponds",
    "comment": None,
    "summary": "We splash.",
}


def test_snapshot_fields_are_mapped(read: Read) -> None:
    row = read(json.dumps(SNAPSHOT)).records.row(0, named=True)
    expected = {
        "source_format": "arxiv_jsonl",
        "raw_title": "Geese in\n  Formation",
        "raw_abstract": "  We let heads take turns.\n",
        "raw_arxiv_id": "0704.0001",
        "authors": ["A. Göose", "B. Pond Jr", "Reed"],
        "n_authors": 3,
        "published_on": date(2007, 4, 2),
        "categories": ["cs.CL", "cs.LG"],
        "url": "https://arxiv.org/abs/0704.0001",
        "line_start": 1,
        "line_end": 1,
    }
    assert {name: row[name] for name in expected} == expected


def test_daily_fields_are_mapped_and_no_date_is_made_up(read: Read) -> None:
    row = read(json.dumps(DAILY)).records.row(0, named=True)
    expected = {
        "raw_title": "Ponds",
        "raw_abstract": "We splash.",
        "authors": ["Ada Goose", "Bo Pond"],
        "categories": ["cs.GR", "cs.CV"],
        "url": "https://arxiv.org/abs/2605.00001",
        "published_on": None,
        "featured_on": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_authors_in_one_text_are_parted_where_no_parsed_names_are_given(read: Read) -> None:
    made = {key: value for key, value in SNAPSHOT.items() if key != "authors_parsed"}
    assert read(json.dumps(made)).column("authors") == [['A. G\\"oose', "B. Pond", "C. Reed"]]


def test_update_date_is_no_publication_date(read: Read) -> None:
    assert read(json.dumps(SNAPSHOT | {"versions": []})).column("published_on") == [None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mon, 2 Apr 2007 19:18:42 GMT", date(2007, 4, 2)),
        ("31 Dec 1999", date(1999, 12, 31)),
        ("Mon, 31 Feb 2007 19:18:42 GMT", None),
        ("Mon, 2 Foo 2007 19:18:42 GMT", None),
        ("2007-04-02", None),
    ],
)
def test_day_of_a_version(text: str, day: date | None) -> None:
    assert created_day(text) == day


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "1", "title": "cut', "malformed_json"),
        (b'{"id": "1", "title": "\xff"}', "invalid_utf8"),
        (b'{"id": "1", "title": "\\ud800"}', "malformed_json"),
        (b"[1, 2]", "not_a_paper"),
        (b'{"other": 1}', "not_a_paper"),
        (b"[" * 100_000, "malformed_json"),
    ],
)
def test_bad_line_is_rejected_alone(read: Read, line: bytes, reason: str) -> None:
    good = json.dumps(DAILY).encode()
    reading = read(good + b"\n" + line + b"\n" + good)
    assert reading.column("line_start") == [1, 3]
    assert reading.rejected.select("line_start", "reason").rows() == [(2, reason)]


def test_file_whose_first_line_is_broken_is_still_recognised(read: Read) -> None:
    assert read(b'{"id": "1", "tit\n' + json.dumps(DAILY).encode()).column("position") == [1]


def test_paper_without_title_is_left_to_cleaning(read: Read) -> None:
    assert read(json.dumps(DAILY | {"title": None})).column("raw_title") == [None]


def test_values_of_unexpected_types_are_left_out(read: Read) -> None:
    made: dict[str, Any] = SNAPSHOT | {"authors_parsed": [7, ["Reed", None]], "categories": 5, "versions": [3]}
    row = read(json.dumps(made)).records.row(0, named=True)
    assert (row["authors"], row["categories"], row["published_on"]) == (["Reed"], None, None)


def test_generated_snapshot_is_read_line_by_line(tmp_path: Path) -> None:
    papers = write_snapshot(tmp_path / "snapshot", 3_000_000)
    reading = read_landed(tmp_path, "snapshot", Limits())
    assert reading.records.height == papers
    assert reading.records["raw_arxiv_id"].n_unique() == papers
    assert reading.records["published_on"].null_count() == 0


ENTRY = """  <entry>
    <id>http://arxiv.org/abs/2506.0000{n}v2</id>
    <updated>2025-06-09T00:00:00Z</updated>
    <published>2025-06-02T17:59:59Z</published>
    <title>Geese &amp; Ponds {n}</title>
    <summary>  We let heads take turns.
It is cheaper.
</summary>
    <author><name>Ada Goose</name></author>
    <author><name>Bo Pond</name></author>
    <arxiv:primary_category term="cs.LG"/>
    <category term="cs.CL"/>
    <category term="cs.LG"/>
  </entry>
"""
FEED = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'


def feed(*entries: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return prolog + FEED + "".join(entries) + "</feed>\n"


def test_atom_fields_are_mapped(read: Read) -> None:
    text = feed(ENTRY.format(n=1), ENTRY.format(n=2))
    row = read(text).records.row(1, named=True)
    expected = {
        "source_format": "arxiv_atom",
        "raw_title": "Geese & Ponds 2",
        "raw_abstract": "We let heads take turns.\nIt is cheaper.",
        "raw_arxiv_id": "2506.00002v2",
        "authors": ["Ada Goose", "Bo Pond"],
        "n_authors": 2,
        "published_on": date(2025, 6, 2),
        "categories": ["cs.LG", "cs.CL"],
        "url": "https://arxiv.org/abs/2506.00002v2",
    }
    assert {name: row[name] for name in expected} == expected
    lines = text.split("\n")
    assert (lines[row["line_start"] - 1].strip(), lines[row["line_end"] - 1].strip()) == ("<entry>", "</entry>")


def test_truncated_atom_keeps_whole_entries(read: Read) -> None:
    text = feed(ENTRY.format(n=1), ENTRY.format(n=2))
    reading = read(text[: text.index("2506.00002") + 200])
    assert reading.column("raw_arxiv_id") == ["2506.00001v2"]
    assert reading.rejected["reason"].to_list() == ["broken_xml"]


def test_error_answer_of_the_api_is_rejected(read: Read) -> None:
    error = "<entry><id>http://arxiv.org/api/errors#bad</id><title>Error</title><summary>bad id</summary></entry>\n"
    reading = read(feed(error, ENTRY.format(n=1)))
    assert reading.rejected.select("reason", "detail").rows() == [
        ("api_error", "the API answered with an error: bad id")
    ]
    assert reading.records.height == 1


BOMB = '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
FILE_ENTITY = '<!DOCTYPE feed [<!ENTITY secret SYSTEM "file:///etc/hostname">]>\n'


@pytest.mark.parametrize("declaration", [BOMB, FILE_ENTITY])
def test_declared_entities_reject_the_file(read: Read, declaration: str) -> None:
    with pytest.raises(FileRejected) as caught:
        read(feed(ENTRY.format(n=1).replace("Geese", "&secret;&b;"), prolog='<?xml version="1.0"?>\n' + declaration))
    assert (caught.value.reason, caught.value.place) == ("forbidden_declaration", "line 2")
