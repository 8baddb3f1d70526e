"""Bombs: small files that would cost much, large ones that would be held, and how they are told off."""

import json
import os
from pathlib import Path

from hostile_bombs import write_group  # type: ignore[import-not-found,unused-ignore]
from hostile_guard import guarded  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import read_file

HELD_MEBIBYTES = 500
"""Most memory that reading any bomb may take, libraries included (they alone take about 150)."""

N_MANY = int(os.environ.get("HOSTILE_RECORDS", "200000"))
"""HOSTILE_RECORDS=1000000 reads a million, in about a quarter of a minute."""


def reasons(tmp_path: Path, group: str) -> dict[str, set[str]]:
    write_group(tmp_path, group)
    done = guarded("hostile_bombs.py", str(tmp_path))
    assert done.peak_mebibytes < HELD_MEBIBYTES
    return {name: {reason for reason, n in counts.items() if n} for name, counts in done.answer.items()}


def test_json_that_nests_breaks_or_repeats_costs_no_more_than_its_length(tmp_path: Path) -> None:
    found = reasons(tmp_path, "json")
    assert found["brackets"] == {"unknown_format"}
    assert found["opened_entries"] <= {"nested_too_deep", "broken_json", "truncated_json"}
    assert found["broken_entries"] <= {"broken_json", "truncated_json"}
    assert found["digits"] == {"truncated_json"}
    assert found["deep_literal"] == {"broken_literal"}
    assert found["deep_line"] == {"malformed_json"}
    assert found["opened_lines"] == {"taken", "malformed_json"}


def test_markup_that_asks_for_a_huge_tree_gets_none(tmp_path: Path) -> None:
    found = reasons(tmp_path, "markup")
    assert found["laughs"] == {"forbidden_declaration"}
    assert found["fonts"] == found["divs"] == found["attributes"] == {"no_papers"}
    assert found["cards_in_cards"] == {"taken"}
    assert found["deep_elements"] == {"broken_xml"}


def test_pages_of_short_lines_or_endless_ones_cost_no_more_than_their_length(tmp_path: Path) -> None:
    found = reasons(tmp_path, "pages")
    assert found["short_lines"] == {"too_large"}
    assert found["lines_in_limits"] == {"taken"}


def test_packed_bombs_are_expanded_no_further_than_the_limits(tmp_path: Path) -> None:
    found = reasons(tmp_path, "packed")
    assert found == {"gzip": {"record_too_long"}, "zstd_line": {"record_too_long"}, "zstd_page": {"too_large"}}


def test_line_of_a_gibibyte_is_never_held(tmp_path: Path) -> None:
    assert reasons(tmp_path, "gibibyte") == {"line": {"record_too_long"}, "page": {"too_large"}}


def test_ten_megabytes_in_one_line_cost_only_that_line(tmp_path: Path) -> None:
    lines = [{"id": "2501.00001", "title": title, "categories": "cs.CL"} for title in ("A", "x" * 10_000_000, "B")]
    (tmp_path / "lines").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    file = RawFile.from_row(scan(tmp_path, Limits()).files.row(0, named=True))
    (batch,) = read_file(tmp_path, file, Limits())
    assert batch.records["raw_title"].to_list() == ["A", "B"]
    assert batch.rejected["reason"].to_list() == ["record_too_long"]


def test_very_many_records_of_one_file_are_read_batch_by_batch(tmp_path: Path) -> None:
    line = b'{"id":"2501.00001","title":"A title","categories":"cs.CL"}\n'
    with (tmp_path / "many").open("wb") as file:
        for _ in range(N_MANY // 1000):
            file.write(line * 1000)
    raw = RawFile.from_row(scan(tmp_path, Limits()).files.row(0, named=True))
    heights = [batch.records.height for batch in read_file(tmp_path, raw, Limits(), batch_rows=50_000)]
    assert heights == [50_000] * (N_MANY // 50_000)
