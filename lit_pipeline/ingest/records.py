"""What a reader yields, and how it becomes frames: records found, and faults where a record was broken.

Nothing here knows a format or opens a file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

import polars as pl
import pyarrow as pa

from lit_pipeline.tables import records as tables
from lit_pipeline.tables.schema import polars_schema

RECORD_ID_DIGITS = 16
EXCERPT_CHARS = 200
STAGE = "ingest"


@dataclass(slots=True)
class FoundRecord:
    """One record as found in a file: the columns of `RawRecords` that a reader can tell."""

    line_start: int | None = None
    line_end: int | None = None
    raw_title: str | None = None
    raw_abstract: str | None = None
    raw_arxiv_id: str | None = None
    authors: list[str] | None = None
    n_authors: int | None = None
    printed_date: str | None = None
    page_date: str | None = None
    latest_printed_year: int | None = None
    captured_on: date | None = None
    published_on: date | None = None
    featured_on: date | None = None
    upvotes: int | None = None
    n_comments: int | None = None
    github_stars: int | None = None
    organisation: str | None = None
    categories: list[str] | None = None
    url: str | None = None
    code_url: str | None = None
    ai_summary: str | None = None

    def texts(self) -> Iterator[str]:
        """All strings of the record."""
        for name in TEXT_FIELDS:
            text = getattr(self, name)
            if text is not None:
                yield text
        yield from self.authors or ()
        yield from self.categories or ()


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A record that was met and could not be taken: why, and where it stands."""

    reason: str
    detail: str
    line_start: int | None = None
    line_end: int | None = None
    excerpt: str | None = None


class FileRejected(Exception):  # noqa: N818  (named in the interface that other stages use)
    """A file that gives nothing; `reason` is a short code, `place` is where it shows, `detail` is one sentence."""

    def __init__(self, reason: str, place: str | None, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.place = place
        self.detail = detail


@dataclass(frozen=True)
class Batch:
    """Some records of one file, in order: `records` (schema `RawRecords`) and `rejected` (schema `RejectedRecords`)."""

    records: pl.DataFrame
    rejected: pl.DataFrame
    source_format: str
    reader_version: int


@dataclass(frozen=True)
class Origin:
    """The file that records come from: what every row of it repeats."""

    source_file: str
    source_sha256: str
    source_format: str
    modified_on: date

    def record_id(self, position: int) -> str:
        """Id of the record at a position: the start of the file's hash, a colon, the position."""
        return f"{self.source_sha256[:RECORD_ID_DIGITS]}:{position}"


TEXT_FIELDS = (
    "raw_title",
    "raw_abstract",
    "raw_arxiv_id",
    "printed_date",
    "page_date",
    "organisation",
    "url",
    "code_url",
    "ai_summary",
)
FOUND_FIELDS = tuple(field.name for field in fields(FoundRecord))
RECORD_SCHEMA = polars_schema(tables.RawRecords)
REJECTED_SCHEMA = polars_schema(tables.RejectedRecords)


def excerpt_of(text: str) -> str:
    """Start of a text that any table can hold: at most 200 characters, undecodable bytes replaced."""
    return text[:EXCERPT_CHARS].encode("utf-8", "replace").decode("utf-8")


def record_frame(origin: Origin, found: Sequence[tuple[int, FoundRecord]]) -> pl.DataFrame:
    """Numbered records of a file as a frame of schema `RawRecords`."""
    columns: dict[str, list[object]] = {name: [getattr(record, name) for _, record in found] for name in FOUND_FIELDS}
    columns["record_id"] = [origin.record_id(position) for position, _ in found]
    columns["position"] = [position for position, _ in found]
    columns |= {
        "source_file": [origin.source_file] * len(found),
        "source_sha256": [origin.source_sha256] * len(found),
        "source_format": [origin.source_format] * len(found),
        "file_modified_on": [origin.modified_on] * len(found),
    }
    return pl.DataFrame([_series(name, columns[name]) for name in RECORD_SCHEMA])


def _series(name: str, values: list[object]) -> pl.Series:
    """A column of `RawRecords`; lists of names go by way of Arrow, several times faster than value by value."""
    dtype = RECORD_SCHEMA[name]
    if dtype == pl.List(pl.String):
        return pl.Series(name, pa.array(values, pa.large_list(pa.large_string())), dtype=dtype)
    return pl.Series(name, values, dtype=dtype)


def rejected_frame(origin: Origin, faults: Sequence[tuple[int, RecordFault]]) -> pl.DataFrame:
    """Numbered faults of a file as a frame of schema `RejectedRecords`, stage 'ingest'."""
    rows = [
        {
            "record_id": origin.record_id(position),
            "source_file": origin.source_file,
            "source_sha256": origin.source_sha256,
            "source_format": origin.source_format,
            "position": position,
            "line_start": fault.line_start,
            "line_end": fault.line_end,
            "stage": STAGE,
            "reason": fault.reason,
            "detail": excerpt_of(fault.detail),
            "excerpt": None if fault.excerpt is None else excerpt_of(fault.excerpt),
        }
        for position, fault in faults
    ]
    return pl.DataFrame(rows, schema=REJECTED_SCHEMA)
