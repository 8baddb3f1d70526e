"""Reading one file of the landing zone: open, recognise, read, number, batch.

Every record a reader meets gets the next position, taken or rejected, so that records read = taken + rejected.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lit_pipeline.ingest.content import Content, ContentError
from lit_pipeline.ingest.landing import OUTSIDE, RawFile, modified_ns, path_of
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.opening import OutsideLandingZoneError, ReplacedError, open_landed
from lit_pipeline.ingest.records import (
    Batch,
    FileRejected,
    FoundRecord,
    Origin,
    RecordFault,
    record_frame,
    rejected_frame,
)
from lit_pipeline.ingest.registry import Reader, detect

__all__ = ["Batch", "FileRejected", "read_file"]

NUL = b"\x00"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DOCUMENT_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PAR1", b"{\\rtf")


def read_file(
    root: Path, file: RawFile, limits: Limits, captured_on: date | None = None, batch_rows: int = 20_000
) -> Iterator[Batch]:
    """Records of one file in batches, in the order of the file.

    Args:
        root: the landing zone.
        file: the file, as the scan found it.
        limits: bounds on what is read.
        captured_on: day of the capture for files that neither tell it themselves nor have a sidecar.
        batch_rows: most records, taken or rejected, in a batch.

    Raises:
        FileRejected: the file gives nothing: binary, of an unknown format, without papers, changed or unreadable.
    """
    with _open(root, file, limits) as content:
        _check_unchanged(content, file)
        try:
            yield from _batches(content, file, limits, captured_on, batch_rows)
        except FileRejected:
            _check_unchanged(content, file)
            raise
        _check_unchanged(content, file)


def _batches(
    content: Content, file: RawFile, limits: Limits, captured_on: date | None, batch_rows: int
) -> Iterator[Batch]:
    reader = _recognise(content)
    origin = Origin(file.source_file, file.source_sha256, reader.name, file.modified_on)
    numbered = enumerate(_found(reader, content, limits))
    batch = _OpenBatch(origin, reader, file.captured_on, captured_on)
    read = 0
    for position, found in numbered:
        batch.add(position, _checked(found, limits))
        read += 1
        if read % batch_rows == 0:
            yield batch.close()
    if not read:
        raise FileRejected("no_papers", None, f"recognised as {reader.name}, but there is no paper in it")
    if batch:
        yield batch.close()


@dataclass
class _OpenBatch:
    origin: Origin
    reader: Reader
    stated_day: date | None
    default_day: date | None
    records: list[tuple[int, FoundRecord]] = field(default_factory=list)
    faults: list[tuple[int, RecordFault]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.records or self.faults)

    def add(self, position: int, found: FoundRecord | RecordFault) -> None:
        if isinstance(found, RecordFault):
            self.faults.append((position, found))
            return
        found.captured_on = self.stated_day or found.captured_on or self.default_day
        self.records.append((position, found))

    def close(self) -> Batch:
        records, faults, self.records, self.faults = self.records, self.faults, [], []
        return Batch(
            record_frame(self.origin, records),
            rejected_frame(self.origin, faults),
            self.reader.name,
            self.reader.version,
        )


def _open(root: Path, file: RawFile, limits: Limits) -> Content:
    place = root.resolve()
    try:
        stored = open_landed(place, path_of(place, file.source_file))
    except OutsideLandingZoneError as error:
        raise FileRejected(OUTSIDE[0], None, OUTSIDE[1]) from error
    except ReplacedError as error:
        raise _changed() from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise FileRejected("unreadable", None, f"the file can't be read: {reason}") from error
    return Content(stored, limits)


def _check_unchanged(content: Content, file: RawFile) -> None:
    """Before and after reading, the file must be the one that the scan hashed."""
    status = content.status()
    if (status.st_size, modified_ns(status)) != (file.size_bytes, file.modified_ns):
        raise _changed()


def _changed() -> FileRejected:
    return FileRejected("changed", None, "the file changed since the scan; the next scan takes it up again")


def _recognise(content: Content) -> Reader:
    head = content.head
    if head.startswith(DOCUMENT_MAGIC) or (NUL in head and not head.startswith(UTF16_MARKS)):
        place = max(head.find(NUL), 0)
        raise FileRejected("binary", f"byte {place}", "binary content, not text")
    if not head and content.head_fault:
        raise FileRejected(content.head_fault.reason, "byte 0", content.head_fault.detail)
    if not head.strip():
        raise FileRejected("empty", None, "there is nothing in it but white space")
    reader = detect(head)
    if reader is None:
        raise FileRejected("unknown_format", "line 1", "no reader recognises the content")
    return reader


def _found(reader: Reader, content: Content, limits: Limits) -> Iterable[FoundRecord | RecordFault]:
    try:
        yield from reader.read(content, limits)
    except ContentError as error:
        raise FileRejected(error.reason, None, error.detail) from error


def _checked(found: FoundRecord | RecordFault, limits: Limits) -> FoundRecord | RecordFault:
    """The record, or a fault in its place when a table can't hold its text."""
    if isinstance(found, RecordFault):
        return found
    if sum(map(len, found.texts())) > limits.max_record_chars:
        return _fault(found, "record_too_long", f"the record has more than {limits.max_record_chars} characters")
    try:
        for text in found.texts():
            text.encode("utf-8")
    except UnicodeEncodeError:
        return _fault(found, "invalid_utf8", "the record holds bytes or characters that UTF-8 has not")
    return found


def _fault(record: FoundRecord, reason: str, detail: str) -> RecordFault:
    return RecordFault(reason, detail, record.line_start, record.line_end, record.raw_title)
