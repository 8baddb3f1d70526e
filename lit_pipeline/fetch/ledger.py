"""Remembers which days were fetched, so that a day is fetched once and an empty day is known to be empty."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from lit_pipeline.storage.atomic import atomic_path


class Entry(msgspec.Struct, frozen=True):
    """What a day's fetch gave; `files` are relative to the landing zone."""

    day: date
    n_papers: int
    files: list[str]
    fetched_at: datetime


@dataclass(frozen=True)
class Ledger:
    """Entries of one source, a small JSON file a day."""

    folder: Path

    def find(self, day: date) -> Entry | None:
        """Entry of a day; None where it was not fetched or its entry can't be read."""
        try:
            return msgspec.json.decode(self._path(day).read_bytes(), type=Entry)
        except (OSError, msgspec.MsgspecError):
            return None

    def record(self, entry: Entry) -> None:
        """Store an entry in place of an earlier one of the same day."""
        with atomic_path(self._path(entry.day)) as temporary:
            temporary.write_bytes(msgspec.json.encode(entry))

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.json"
