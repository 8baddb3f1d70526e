"""Nothing but regular files inside the landing zone is read, whatever lies there and whatever it is called."""

import os
import socket
from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

import pytest

from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import FileRejected, read_file
from lit_pipeline.settings import Settings, load_settings
from lit_pipeline.stages.landing import scan_landing_zone
from lit_pipeline.stages.reading import ReadOptions, file_keys
from lit_pipeline.storage.warehouse import Warehouse

LIMITS = Limits()
LINE = b'{"id":"2501.00001","title":"A title","categories":"cs.CL"}\n'
DEEPER_THAN_PYTHON = 1200


def rejected(root: Path) -> dict[str, str]:
    return dict(scan(root, LIMITS).rejected.select("source_file", "reason").iter_rows())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "nul\0nul", "\\x2e\\x2e/secret"])
def test_name_that_leads_outside_is_not_opened(root: Path, name: str) -> None:
    (root.parent / "secret").write_bytes(LINE)
    (root / "a").mkdir()
    file = RawFile(name, "0" * 64, len(LINE), 0, date(2025, 1, 1))
    with pytest.raises(FileRejected) as caught:
        list(read_file(root, file, LIMITS))
    assert caught.value.reason in {"outside_landing_zone", "unreadable"}


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "/proc/self/environ", "../secret", "/"])
def test_link_out_of_the_landing_zone_is_not_followed(root: Path, target: str) -> None:
    (root.parent / "secret").write_bytes(LINE)
    (root / "link").symlink_to(target)
    assert rejected(root) == {"link": "outside_landing_zone"}


def test_link_through_an_outside_folder_is_not_followed(root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root.parent / "outside" / "page").write_bytes(LINE)
    (root / "folder").symlink_to(root.parent / "outside")
    (root / "page").symlink_to("folder/page")
    assert rejected(root) == {"folder": "outside_landing_zone", "page": "outside_landing_zone"}


def test_sidecar_that_links_outside_is_not_followed(root: Path) -> None:
    (root.parent / "secret").write_text("captured_on = 2025-01-01")
    (root / "page").write_bytes(LINE)
    (root / "page.meta.toml").symlink_to(root.parent / "secret")
    found = scan(root, LIMITS)
    assert found.files["captured_on"].to_list() == [None]
    assert found.rejected["reason"].to_list() == ["outside_landing_zone"]


def test_pipe_and_socket_do_not_block(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    os.mkfifo("pipe")
    os.mkfifo("page.meta.toml")
    (root / "page").write_bytes(LINE)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert rejected(root) == {"pipe": "not_a_file", "socket": "not_a_file"}


def test_pipe_that_took_the_place_of_a_file_does_not_block(root: Path) -> None:
    (root / "page").write_bytes(LINE)
    file = RawFile.from_row(scan(root, LIMITS).files.row(0, named=True))
    (root / "page").unlink()
    os.mkfifo(root / "page")
    with pytest.raises(FileRejected) as caught:
        list(read_file(root, file, LIMITS))
    assert caught.value.reason == "unreadable"


def test_error_about_a_file_with_an_odd_name_can_be_stored(root: Path) -> None:
    (root / os.fsdecode(b"\xff")).write_bytes(LINE)
    file = RawFile.from_row(scan(root, LIMITS).files.row(0, named=True))
    (root / os.fsdecode(b"\xff")).unlink()
    with pytest.raises(FileRejected) as caught:
        list(read_file(root, file, LIMITS))
    assert caught.value.detail.encode()


@pytest.fixture
def deep(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The innermost of folders deeper than Python's stack; they are taken down again, since no other cleaner can."""
    monkeypatch.chdir(root)
    for _ in range(DEEPER_THAN_PYTHON):
        Path("d").mkdir()
        os.chdir("d")
    yield Path("d/" * DEEPER_THAN_PYTHON)
    Path("page").unlink()
    for _ in range(DEEPER_THAN_PYTHON):
        os.chdir("..")
        Path("d").rmdir()


def test_folders_deeper_than_pythons_stack_are_walked(root: Path, deep: Path) -> None:
    Path("page").write_bytes(LINE)
    assert scan(root, LIMITS).files["source_file"].to_list() == [f"{deep}/page"]


@pytest.mark.parametrize("seconds", [-(2**40), 2**33, 2**35])
def test_file_of_an_impossible_time_is_read(root: Path, seconds: int) -> None:
    (root / "page").write_bytes(LINE)
    os.utime(root / "page", (seconds, seconds))
    landing = scan(root, LIMITS)
    (batch,) = read_file(root, RawFile.from_row(landing.files.row(0, named=True)), LIMITS)
    assert batch.records.height == 1


@pytest.mark.parametrize("text", ["a = " + "1" * 5000, "a." * 8000 + "a = 1", "captured_on = 9999-99-99", "\ufeff"])
def test_sidecar_that_python_refuses_is_rejected_alone(root: Path, text: str) -> None:
    (root / "page").write_bytes(LINE)
    (root / "page.meta.toml").write_text(text, encoding="utf-8")
    found = scan(root, LIMITS)
    assert found.files["source_file"].to_list() == ["page"]
    assert set(found.rejected["reason"]) <= {"bad_sidecar"}


def test_limits_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, limit in enumerate(fields(Limits), 2000):
        monkeypatch.setenv(f"LIT_{limit.name.upper()}", str(number))
    assert astuple(load_settings().limits) == tuple(range(2000, 2000 + len(fields(Limits))))


def test_file_is_read_again_where_a_limit_changes(root: Path) -> None:
    (root / "page").write_bytes(LINE)
    files = scan(root, LIMITS).files
    keys = [
        file_keys(files, ReadOptions(Limits(max_page_lines=lines), None, 100))["segment_key"].item()
        for lines in (1, 2, 2)
    ]
    assert keys[0] != keys[1]
    assert keys[1] == keys[2]


def test_landing_zone_is_only_read_and_the_warehouse_alone_is_written(tmp_path: Path, root: Path) -> None:
    (root / "=cmd|calc!A0\x1b[31m <b>; rm -rf ..").write_bytes(LINE)
    before = {path: path.stat().st_mtime_ns for path in (root, *root.rglob("*"))}
    settings = Settings(raw=root, warehouse=tmp_path / "warehouse")
    scan_landing_zone(settings.raw, settings.limits, Warehouse(settings.warehouse))
    assert {path: path.stat().st_mtime_ns for path in (root, *root.rglob("*"))} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw", "warehouse"]
