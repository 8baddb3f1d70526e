"""The landing zone: which files there are to read, by content hash, and which can't be read and why.

What belongs here: walking the folder, its hostile corners (links out of it, pipes, unreadable files, odd names),
hashes, sidecars. What does not: the content of a file, beyond its hash.

A sidecar `<name>.meta.toml` beside a capture tells what the capture itself doesn't: `captured_on = 2025-12-11`.
"""

import errno
import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.opening import (
    OutsideLandingZoneError,
    ReplacedError,
    list_landed,
    open_landed,
    place_of,
)
from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import polars_schema

__all__ = ["FILE_SCHEMA", "Landing", "LandingZoneError", "Limits", "RawFile", "path_of", "scan"]

SIDECAR_SUFFIX = ".meta.toml"
MAX_SIDECAR_BYTES = 64 * 1024
PARTIAL_SUFFIXES = (".part", ".partial", ".tmp", ".crdownload", ".swp", "~")
HASH_CHUNK_BYTES = 1024 * 1024
OUTSIDE = ("outside_landing_zone", "a link that leaves the landing zone")
"""Reason and detail of what isn't opened, because it would lead elsewhere."""

NANOSECONDS_A_SECOND = 1_000_000_000
LATEST_NS = 2**63 - 1
"""Nanoseconds since 1970 that a table can hold, in the year 2262; files may claim any time."""

FILE_SCHEMA = pl.Schema(
    {
        "source_file": pl.String(),
        "source_sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "modified_ns": pl.Int64(),
        "modified_on": pl.Date(),
        "captured_on": pl.Date(),
    }
)


class LandingZoneError(Exception):
    """The landing zone itself can't be used; the message is one clear line."""


@dataclass(frozen=True)
class RawFile:
    """One file of the landing zone: a row of `Landing.files`."""

    source_file: str
    source_sha256: str
    size_bytes: int
    modified_ns: int
    modified_on: date
    captured_on: date | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "RawFile":
        """The file of a row of `Landing.files`; further columns are ignored."""
        return cls(**{name: row.get(name) for name in FILE_SCHEMA})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Landing:
    """What a scan found.

    Args:
        files: files to read, sorted by source_file (columns of `FILE_SCHEMA`): source_file, source_sha256,
            size_bytes, modified_ns (nanoseconds since 1970), modified_on (UTC), captured_on (from a sidecar).
        rejected: files that can't be read (schema `RejectedFiles`), sorted by source_file.
        hashed: `files` and the duplicates among them; as `previous` of the next scan it saves reading them again.
    """

    files: pl.DataFrame
    rejected: pl.DataFrame
    hashed: pl.DataFrame


@dataclass(frozen=True)
class _Rejection:
    source_file: str
    reason: str
    detail: str
    source_sha256: str | None = None
    size_bytes: int | None = None
    place: str | None = None


