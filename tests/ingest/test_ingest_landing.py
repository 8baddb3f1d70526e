"""The landing zone: which files are read, and what its hostile corners become."""

import hashlib
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest

from lit_pipeline.ingest import landing
from lit_pipeline.ingest.landing import FILE_SCHEMA, LandingZoneError, RawFile, path_of, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.opening import open_landed
from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import faults

LIMITS = Limits()


def reasons(root: Path, limits: Limits = LIMITS) -> dict[str, str]:
    return dict(scan(root, limits).rejected.select("source_file", "reason").iter_rows())


def names(root: Path) -> list[str]:
    return scan(root, LIMITS).files["source_file"].to_list()


def test_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LandingZoneError, match="does not exist"):
        scan(tmp_path / "nowhere", LIMITS)


def test_file_in_place_of_the_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(LandingZoneError, match="not a folder"):
        scan(tmp_path / "file", LIMITS)


def test_empty_folder_is_an_empty_landing(tmp_path: Path) -> None:
    found = scan(tmp_path, LIMITS)
    assert found.files.height == 0
    assert found.files.schema == FILE_SCHEMA
    assert faults(found.rejected, tables.RejectedFiles) == {}


def test_file_is_described_by_path_hash_size_and_day(tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    path = tmp_path / "day" / "page.txt"
    path.write_text("a page")
    moment = datetime(2025, 12, 11, 23, 59, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    assert scan(tmp_path, LIMITS).files.row(0, named=True) == {
        "source_file": "day/page.txt",
        "source_sha256": hashlib.sha256(b"a page").hexdigest(),
        "size_bytes": 6,
        "modified_ns": path.stat().st_mtime_ns,
        "modified_on": date(2025, 12, 11),
        "captured_on": None,
    }


def test_files_come_in_alphabetical_order_of_their_paths(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/one", "c", "a"):
        (tmp_path / name).write_text(name)
    assert names(tmp_path) == ["a", "b/one", "c"]


def test_first_of_several_files_with_one_content_is_kept(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        (tmp_path / name).write_text("same")
    found = scan(tmp_path, LIMITS)
    assert found.files["source_file"].to_list() == ["a"]
    assert found.rejected.select("source_file", "reason", "detail").rows() == [
        ("b", "duplicate_content", "the same content as a"),
        ("c", "duplicate_content", "the same content as a"),
    ]


def test_empty_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "nothing").touch()
    assert reasons(tmp_path) == {"nothing": "empty"}


def test_file_over_the_size_limit_is_rejected_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    found = scan(tmp_path, Limits(max_file_bytes=10))
    assert found.rejected.select("reason", "size_bytes", "source_sha256").row(0) == ("too_large", 11, None)


def test_snapshot_of_five_gigabytes_is_allowed_by_default() -> None:
    assert LIMITS.max_file_bytes > 5 * 1024**3


def test_unreadable_file_is_rejected_and_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("good", "locked"):
        (tmp_path / name).write_text(name)
    opened = open_landed

    def refuse(root: Path, path: Path) -> BinaryIO:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return opened(root, path)

    monkeypatch.setattr(landing, "open_landed", refuse)
    found = scan(tmp_path, LIMITS)
    assert found.files["source_file"].to_list() == ["good"]
    assert found.rejected.select("source_file", "reason").rows() == [("locked", "unreadable")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_unreadable_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert reasons(tmp_path) == {"locked": "unreadable"}


def test_link_out_of_the_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "raw"
    root.mkdir()
    (root / "leak").symlink_to(tmp_path / "secret")
    (root / "leaks").symlink_to(tmp_path)
    assert reasons(root) == {"leak": "outside_landing_zone", "leaks": "outside_landing_zone"}


def test_links_that_lead_nowhere_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(tmp_path / "there")
    (tmp_path / "there").symlink_to(tmp_path / "here")
    (tmp_path / "gone").symlink_to(tmp_path / "missing")
    assert reasons(tmp_path) == {"gone": "broken_link", "here": "link_loop", "there": "link_loop"}


def test_linked_folder_inside_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page").write_text("page")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["a/page"]
    assert reasons(tmp_path) == {"a/again": "linked_folder"}


def test_pipe_is_rejected_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reasons(tmp_path) == {"pipe": "not_a_file"}


def test_hidden_and_partial_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/config", ".DS_Store", "page.txt.part", "page.tmp", "page.txt~"):
        (tmp_path / name).write_text(name)
    found = scan(tmp_path, LIMITS)
    assert (found.files.height, found.rejected.height) == (0, 0)


@pytest.mark.parametrize("name", [b"caf\xe9.txt", "naïve\nname.txt".encode(), b"back\\x41slash", b"quote';--\".txt"])
def test_odd_file_names_break_nothing_and_lead_back_to_the_file(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("odd")
    (source_file,) = names(tmp_path)
    assert path_of(tmp_path, source_file).read_text() == "odd"


def test_unchanged_file_keeps_its_hash_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "copy of a"):
        (tmp_path / name).write_text("same")
    before = scan(tmp_path, LIMITS)

    def refuse(_: Path, path: Path) -> BinaryIO:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(landing, "open_landed", refuse)
    after = scan(tmp_path, LIMITS, before.hashed)
    assert after.files.equals(before.files)
    assert after.rejected.equals(before.rejected)


def test_changed_file_gets_a_new_hash(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text("first")
    before = scan(tmp_path, LIMITS)
    path.write_text("other")
    os.utime(path, (1, 1))
    after = scan(tmp_path, LIMITS, before.files)
    assert after.files["source_sha256"].to_list() == [hashlib.sha256(b"other").hexdigest()]


def test_sidecar_gives_the_day_of_the_capture_and_is_no_raw_file(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("page")
    (tmp_path / "page.txt.meta.toml").write_text("captured_on = 2025-12-11\n")
    assert scan(tmp_path, LIMITS).files.select("source_file", "captured_on").rows() == [
        ("page.txt", date(2025, 12, 11))
    ]


@pytest.mark.parametrize("text", ["captured_on = 'yesterday'", "captured_on = ", "\x00", "a = " + "[" * 5000])
def test_bad_sidecar_is_rejected_and_its_capture_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.txt").write_text("page")
    (tmp_path / "page.txt.meta.toml").write_text(text)
    assert names(tmp_path) == ["page.txt"]
    assert reasons(tmp_path) == {"page.txt.meta.toml": "bad_sidecar"}


def test_file_of_a_row_is_the_row(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("page")
    row = scan(tmp_path, LIMITS).files.with_columns(pl.lit(1).alias("further")).row(0, named=True)
    assert RawFile.from_row(row).source_file == "page"
