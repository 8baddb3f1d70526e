"""Files that appear whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

TEMPORARY_MARK = ".part-"
"""Stands in the name of a file or folder that is still being made; such names begin with a dot."""


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` that takes its place when the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}{TEMPORARY_MARK}{secrets.token_hex(4)}")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Make a folder that is gone after the block, whether it was renamed into place or not."""
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_parquet(frame: pl.DataFrame | pl.LazyFrame, target: Path) -> None:
    """Write a frame as Parquet (zstd), atomically; a lazy frame is streamed."""
    with atomic_path(target) as temporary:
        if isinstance(frame, pl.LazyFrame):
            frame.sink_parquet(temporary, compression="zstd", maintain_order=True)
        else:
            frame.write_parquet(temporary, compression="zstd")


def swap_symlink(link: Path, target: str) -> None:
    """Point `link` at `target` (relative to its folder) in one step, so that no reader finds it missing."""
    temporary = link.with_name(f".{link.name}{TEMPORARY_MARK}{secrets.token_hex(4)}")
    temporary.symlink_to(target)
    temporary.replace(link)


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files and folders that a killed run left in `folder`."""
    for leftover in folder.glob(f"*{TEMPORARY_MARK}*"):
        if not leftover.name.startswith("."):
            continue
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)