class _UnfitFile(Exception):  # noqa: N818  (control flow inside one scan, not an error of the program)
    def __init__(self, reason: str, detail: str, size_bytes: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.size_bytes = size_bytes


@dataclass
class _Scan:
    root: Path
    limits: Limits
    known: dict[tuple[str, int, int], str]
    files: list[RawFile] = field(default_factory=list)
    rejections: list[_Rejection] = field(default_factory=list)

    def reject(self, path: Path, unfit: _UnfitFile) -> None:
        self.rejections.append(
            _Rejection(source_name(self.root, path), unfit.reason, unfit.detail, size_bytes=unfit.size_bytes)
        )


def scan(root: Path, limits: Limits, previous: pl.DataFrame | None = None) -> Landing:
    """Files of a landing zone with their content hashes, and those that can't be read.

    Hidden names (a leading dot), partial downloads and editors' leftovers are passed over. Of several files with the
    same content the alphabetically first is kept, the others are rejected as 'duplicate_content'.

    Args:
        root: the folder; only ever read.
        limits: `max_file_bytes` is applied here.
        previous: `Landing.hashed` (or `.files`) of an earlier scan; a file of the same path, size and modification
            time keeps its hash without being read.

    Raises:
        LandingZoneError: the folder is missing, no folder, or can't be listed.
    """
    _check_root(root)
    scanned = _Scan(root.resolve(), limits, _known_hashes(previous))
    for path in _walk(scanned):
        if not path.name.endswith(SIDECAR_SUFFIX):
            _take(scanned, path)
    scanned.files.sort(key=lambda file: file.source_file)
    kept = _without_duplicates(scanned)
    rejections = sorted(scanned.rejections, key=lambda rejection: rejection.source_file)
    return Landing(
        files=_file_frame(kept),
        rejected=pl.DataFrame([vars(r) for r in rejections], schema=polars_schema(tables.RejectedFiles)),
        hashed=_file_frame(scanned.files),
    )


def source_name(root: Path, path: Path) -> str:
    r"""A file's name in all tables: relative to the landing zone, forward slashes, undecodable bytes as `\xff`."""
    relative = os.fsencode(path.relative_to(root).as_posix())
    return relative.decode("utf-8", "backslashreplace")


def path_of(root: Path, source_file: str) -> Path:
    """The path that `source_name` named."""
    path = root / source_file
    if os.path.lexists(path):
        return path
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes.fromhex(m[1].decode()), source_file.encode())
    return root / os.fsdecode(raw)


def modified_ns(status: os.stat_result) -> int:
    """A file's modification time in nanoseconds since 1970, between 1970 and 2262 whatever the file claims."""
    return min(max(status.st_mtime_ns, 0), LATEST_NS)


def _check_root(root: Path) -> None:
    if not root.exists():
        raise LandingZoneError(f"the landing zone {root} does not exist")
    if not root.is_dir():
        raise LandingZoneError(f"the landing zone {root} is not a folder")
    if not os.access(root, os.R_OK | os.X_OK):
        raise LandingZoneError(f"the landing zone {root} can't be read")


def _known_hashes(previous: pl.DataFrame | None) -> dict[tuple[str, int, int], str]:
    if previous is None:
        return {}
    rows = previous.select("source_file", "size_bytes", "modified_ns", "source_sha256").iter_rows()
    return {(name, size, modified): sha256 for name, size, modified, sha256 in rows}


def _walk(scanned: _Scan) -> Iterator[Path]:
    """Everything in the folder that may be a raw file, links to files included, one folder after the other."""
    waiting = [scanned.root]
    while waiting:
        folder = waiting.pop()
        try:
            listing = list_landed(scanned.root, folder)
        except OSError as error:
            scanned.reject(folder, _UnfitFile("unreadable", f"the folder can't be listed: {error.strerror}"))
            continue
        for link in _wanted(folder, listing.linked_folders):
            scanned.reject(link, _linked_folder(scanned.root, link))
        waiting.extend(_wanted(folder, listing.folders))
        yield from _wanted(folder, listing.others)


def _wanted(folder: Path, names: list[str]) -> Iterator[Path]:
    return (folder / name for name in names if not _is_passed_over(name))


def _linked_folder(root: Path, path: Path) -> _UnfitFile:
    if path.resolve().is_relative_to(root):
        return _UnfitFile("linked_folder", "a link to a folder inside the landing zone, which is read in its own place")
    return _UnfitFile(*OUTSIDE)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name.endswith(PARTIAL_SUFFIXES)


def _take(scanned: _Scan, path: Path) -> None:
    try:
        scanned.files.append(_raw_file(scanned, path))
    except _UnfitFile as unfit:
        scanned.reject(path, unfit)


