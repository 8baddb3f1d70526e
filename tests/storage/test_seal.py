"""A seal tells what was damaged on the disk from what was written."""

import subprocess
from pathlib import Path

import pytest

from lit_pipeline.storage.seal import (
    FOLDER_SEAL,
    DamagedFileError,
    check_file,
    damaged_files,
    is_as_sealed,
    seal_file,
    seal_folder,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "table.parquet"
    path.write_text("rows", encoding="utf-8")
    seal_file(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    seal_folder(tmp_path)
    return tmp_path


def test_a_file_as_it_was_sealed_passes(file: Path) -> None:
    check_file(file)


def test_other_content_of_the_same_length_is_damage(file: Path) -> None:
    file.write_text("raws", encoding="utf-8")
    with pytest.raises(DamagedFileError, match=r"table\.parquet"):
        check_file(file)


def test_a_file_without_a_seal_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "table").touch()
    with pytest.raises(DamagedFileError):
        check_file(tmp_path / "table")


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "table")


def test_a_folder_as_it_was_sealed_is_whole(folder: Path) -> None:
    assert damaged_files(folder) == []
    assert is_as_sealed(folder / "a")


def test_changed_lost_and_further_files_are_named(folder: Path) -> None:
    (folder / "a").write_text("x", encoding="utf-8")
    (folder / "b").unlink()
    (folder / "c").touch()
    assert damaged_files(folder) == ["a", "b", "c"]
    assert not is_as_sealed(folder / "b")


@pytest.mark.parametrize("seal", [None, b"", b"\xff\xfe"])
def test_a_seal_that_says_nothing_is_damage(folder: Path, seal: bytes | None) -> None:
    (folder / FOLDER_SEAL).unlink()
    if seal is not None:
        (folder / FOLDER_SEAL).write_bytes(seal)
    assert damaged_files(folder) == [FOLDER_SEAL]


def test_a_seal_can_be_checked_by_hand(folder: Path) -> None:
    command = ["sha256sum", "--check", FOLDER_SEAL]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0
