"""A disk that is full or can't be written to: one clear line, and readers notice nothing."""

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lit_pipeline.cli.run import _reason
from lit_pipeline.settings import Settings
from tests.faults.faults_setup import digests, lit_run, n_runs, read_by_people, run_here, unfinished

SPARE_BYTES = 600_000
"""Space left beside a published warehouse: Dagster's logs of a run fit, the stages and a snapshot don't."""


def mount(*arguments: str) -> None:
    """Mount a file system, or skip where that is not allowed."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a file system to test on")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")


def unmount(folder: Path) -> None:
    subprocess.run(["umount", folder], check=True)  # noqa: S603, S607


@pytest.fixture
def full_disk(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The published warehouse on a file system of its own with next to no space left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    used = sum(path.lstat().st_size // 4096 * 4096 + 4096 for path in settings.warehouse.rglob("*"))
    mount("-t", "tmpfs", "-o", f"size={used + SPARE_BYTES}", "tmpfs", str(disk))
    try:
        shutil.copytree(settings.warehouse, disk / "warehouse", symlinks=True)
        yield settings.model_copy(update={"warehouse": disk / "warehouse"})
    finally:
        unmount(disk)


@pytest.fixture
def read_only(settings: Settings) -> Iterator[Settings]:
    """The published warehouse on a file system that is mounted read-only."""
    mount("--bind", str(settings.warehouse), str(settings.warehouse))
    try:
        mount("-o", "remount,ro,bind", str(settings.warehouse))
        yield settings
    finally:
        unmount(settings.warehouse)


def test_a_full_disk_fails_with_one_line_and_heals_once_there_is_space(
    full_disk: Settings, published: Settings, clean: dict[str, str]
) -> None:
    done = lit_run(full_disk)
    assert done.returncode == 1
    assert re.search("no space left on (the )?device", done.stderr.splitlines()[-1], re.IGNORECASE)
    assert "Traceback" not in done.stderr
    assert digests(full_disk) == digests(published)
    assert read_by_people(full_disk)
    mount("-o", "remount,size=1G", str(full_disk.warehouse.parent))
    assert run_here(full_disk).success
    assert digests(full_disk) == clean
    assert unfinished(full_disk) == []


def test_a_read_only_warehouse_fails_with_one_line_and_can_be_read(read_only: Settings, published: Settings) -> None:
    done = lit_run(read_only)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("Read-only file system")
    assert "Traceback" not in done.stderr
    assert digests(read_only) == digests(published)
    assert n_runs(read_only) == 1


def test_a_warehouse_that_turns_read_only_fails_the_run_with_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("lit_pipeline.storage.warehouse.FileLock.acquire", refused)
    result = run_here(settings)
    assert not result.success
    assert _reason(result) == f"the warehouse {settings.warehouse} can't be written to: Read-only file system"
