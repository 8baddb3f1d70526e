"""Opening what lies in the landing zone, so that what is opened is what was looked at.

Whoever may write to the landing zone can put a link in the place of a file or folder between the look and the opening.
So a path is never handed to the system as a whole: from the landing zone down, each folder is opened within the one
above it, and no step follows a link.

What belongs here: descriptors of files and folders. What does not: which of them are wanted, and what is in them.
"""

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
"""Without O_NONBLOCK a pipe in the place of a file would block."""

LINK_ERRORS = (errno.ELOOP, errno.ENOTDIR)
"""What the system says of a link that it is told not to follow: of a file, and of a folder."""


class OutsideLandingZoneError(Exception):
    """A path leads out of the landing zone."""


class ReplacedError(OSError):
    """Something else came into the place of a file or folder while it was being opened."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, "something else took its place")


@dataclass
class Listing:
    """Names in a folder: its folders, its links to folders, and all else, links to files included; each sorted."""

    folders: list[str] = field(default_factory=list)
    linked_folders: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def place_of(root: Path, path: Path) -> Path:
    """The path without links.

    Args:
        root: the landing zone, without links.
        path: a path in it.

    Raises:
        OutsideLandingZoneError: a link, or the path itself, leads out of the landing zone.
        OSError: there is nothing at the path.
        RuntimeError: a link leads back to itself.
        ValueError: the path is none that a file can have.

    """
    place = path.resolve(strict=True)
    if not place.is_relative_to(root):
        raise OutsideLandingZoneError(str(path))
    return place


def open_landed(root: Path, path: Path) -> BinaryIO:
    """A regular file of the landing zone, open for reading; links within the landing zone are followed.

    Raises:
        ReplacedError: a file or folder on the way was replaced meanwhile.
        OSError: it can't be opened, or is no regular file.
        OutsideLandingZoneError, RuntimeError, ValueError: as `place_of`.

    """
    descriptor = _descend(root, place_of(root, path).relative_to(root).parts, FILE_FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return os.fdopen(descriptor, "rb")


def list_landed(root: Path, folder: Path) -> Listing:
    """What a folder of the landing zone holds.

    Raises:
        ReplacedError: a folder on the way was replaced meanwhile.
        OSError: it can't be listed.

    """
    descriptor = _descend(root, folder.relative_to(root).parts, FOLDER_FLAGS)
    listing = Listing()
    try:
        with os.scandir(descriptor) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                _kind(listing, entry).append(entry.name)
    finally:
        os.close(descriptor)
    return listing


def _kind(listing: Listing, entry: os.DirEntry[str]) -> list[str]:
    """The list that an entry belongs to."""
    try:
        is_folder = entry.is_dir()
    except OSError:  # a link that leads back to itself
        is_folder = False
    if not is_folder:
        return listing.others
    return listing.linked_folders if entry.is_symlink() else listing.folders


def _descend(root: Path, parts: Sequence[str], flags: int) -> int:
    """Descriptor of what lies at `parts` below the landing zone, opened with `flags`; no part may be a link."""
    descriptor = os.open(root, FOLDER_FLAGS)
    for number, part in enumerate(parts, start=1):
        above = descriptor
        try:
            descriptor = os.open(part, flags if number == len(parts) else FOLDER_FLAGS, dir_fd=above)
        except OSError as error:
            raise ReplacedError if error.errno in LINK_ERRORS else error from error
        finally:
            os.close(above)
    return descriptor
