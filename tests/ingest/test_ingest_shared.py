"""Exact counts over the real files, where they are there."""

import ast
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ingest_reading import Reading, read_landed  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import FileRejected, read_file
from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import faults

LIMITS = Limits()
SEEDS = {
    "000_86d54bbf30126759.txt": (32, "Mar 11"),
    "001_e9c0f8048813399c.txt": (106, "Mar 11"),
    "002_d7bd7d55d886519f.txt": (79, "Aug 11"),
    "003_cb4e83a44a254cd0.txt": (247, None),
    "004_49bd40ddb343b722.txt": (45, "Dec 11"),
}


@pytest.mark.parametrize(("name", "expected"), SEEDS.items())
def test_seed_gives_its_records_each_with_title_and_abstract(
    shared: Path, name: str, expected: tuple[int, str | None]
) -> None:
    reading = read_landed(shared / "raw" / "seeds", name, LIMITS)
    n_records, page_date = expected
    assert reading.records.height == n_records
    assert set(reading.column("page_date")) == {page_date}
    assert reading.records.select(pl.col("raw_title", "raw_abstract").null_count()).row(0) == (0, 0)
    assert reading.rejected.height == 0


def test_seeds_hold_443_distinct_titles(shared: Path) -> None:
    frames = [read_landed(shared / "raw" / "seeds", name, LIMITS).records for name in SEEDS]
    assert pl.concat(frames)["raw_title"].n_unique() == 443


def test_lines_of_seed_records_hold_their_titles_and_abstracts(shared: Path) -> None:
    for name in SEEDS:
        lines = (shared / "raw" / "seeds" / name).read_text(encoding="utf-8").split("\n")
        for row in read_landed(shared / "raw" / "seeds", name, LIMITS).records.iter_rows(named=True):
            text = "\n".join(lines[row["line_start"] - 1 : row["line_end"]])
            assert row["raw_title"] in text
            assert row["raw_abstract"] in text


def test_seed_with_metadata_gives_dates_and_comments(shared: Path) -> None:
    records = read_landed(shared / "raw" / "seeds", "004_49bd40ddb343b722.txt", LIMITS).records
    assert records["latest_printed_year"].unique().to_list() == [2024]
    assert records.select(pl.col("printed_date", "n_authors").null_count()).row(0) == (0, 0)
    commented = records.filter(pl.col("n_comments").is_not_null()).select("printed_date", "n_comments").rows()
    assert set(commented) >= {("Jul 1", 9), ("Sep 8", 8), ("Oct 19, 2023", 1), ("Jun 4, 2024", 2), ("Jun 20, 2024", 1)}


def page_of(shared: Path, start: str) -> Reading:
    name = next(path.name for path in (shared / "raw" / "hf_pages").iterdir() if path.name.startswith(start))
    return read_landed(shared / "raw" / "hf_pages", name, LIMITS)


def test_markdown_capture(shared: Path) -> None:
    reading = page_of(shared, "A_")
    assert reading.column("raw_arxiv_id") == ["2606.00683", "2502.20581", "2609.00319"]
    assert reading.column("upvotes") == [101, None, None]
    assert reading.column("n_comments") == [6, None, None]
    assert reading.column("n_authors") == [None, 3, 10]
    assert reading.column("organisation") == ["OCC", None, None]
    assert reading.column("printed_date") == ["May 29", "Feb 27, 2025", "Aug 30"]
    assert set(reading.column("captured_on")) == {date(2026, 10, 2)}


def test_link_dump_capture(shared: Path) -> None:
    reading = page_of(shared, "B_")
    assert reading.column("raw_arxiv_id") == ["2410.05434", "2409.02326", "2510.21057"]
    assert reading.column("upvotes") == [1, 19, 5]
    assert reading.column("n_comments") == [None, 2, 1]
    assert reading.column("organisation") == [None, None, "Google"]
    assert set(reading.column("captured_on")) == {date(2026, 3, 25)}


def test_trending_capture_prints_each_paper_twice(shared: Path) -> None:
    reading = page_of(shared, "C_")
    assert reading.column("github_stars") == [11300, 11300, 476, 476, 50800, 50800]
    assert reading.records["raw_title"].n_unique() == 3
    assert set(reading.column("raw_abstract")) == {None}
    assert None not in reading.column("ai_summary")


def api_entries(path: Path) -> Iterator[dict[str, Any]]:
    answer = json.loads(path.read_text(encoding="utf-8"))
    for entry in answer["data"] if isinstance(answer, dict) else answer:
        yield ast.literal_eval(entry) if isinstance(entry, str) else entry


def test_api_answers_give_every_entry_on_its_feature_day(shared: Path) -> None:
    folder = shared / "raw" / "hf_daily_api"
    for path in sorted(folder.glob("*.json")):
        reading = read_landed(folder, path.name, LIMITS)
        assert reading.column("raw_arxiv_id") == [entry["paper"]["id"] for entry in api_entries(path)]
        assert set(reading.column("featured_on")) == {date.fromisoformat(path.stem)}
        assert reading.records.select(pl.col("published_on").null_count()).item() == 0


@pytest.mark.parametrize("folder", ["arxiv_daily", "arxiv_snapshot"])
def test_arxiv_files_give_every_line(shared: Path, folder: str) -> None:
    for path in sorted((shared / "raw" / folder).iterdir()):
        reading = read_landed(path.parent, path.name, LIMITS)
        ids = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]
        assert reading.column("raw_arxiv_id") == ids
        assert reading.column("line_start") == list(range(1, len(ids) + 1))


def test_everything_is_read_or_rejected_with_a_reason(shared: Path) -> None:
    root = shared / "raw"
    landed = scan(root, LIMITS)
    frames, rejected_files = [], {}
    for row in landed.files.iter_rows(named=True):
        try:
            frames += [batch.records for batch in read_file(root, RawFile.from_row(row), LIMITS)]
        except FileRejected as rejected:
            rejected_files[row["source_file"]] = rejected.reason
    records = pl.concat(frames)
    assert rejected_files == {"README.md": "unknown_format", "hf_daily_api/LICENSE": "unknown_format"}
    assert faults(records, tables.RawRecords) == {}
    assert records.height == 509 + 12 + 1889 + 450 + 454 + 454 + 468 + 643 + 200
