"""Reading a file: recognition by content, numbering, batches, and what bad files become."""

import gzip
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import zstandard
from ingest_reading import Read, read_landed  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import FileRejected, read_file
from lit_pipeline.ingest.registry import READERS, reader_version
from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import faults

PAGE = "Get trending papers in your email inbox!\n\nSubscribe\n\nDec 11\n\n" + "\n\n".join(
    f"Method {n}: A Made-up Title\n\nWe made up abstract {n} so that the reader has a text of some length to find. "
    "It has a second sentence, as abstracts do.\n\n• 3 authors\n·\nOct 19, 2023"
    for n in range(3)
)
LINES = b"".join(
    json.dumps({"id": f"2501.0000{n}", "title": f"Title {n}", "abstract": "Text.", "categories": "cs.CL"}).encode()
    + b"\n"
    for n in range(5)
)


def test_records_and_rejected_have_the_declared_schemas(read: Read) -> None:
    reading = read(LINES + b"{broken\n")
    assert faults(reading.records, tables.RawRecords) == {}
    assert faults(reading.rejected, tables.RejectedRecords) == {}


def test_record_id_is_the_start_of_the_hash_and_the_position(read: Read) -> None:
    records = read(LINES).records
    expected = [f"{sha256[:16]}:{n}" for n, sha256 in enumerate(records["source_sha256"])]
    assert records["record_id"].to_list() == expected
    assert records["position"].to_list() == [0, 1, 2, 3, 4]


def test_positions_count_rejected_records(read: Read) -> None:
    lines = LINES.splitlines(keepends=True)
    reading = read(lines[0] + b"{broken\n" + b"\n" + lines[1])
    assert reading.column("position") == [0, 2]
    assert reading.column("line_start") == [1, 4]
    assert reading.rejected.select("position", "line_start", "line_end", "stage").row(0) == (1, 2, 2, "ingest")


def test_batches_hold_at_most_the_rows_asked_for(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(LINES)
    file = RawFile.from_row(scan(tmp_path, Limits()).files.row(0, named=True))
    batches = list(read_file(tmp_path, file, Limits(), batch_rows=2))
    assert [batch.records.height for batch in batches] == [2, 2, 1]
    assert {batch.source_format for batch in batches} == {"arxiv_jsonl"}
    assert {batch.reader_version for batch in batches} == {reader_version("arxiv_jsonl")}


def test_every_reader_has_a_name_of_its_own_and_a_version() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(reader_version(reader.name) >= 1 for reader in READERS)
    assert reader_version("no such reader") == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\x01\x02 binary \x00", "binary"),
        (b"%PDF-1.7 a document", "binary"),
        (b" \n\t\n", "empty"),
        (b"The quick brown fox jumps over the lazy dog.\n", "unknown_format"),
        (b"# Read me\n\nA folder with captures of Daily Papers, as found.\n", "unknown_format"),
        (b"[1, 2, 3]", "unknown_format"),
        (b'{"message": "rate limited"}', "unknown_format"),
        (b"[]", "no_papers"),
        (b'{"status": "success", "date": "2025-01-11", "count": 0, "data": []}', "no_papers"),
        (b"new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDec 11\n", "no_papers"),
        (b"<!doctype html><html><body><p>Nothing here</p></body></html>", "no_papers"),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>', "no_papers"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"\x1f\x8b\x08 not really gzip", "corrupt_compression"),
        (b"\x28\xb5\x2f\xfd not really zstandard", "corrupt_compression"),
    ],
)
def test_file_that_gives_nothing_is_rejected_with_its_reason(read: Read, content: bytes, reason: str) -> None:
    with pytest.raises(FileRejected) as caught:
        read(content)
    assert caught.value.reason == reason
    assert caught.value.detail


def test_name_of_a_file_does_not_decide_its_format(read: Read) -> None:
    assert read(PAGE, name="2025-01-10.json").source_format == "listing_page"
    assert read(LINES, name="page.html").source_format == "arxiv_jsonl"


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
@pytest.mark.parametrize("content", [PAGE.encode(), LINES])
def test_compressed_file_gives_what_the_plain_one_gives(
    read: Read, compress: Callable[[bytes], bytes], content: bytes
) -> None:
    places = ["raw_title", "raw_abstract", "line_start", "line_end"]
    assert (
        read(compress(content), name="a").records.select(places).equals(read(content, name="b").records.select(places))
    )


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
def test_several_compressed_parts_in_one_file_are_read_to_the_end(
    read: Read, compress: Callable[[bytes], bytes]
) -> None:
    lines = LINES.splitlines(keepends=True)
    assert read(b"".join(map(compress, lines))).records.height == 5


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
def test_cut_compressed_file_keeps_whole_lines_and_rejects_the_cut_one(
    read: Read, compress: Callable[[bytes], bytes]
) -> None:
    many = b"".join(LINES.replace(b"2501", f"{n:04d}".encode()) for n in range(9000))
    cut = compress(many)[:-100]
    reading = read(cut, name="cut")
    assert reading.records.height > 40_000
    assert reading.rejected["reason"].to_list() == ["truncated_compression"]
    assert reading.rejected["line_start"].to_list() == [reading.records.height + 1]


