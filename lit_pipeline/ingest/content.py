"""The bytes of a raw file, expanded and bounded: what readers read from.

Compression (.gz, .zst) is recognised by its first bytes and undone here, so that no reader knows of it. What belongs
here: streams, limits, lines. What does not: any format.
"""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

import zstandard

from lit_pipeline.ingest.limits import Limits

HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024
# Zstandard may write 128 KiB for every four bytes read: small bites bound what one of them expands to (64 MiB).
ZSTD_BITE_BYTES = 2048
MAX_ZSTD_WINDOW_BYTES = 128 * 1024 * 1024
MAX_BYTES_PER_CHAR = 4
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class ContentError(Exception):
    """The bytes of a file end or break before their end; `reason` is a short code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Line:
    """One line of bytes without its end, numbered from 1; `fault` says why it is not whole."""

    number: int
    data: bytes
    fault: ContentError | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """All bytes of a file as far as they could be read; `fault` says why that was not to the end."""

    data: bytes
    fault: ContentError | None = None


class _ZstdStream:
    """Expands concatenated Zstandard frames and notices a cut one, which the library's own stream does not."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._context = zstandard.ZstdDecompressor(max_window_size=MAX_ZSTD_WINDOW_BYTES)
        self._frame = self._context.decompressobj()
        self._started = False
        self._ready = b""

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end.

        Raises:
            EOFError: the last frame is cut.
        """
        while not self._ready and self._expand_more():
            pass
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def _expand_more(self) -> bool:
        bite = self._frame.unused_data if self._frame.eof else b""
        bite = bite or self._source.read(ZSTD_BITE_BYTES)
        if not bite:
            if self._started and not self._frame.eof:
                raise EOFError("the last frame is cut")
            return False
        if self._frame.eof:
            self._frame = self._context.decompressobj()
        self._started = True
        self._ready = self._frame.decompress(bite)
        return True


class Content:
    """A raw file open for reading, as a whole or line by line.

    `head` holds its first bytes, expanded; `head_fault` says why there are no more, where they break already there.
    """

    def __init__(self, stored: BinaryIO, limits: Limits) -> None:
        self._stored = stored
        self._limits = limits
        self._expanded_bytes = 0
        magic = stored.read(len(ZSTD_MAGIC))
        stored.seek(0)
        self.compressed = magic.startswith((GZIP_MAGIC, ZSTD_MAGIC))
        self._take = self._expanding(magic)
        self.head_fault: ContentError | None = None
        self.head = self._read_head()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stored.close()

    def status(self) -> os.stat_result:
        """Size and times of the file as they are now."""
        return os.fstat(self._stored.fileno())

    def read_whole(self) -> Whole:
        """All bytes, expanded; where they break, the bytes before the break and the fault.

        Raises:
            ContentError: 'too_large', when there are more than `Limits.max_document_bytes`.
        """
        parts: list[bytes] = []
        held = 0
        fault = None
        for chunk in self._chunks():
            if isinstance(chunk, ContentError):
                fault = chunk
                break
            held += len(chunk)
            if held > self._limits.max_document_bytes:
                raise ContentError(
                    "too_large", f"more than {self._limits.max_document_bytes} bytes in a format that is read whole"
                )
            parts.append(chunk)
        return Whole(b"".join(parts), fault)

    def lines(self) -> Iterator[Line]:
        """Lines ended by LF; one that is too long or cut is given with its fault and at most its start."""
        longest = self._limits.max_record_chars * MAX_BYTES_PER_CHAR
        number = 1
        carry = b""
        dropped = False
        for chunk in self._chunks():
            if isinstance(chunk, ContentError):
                yield Line(number, carry[:HEAD_BYTES], chunk)
                return
            pieces = (carry + chunk).split(b"\n")
            carry = pieces.pop()
            for piece in pieces:
                yield _line(number, piece, longest, dropped=dropped)
                dropped = False
                number += 1
            if len(carry) > longest:
                dropped = True
                carry = carry[:HEAD_BYTES]
        if carry or dropped:
            yield _line(number, carry, longest, dropped=dropped)

    def _chunks(self) -> Iterator[bytes | ContentError]:
        if self.head:
            yield self.head
        if self.head_fault:
            yield self.head_fault
            return
        while True:
            try:
                chunk = self._read(CHUNK_BYTES)
            except ContentError as fault:
                yield fault
                return
            if not chunk:
                return
            yield chunk

    def _read_head(self) -> bytes:
        parts: list[bytes] = []
        wanted = HEAD_BYTES
        try:
            while wanted > 0 and (chunk := self._read(wanted)):
                parts.append(chunk)
                wanted -= len(chunk)
        except ContentError as fault:
            self.head_fault = fault
        return b"".join(parts)

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._take(size)
        except EOFError as error:
            raise ContentError("truncated_compression", "the compressed data is cut before its end") from error
        except (zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise ContentError("corrupt_compression", "the compressed data is damaged") from error
        except OSError as error:
            raise ContentError("unreadable", f"the file can't be read: {os.strerror(error.errno or 0)}") from error
        self._expanded_bytes += len(chunk)
        if self.compressed and self._expanded_bytes > self._limits.max_expanded_bytes:
            raise ContentError("expands_too_far", f"expands to more than {self._limits.max_expanded_bytes} bytes")
        return chunk

    def _expanding(self, magic: bytes) -> Callable[[int], bytes]:
        """A function that gives at most so many bytes; one that breaks has given all bytes before the break."""
        if magic.startswith(GZIP_MAGIC):
            return gzip.GzipFile(fileobj=self._stored, mode="rb").read1
        if magic.startswith(ZSTD_MAGIC):
            return _ZstdStream(self._stored).read
        return self._stored.read


def _line(number: int, data: bytes, longest: int, *, dropped: bool) -> Line:
    if dropped or len(data) > longest:
        return Line(
            number, data[:HEAD_BYTES], ContentError("record_too_long", f"the line has more than {longest} bytes")
        )
    return Line(number, data)
