"""Seals: digests by which a file that was damaged on the disk is told from the one that was written.

Parquet pages as Polars writes them carry no checksum: of single bits flipped in a small file, half were read as other
values without an error. So what a later run builds on is sealed when it is written, and checked before it is read.
Seals have the format of `sha256sum`, so that `sha256sum -c` checks them by hand too.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from lit_pipeline.storage.atomic import atomic_path

FOLDER_SEAL = "SHA256SUMS"
FILE_SEAL_SUFFIX = ".sha256"
REMEMBERED_DIGESTS = 4096
"""Digests that a process remembers, so that a file that many assets read is hashed once: some hundred bytes each."""


class DamagedFileError(Exception):
    """A stored file is not what was written; the message names it."""


def seal_file(path: Path) -> None:
    """Write the digest of a file beside it."""
    _write(seal_of(path), [path])


def check_file(path: Path) -> None:
    """Compare a file with its seal.

    Raises:
        DamagedFileError: its content is not what was sealed, or its seal is missing.
        OSError: the file is missing or can't be read.

    """
    if _sealed(seal_of(path)).get(path.name) != _digest(path):
        raise DamagedFileError(f"the content of {path} is not what was stored")


def seal_of(path: Path) -> Path:
    """Where the seal of a file lies."""
    return path.with_name(path.name + FILE_SEAL_SUFFIX)


def seal_folder(folder: Path) -> None:
    """Write the digests of all files of a folder into it."""
    _write(folder / FOLDER_SEAL, _files(folder))


def damaged_files(folder: Path) -> list[str]:
    """Names of the files that are missing in a folder, added or changed since it was sealed; its seal where none is."""
    sealed = _sealed(folder / FOLDER_SEAL)
    if not sealed:
        return [FOLDER_SEAL]
    names = sealed.keys() | {path.name for path in _files(folder)}
    return sorted(name for name in names if not is_as_sealed(folder / name))


def is_as_sealed(path: Path) -> bool:
    """Whether a file of a sealed folder can be read and is what was sealed."""
    try:
        return _sealed(path.parent / FOLDER_SEAL).get(path.name) == _digest(path)
    except OSError:
        return False


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != FOLDER_SEAL)


def _write(seal: Path, paths: list[Path]) -> None:
    lines = "".join(f"{_digest(path)}  {path.name}\n" for path in paths)
    with atomic_path(seal) as temporary:
        temporary.write_text(lines, encoding="utf-8")


def _sealed(seal: Path) -> dict[str, str]:
    """Digest by name of file; empty where there is no seal that can be read."""
    try:
        lines = seal.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _digest(path: Path) -> str:
    status = path.stat()
    return _digest_of(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=REMEMBERED_DIGESTS)
def _digest_of(path: Path, _inode: int, _size: int, _modified_ns: int) -> str:
    with path.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()
