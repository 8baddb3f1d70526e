"""Reader of arXiv metadata with one JSON object a line: the public snapshot and the daily dumps.

The snapshot states when each version was made: the first one's day is `published_on`; `update_date` is no publication
day. The daily dumps carry no date at all. Lines are read one by one, so that memory does not grow with the file.
"""

import functools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from lit_pipeline.ingest.api_papers import Json, moment_in, text_in
from lit_pipeline.ingest.content import Content, Line
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.records import EXCERPT_CHARS, FoundRecord, RecordFault

PAPER_ADDRESS = "https://arxiv.org/abs/"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ARXIV_KEYS = re.compile(rb"\"(?:categories|authors_parsed|update_date|abs)\"\s*:")
TEXT_KEYS = re.compile(rb"\"(?:abstract|summary|title)\"\s*:")
PAPER_KEYS = frozenset({"id", "title", "abstract", "summary"})
CREATED = re.compile(r"(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4})\b")
LONGEST_TIME_STAMP = 40
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BETWEEN_NAMES = re.compile(r", ?(?:and )?| and ")
IN_PARENTHESES = re.compile(r" ?\([^()]*\)")


class ArxivJsonlReader:
    """Reads arXiv metadata, one paper a line."""

    name = "arxiv_jsonl"
    version = 1

    def recognises(self, head: bytes) -> bool:
        """Whether one of the first lines is an object with arXiv's keys; the first ones may be broken."""
        for line in head.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
            if line.lstrip().startswith(b"{") and ARXIV_KEYS.search(line) and TEXT_KEYS.search(line):
                return True
        return False

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:  # noqa: ARG002
        """Papers in order; a line that is no JSON object, too long or cut is a fault."""
        for line in content.lines():
            if line.fault is not None or line.data.strip():
                yield _record(line)


def _record(line: Line) -> FoundRecord | RecordFault:
    if line.fault is not None:
        return _fault(line, line.fault.reason, line.fault.detail)
    try:
        value = orjson.loads(line.data.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        if not _is_utf8(line.data):
            return _fault(line, "invalid_utf8", "the line holds bytes that are not UTF-8")
        return _fault(line, "malformed_json", f"the line is no JSON object: {error}")
    if not isinstance(value, dict) or not value.keys() & PAPER_KEYS:
        return _fault(line, "not_a_paper", "the line does not describe a paper")
    return _paper(value, line.number)


def _fault(line: Line, reason: str, detail: str) -> RecordFault:
    excerpt = line.data[: EXCERPT_CHARS * 4].decode("utf-8", "replace")
    return RecordFault(reason, detail, line.number, line.number, excerpt)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _paper(value: Json, number: int) -> FoundRecord:
    arxiv_id = text_in(value, "id")
    authors = _parsed_authors(value.get("authors_parsed")) or _authors(value.get("authors"))
    return FoundRecord(
        line_start=number,
        line_end=number,
        raw_title=text_in(value, "title"),
        raw_abstract=text_in(value, "abstract") or text_in(value, "summary"),
        raw_arxiv_id=arxiv_id,
        authors=authors,
        n_authors=None if authors is None else len(authors),
        published_on=_published_on(value),
        categories=_categories(value.get("categories")),
        url=text_in(value, "abs") or (None if arxiv_id is None else f"{PAPER_ADDRESS}{arxiv_id}"),
    )


def _published_on(value: Json) -> date | None:
    versions = value.get("versions")
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        created = versions[0].get("created")
        return created_day(created[:LONGEST_TIME_STAMP]) if isinstance(created, str) else None
    moment = moment_in(value, "published")
    return None if moment is None else moment.date()


@functools.lru_cache(maxsize=4096)
def created_day(text: str) -> date | None:
    """Day of a version's time stamp, which is in GMT.

    >>> created_day("Mon, 2 Apr 2007 19:18:42 GMT")
    datetime.date(2007, 4, 2)
    """
    match = CREATED.match(text)
    if match is None or match[2] not in MONTHS:
        return None
    try:
        return date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None


def _parsed_authors(value: object) -> list[str] | None:
    """Names in reading order from [last, first, suffix, ...] lists, which hold accents that `authors` spells in TeX."""
    if not isinstance(value, list):
        return None
    return [name for parts in value if (name := _parsed_name(parts))] or None


def _parsed_name(parts: Any) -> str:
    if not isinstance(parts, list):
        return ""
    last, first, suffix = [part if isinstance(part, str) else "" for part in [*parts, "", "", ""][:3]]
    return " ".join(" ".join((first, last, suffix)).split())


def _authors(value: object) -> list[str] | None:
    if isinstance(value, str):
        value = BETWEEN_NAMES.split(IN_PARENTHESES.sub("", " ".join(value.split())))
    if not isinstance(value, list):
        return None
    return [name.strip() for name in value if isinstance(name, str) and name.strip()] or None


def _categories(value: object) -> list[str] | None:
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list):
        return None
    return [name for name in value if isinstance(name, str) and name] or None
