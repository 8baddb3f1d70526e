"""All readers in one place, and the choice of one by content.

A reader is a module's `Reader` with a name, a version (raise it when it reads the same file differently: files are then
read again), a test on the first bytes, and a method that yields what it finds. To add a format, write its module and
name it here.
"""

from collections.abc import Iterator
from typing import Protocol

from lit_pipeline.ingest.arxiv_atom import ArxivAtomReader
from lit_pipeline.ingest.arxiv_jsonl import ArxivJsonlReader
from lit_pipeline.ingest.content import Content
from lit_pipeline.ingest.daily_papers import DailyPapersReader
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.listing_html import ListingHtmlReader
from lit_pipeline.ingest.listing_page import ListingPageReader
from lit_pipeline.ingest.records import FoundRecord, RecordFault


class Reader(Protocol):
    """What every reader offers."""

    @property
    def name(self) -> str:
        """Name of the format, stored as `source_format`."""

    @property
    def version(self) -> int:
        """Version of the reader, stored as `reader_version`."""

    def recognises(self, head: bytes) -> bool:
        """Whether the first bytes of a file, expanded, are of this format."""

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:
        """Records and faults in the order of the file.

        Raises:
            ContentError: the file gives nothing because its bytes can't be read.
            FileRejected: the file gives nothing because of what it holds.
        """


# Strictest test first: a page saved as text may hold anything.
READERS: tuple[Reader, ...] = (
    ArxivAtomReader(),
    ListingHtmlReader(),
    ArxivJsonlReader(),
    DailyPapersReader(),
    ListingPageReader(),
)


def detect(head: bytes) -> Reader | None:
    """The reader of a file by its first bytes (expanded), or None."""
    return next((reader for reader in READERS if reader.recognises(head)), None)


def reader_version(name: str) -> int:
    """Current version of a reader; 0 for a name that no reader has."""
    return next((reader.version for reader in READERS if reader.name == name), 0)