def test_cut_compressed_page_rejects_its_last_paper(read: Read) -> None:
    reading = read(gzip.compress(PAGE.encode())[:-8])
    assert reading.column("raw_title") == ["Method 0: A Made-up Title", "Method 1: A Made-up Title"]
    assert reading.rejected["reason"].to_list() == ["truncated_compression"]


def test_compressed_file_that_expands_too_far_stops_at_the_limit(read: Read) -> None:
    reading = read(gzip.compress(LINES * 2000), limits=Limits(max_expanded_bytes=100_000))
    assert reading.rejected["reason"].to_list() == ["expands_too_far"]
    assert 0 < reading.records.height < 10_000


def test_page_that_is_too_large_to_hold_is_rejected(read: Read) -> None:
    with pytest.raises(FileRejected) as caught:
        read(PAGE, limits=Limits(max_document_bytes=100))
    assert caught.value.reason == "too_large"


def test_record_that_is_too_long_is_rejected_and_others_are_kept(read: Read) -> None:
    long = json.dumps({"id": "2501.00009", "title": "Long", "abstract": "x" * 3000, "categories": "cs.CL"}).encode()
    reading = read(long + b"\n" + LINES, limits=Limits(max_record_chars=1000))
    assert reading.rejected.select("reason", "line_start").rows() == [("record_too_long", 1)]
    assert reading.records.height == 5


def test_line_far_over_the_limit_is_passed_over_without_being_held(read: Read) -> None:
    endless = b'{"id": "2501.00009", "categories": "cs.CL", "title": "' + b"x" * 3_000_000
    reading = read(endless + b"\n" + LINES, limits=Limits(max_record_chars=1000))
    assert reading.rejected.select("reason", "line_start").rows() == [("record_too_long", 1)]
    assert reading.column("line_start") == [2, 3, 4, 5, 6]


def test_file_that_changed_since_the_scan_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(PAGE)
    row = scan(tmp_path, Limits()).files.row(0, named=True)
    path.write_text("other")
    with pytest.raises(FileRejected) as caught:
        list(read_file(tmp_path, RawFile.from_row(row), Limits()))
    assert caught.value.reason == "changed"


def test_link_that_came_to_lead_outside_since_the_scan_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "raw"
    root.mkdir()
    (root / "page").write_text(PAGE)
    row = scan(root, Limits()).files.row(0, named=True)
    (root / "page").replace(tmp_path / "page")
    (root / "page").symlink_to(tmp_path / "page")
    with pytest.raises(FileRejected) as caught:
        list(read_file(root, RawFile.from_row(row), Limits()))
    assert caught.value.reason == "outside_landing_zone"


def test_file_with_an_undecodable_name_is_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(PAGE)
    assert read_landed(tmp_path, "caf\\xe9.txt", Limits()).records.height == 3


def test_day_of_the_capture_comes_from_the_sidecar_first(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("captured: 2025-12-12\n" + PAGE)
    (tmp_path / "page.meta.toml").write_text("captured_on = 2025-12-11")
    days = read_landed(tmp_path, "page", Limits(), date(2020, 1, 1)).records["captured_on"]
    assert days.unique().to_list() == [date(2025, 12, 11)]


def test_day_of_the_capture_comes_from_the_caller_where_nothing_else_tells(read: Read) -> None:
    assert read(PAGE, captured_on=date(2025, 12, 11)).records["captured_on"].unique().to_list() == [date(2025, 12, 11)]


def test_excerpt_of_a_rejected_record_is_short_and_can_be_stored(read: Read) -> None:
    reading = read(LINES + b'{"id": "2501.00009", "title": "\xff\xfe' + b"y" * 500 + b'"}\n')
    (excerpt,) = reading.rejected["excerpt"].to_list()
    assert excerpt.startswith('{"id": "2501.00009"')
    assert len(excerpt) == 200


def test_modification_day_stands_in_every_record(read: Read) -> None:
    assert read(PAGE).records.select(pl.col("file_modified_on").null_count()).item() == 0
