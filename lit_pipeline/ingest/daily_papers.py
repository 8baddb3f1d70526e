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
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.listing_page import decoded
from lit_pipeline.ingest.records import EXCERPT_CHARS, FoundRecord, RecordFault

MAX_LITERAL_DEPTH = 50

ENTRY = re.compile(r"[\"]?\{\s*\\?[\"']paper\\?[\"']\s*:\s*\{")
BARE_PAPER = re.compile(r"\"(?:publishedAt|upvotes|submittedOnDailyAt)\"\s*:")
WRAPPED = re.compile(r"\"(?:data|papers|dailyPapers|results)\"\s*:\s*\[")
EMPTY_ANSWER = re.compile(r"\s*(?:\[\s*\]|\{\s*\})\s*\Z")
STATED_DAY = re.compile(r"\"date\"\s*:\s*\"(\d{4}-\d{2}-\d{2})")
BETWEEN_VALUES = re.compile(r"[\s,]*")
BRACKETS = re.compile(r"[\[\](){}]")


@dataclass(frozen=True, slots=True)
class _Element:
    value: object
    first: int
    last: int
    excerpt: str


class DailyPapersReader:
    """Reads entries of the Daily Papers API."""

    name = "daily_papers"
    version = 1

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
    """JSON values from an offset on, with their lines; behind a broken one reading goes on at the next entry."""
    decoder = json.JSONDecoder()
    listed = start > 0
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
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            end = _next_entry(text, position)
            yield _broken(error, text[position:end], line, is_last=end == len(text))
            if end == len(text):
                return
        else:
            yield _Element(
                value, line, line + text.count("\n", position, end), text[position : position + EXCERPT_CHARS]
            )
        position = end


def _next_entry(text: str, position: int) -> int:
    following = ENTRY.search(text, position + 1)
    return following.start() if following else len(text)


def _broken(error: Exception, text: str, line: int, *, is_last: bool) -> RecordFault:
    last = line + text.rstrip().count("\n")
    if isinstance(error, RecursionError):
        return RecordFault("nested_too_deep", "the JSON is nested too deeply to be read", line, last, text)
    if is_last and text.rstrip()[-1:] not in {"]", "}"}:
        return RecordFault("truncated_json", "the JSON ends in the middle of an entry", line, last, text)
    return RecordFault("broken_json", f"the JSON of an entry is broken: {error}", line, last, text)


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
    if len(text) > limits.max_record_chars or _depth(text) > MAX_LITERAL_DEPTH:
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _depth(text: str) -> int:
    """Deepest nesting of brackets, those in strings included: a bound that keeps the parser's stack small."""
    depth = deepest = 0
    for bracket in BRACKETS.findall(text):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    return deepest
