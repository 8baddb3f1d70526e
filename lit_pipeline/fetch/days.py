"""Fetching one day from one source: skip what is known, check the answer, write it whole into the landing zone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from lit_pipeline.fetch.http import Fetcher
from lit_pipeline.fetch.ledger import Entry, Ledger
from lit_pipeline.storage.atomic import atomic_path


@dataclass(frozen=True)
class Page:
    """One checked answer: the bytes as they came, and how many papers they hold."""

    body: bytes
    n_papers: int


Source = Callable[[Fetcher, date], Iterator[Page]]
"""Gives the pages of a day, in order; raises FetchError."""


@dataclass(frozen=True)
class FetchedDay:
    """What came of a day."""

    entry: Entry
    skipped: bool


@dataclass(frozen=True)
class Target:
    """Where a source's days go: `<landing zone>/<folder>/<day>[-<page>]<suffix>`."""

    landing_zone: Path
    folder: str
    suffix: str

    def file(self, day: date, page: int) -> str:
        """Name of a page's file, relative to the landing zone."""
        return f"{self.folder}/{day.isoformat()}{f'-{page}' if page else ''}{self.suffix}"


def fetch_day(
    source: Source, fetcher: Fetcher, day: date, target: Target, ledger: Ledger, *, force: bool
) -> FetchedDay:
    """Fetch a day into the landing zone; a day in the ledger is skipped unless `force`.

    Pages without papers are not written; a day without any is recorded as empty.

    Raises:
        FetchError: the source gave nothing; neither landing zone nor ledger changes.
        OSError: the landing zone can't be written to.

    """
    known = ledger.find(day)
    if known and not force:
        return FetchedDay(known, skipped=True)
    pages = [page for page in source(fetcher, day) if page.n_papers]
    files = [target.file(day, number) for number, _ in enumerate(pages)]
    for name, page in zip(files, pages, strict=True):
        with atomic_path(target.landing_zone / name) as temporary:
            temporary.write_bytes(page.body)
    for stale in set(known.files if known else ()) - set(files):
        (target.landing_zone / stale).unlink(missing_ok=True)
    entry = Entry(day, sum(page.n_papers for page in pages), files, datetime.now(UTC))
    ledger.record(entry)
    return FetchedDay(entry, skipped=False)
