"""Reader of Daily Papers API answers as JSON, in all the ways people keep them.

A plain list of entries; a list of strings that hold Python literals (parsed as literals, never evaluated); either of
them wrapped in an object with `status`, `date`, `count` and `data`; single entries; one entry a line. Entries are
decoded one after another, so that a broken one costs no other. What the fields mean stands in `api_papers`.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lit_pipeline.ingest.api_papers import Json, is_paper_entry, record_of
from lit_pipeline.ingest.content import Content
from lit_pipeline.ingest.json_entries import Break, Value, depth_of, value_at
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.listing_page import decoded
from lit_pipeline.ingest.records import EXCERPT_CHARS, FoundRecord, RecordFault

MAX_LITERAL_DEPTH = 50
MAX_REREADS = 2

ENTRY = re.compile(r"[\"]?\{\s*\\?[\"']paper\\?[\"']\s*:\s*\{")
BARE_PAPER = re.compile(r"\"(?:publishedAt|upvotes|submittedOnDailyAt)\"\s*:")
WRAPPED = re.compile(r"\"(?:data|papers|dailyPapers|results)\"\s*:\s*\[")
EMPTY_ANSWER = re.compile(r"(?:\[\s*\]|\{\s*\})\s*\Z")
STATED_DAY = re.compile(r"\"date\"\s*:\s*\"(\d{4}-\d{2}-\d{2})")
BETWEEN_VALUES = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class _Element:
    value: object
    first: int
    last: int
    excerpt: str


class DailyPapersReader:
    """Reads entries of the Daily Papers API."""

    name = "daily_papers"
    version = 2

    def recognises(self, head: bytes) -> bool:
        """Whether the text is JSON whose start shows entries with a `paper`, or an answer without papers."""
        text = decoded(head).lstrip()
        if text[:1] not in {"[", "{"}:
            return False
        return bool(ENTRY.search(text) or BARE_PAPER.search(text) or WRAPPED.search(text) or EMPTY_ANSWER.match(text))

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:
        """Entries in order; a string that is no literal, or JSON that breaks, is a fault with its lines."""
        whole = content.read_whole()
        text = decoded(whole.data)
        start, stated_day = _list_start(text)
        for element in _elements(text, start):
            yield _record(element, stated_day, limits) if isinstance(element, _Element) else element


def _list_start(text: str) -> tuple[int, date | None]:
    """Offset of the first entry, and the day that an object around the list states."""
    opening = len(text) - len(text.lstrip())
    if text[opening : opening + 1] == "[":
        return opening + 1, None
    wrapped = WRAPPED.search(text)
    first_entry = ENTRY.search(text)
    if wrapped is None or (first_entry is not None and first_entry.start() < wrapped.start()):
        return opening, None
    stated = STATED_DAY.search(text, 0, wrapped.start())
    return wrapped.end(), _day(stated[1]) if stated else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _elements(text: str, start: int) -> Iterator[_Element | RecordFault]:
    """JSON values from an offset on, with their lines; behind a broken one reading goes on at the next entry.

    The next entry may lie within the broken one, which had lost its end; but a text is read `MAX_REREADS` times at
    most: then reading goes on behind the place where the entry breaks.
    """
    listed = start > 0
    reread = 0
    counted, line = 0, 1
    position = start
    while True:
        between = BETWEEN_VALUES.match(text, position)
        position = between.end() if between else position
        line += text.count("\n", counted, position)
        counted = position
        if position >= len(text):
            if listed:
                yield RecordFault("truncated_json", "the list ends before its closing bracket", line, line)
            return
        if text[position] in "]}":
            return
        found = value_at(text, position)
        if isinstance(found, Value):
            last = line + text.count("\n", position, found.end)
            yield _Element(found.value, line, last, text[position : position + EXCERPT_CHARS])
            position = found.end
            continue
        reread += found.at - position
        behind = position if reread <= MAX_REREADS * len(text) else max(position, found.at - 1)
        end = _next_entry(text, behind + 1)
        yield _broken(found, text[position:end], line, is_last=end == len(text))
        if end == len(text):
            return
        position = end


def _next_entry(text: str, position: int) -> int:
    following = ENTRY.search(text, position)
    return following.start() if following else len(text)


def _broken(found: Break, text: str, line: int, *, is_last: bool) -> RecordFault:
    last = line + text.rstrip().count("\n")
    if found.too_deep:
        return RecordFault("nested_too_deep", "the JSON is nested too deeply to be read", line, last, text)
    if is_last and text.rstrip()[-1:] not in {"]", "}"}:
        return RecordFault("truncated_json", "the JSON ends in the middle of an entry", line, last, text)
    return RecordFault("broken_json", f"the JSON of an entry is broken: {found.message}", line, last, text)


def _record(element: _Element, stated_day: date | None, limits: Limits) -> FoundRecord | RecordFault:
    value = element.value
    if isinstance(value, str):
        value = _literal(value, limits)
        if value is None:
            return _fault(element, "broken_literal", "a string in the list holds no Python or JSON literal")
    if not isinstance(value, dict) or not is_paper_entry(value):
        return _fault(element, "not_a_paper", "an element of the list does not describe a paper")
    record = record_of(value, stated_day)
    record.line_start, record.line_end = element.first, element.last
    return record


def _fault(element: _Element, reason: str, detail: str) -> RecordFault:
    return RecordFault(reason, detail, element.first, element.last, element.excerpt)


def _literal(text: str, limits: Limits) -> Json | None:
    """The dictionary that a string writes as a Python literal or as JSON; None where it holds no such thing."""
    if len(text) > limits.max_record_chars or depth_of(text) > MAX_LITERAL_DEPTH:
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, dict):
            return value
    return None