def _raw_file(scanned: _Scan, path: Path) -> RawFile:
    status = _fit(_status(scanned.root, path), scanned.limits)
    name = source_name(scanned.root, path)
    sha256 = scanned.known.get((name, status.st_size, modified_ns(status)))
    if sha256 is None:
        status, sha256 = _hashed(scanned, path)
    modified = modified_ns(status)
    return RawFile(
        source_file=name,
        source_sha256=sha256,
        size_bytes=status.st_size,
        modified_ns=modified,
        modified_on=datetime.fromtimestamp(modified // NANOSECONDS_A_SECOND, tz=UTC).date(),
        captured_on=_sidecar_day(scanned, path),
    )


def _fit(status: os.stat_result, limits: Limits) -> os.stat_result:
    """The status of a file that may be read."""
    if not stat.S_ISREG(status.st_mode):
        raise _UnfitFile("not_a_file", "a pipe, socket or device, not a regular file")
    if status.st_size == 0:
        raise _UnfitFile("empty", "the file is empty", 0)
    if status.st_size > limits.max_file_bytes:
        raise _UnfitFile(
            "too_large", f"{status.st_size} bytes, more than the limit of {limits.max_file_bytes}", status.st_size
        )
    return status


def _status(root: Path, path: Path) -> os.stat_result:
    with _unfit_where_it_fails():
        return (place_of(root, path) if path.is_symlink() else path).stat()


def _hashed(scanned: _Scan, path: Path) -> tuple[os.stat_result, str]:
    """Status of the file as it was opened, and the hash of its content."""
    with _unfit_where_it_fails(), open_landed(scanned.root, path) as stored:
        status = _fit(os.fstat(stored.fileno()), scanned.limits)
        digest = hashlib.sha256()
        while chunk := stored.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
        return status, digest.hexdigest()


@contextmanager
def _unfit_where_it_fails() -> Iterator[None]:
    """Turns what the system says of a path into the reason why the file is not taken."""
    try:
        yield
    except OutsideLandingZoneError as error:
        raise _UnfitFile(*OUTSIDE) from error
    except RuntimeError as error:
        raise _UnfitFile("link_loop", "a link that leads back to itself") from error
    except OSError as error:
        raise _UnfitFile(*_reason_of(error)) from error


def _reason_of(error: OSError) -> tuple[str, str]:
    if isinstance(error, ReplacedError):
        return "changed", "the file was replaced while it was opened; the next scan takes it up again"
    if error.errno == errno.ELOOP:
        return "link_loop", "a link that leads back to itself"
    if error.errno == errno.ENOENT:
        return "broken_link", "a link to a file that does not exist"
    return "unreadable", f"the file can't be read: {error.strerror}"


def _sidecar_day(scanned: _Scan, path: Path) -> date | None:
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not sidecar.is_file():
        return None
    try:
        with _unfit_where_it_fails():
            stored = open_landed(scanned.root, sidecar)
        with stored:
            stated = tomllib.loads(stored.read(MAX_SIDECAR_BYTES).decode("utf-8")).get("captured_on")
    except _UnfitFile as unfit:
        scanned.reject(sidecar, unfit)
        return None
    except (OSError, ValueError, RecursionError) as error:
        scanned.reject(sidecar, _UnfitFile("bad_sidecar", f"the sidecar can't be read: {type(error).__name__}"))
        return None
    if isinstance(stated, datetime):
        return stated.date()
    if stated is not None and not isinstance(stated, date):
        scanned.reject(sidecar, _UnfitFile("bad_sidecar", "captured_on is not a date such as 2025-12-11"))
        return None
    return stated


def _without_duplicates(scanned: _Scan) -> list[RawFile]:
    first: dict[str, RawFile] = {}
    for file in scanned.files:
        kept = first.setdefault(file.source_sha256, file)
        if kept is not file:
            scanned.rejections.append(
                _Rejection(
                    file.source_file,
                    "duplicate_content",
                    f"the same content as {kept.source_file}",
                    file.source_sha256,
                    file.size_bytes,
                )
            )
    return list(first.values())


def _file_frame(files: list[RawFile]) -> pl.DataFrame:
    return pl.DataFrame([vars(file) for file in files], schema=FILE_SCHEMA)
