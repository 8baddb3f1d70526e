"""JSON values one after another out of a text that may be broken anywhere, in time that grows with its length.

What belongs here: decoding a single value with a bounded view of what follows, how deep it nests, where it breaks. What
an entry means, and where the next one starts, is the reader's business.
"""

import json
import re
from dataclasses import dataclass

MAX_DEPTH = 100
MAX_DIGITS = 20
FIRST_VIEW_CHARS = 16 * 1024
VIEW_GROWTH = 4
LONGEST_CUT_CHARS = 16
"""A view that ends in the middle of `\\ud83d\\ude00` or `-Infinity` breaks so few characters before its end."""

BRACKETS = re.compile(r"[\[\](){}]")
STRING = re.compile(r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the offset behind it."""

    value: object
    end: int


@dataclass(frozen=True, slots=True)
class Break:
    """Where a value can't be read on: `at` is the offset; a value that nests too deep breaks where it does so."""

    at: int
    message: str
    too_deep: bool = False


def value_at(text: str, position: int) -> Value | Break:
    """The value that starts at an offset, or where it breaks.

    The decoder counts the lines before each error, so it is shown only as much of the text as the value needs.
    """
    view = FIRST_VIEW_CHARS
    while True:
        part = text[position : position + view]
        is_rest = position + view >= len(text)
        found = _decoded(part)
        if isinstance(found, Value) and (is_rest or found.end < len(part)):
            return _shallow(part, found, position)
        if isinstance(found, Break) and (is_rest or found.too_deep or not _is_cut(found, len(part))):
            return Break(position + found.at, found.message, found.too_deep)
        view *= VIEW_GROWTH


def depth_of(text: str) -> int:
    """Deepest nesting of brackets, those in strings included: a bound that keeps a parser's stack small."""
    depth = deepest = 0
    for bracket in BRACKETS.findall(text):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _whole_number(digits: str) -> int | None:
    """A number, or None where it has more digits than any count: Python would refuse the longest ones."""
    return int(digits) if len(digits) <= MAX_DIGITS else None


DECODER = json.JSONDecoder(parse_int=_whole_number)


def _decoded(part: str) -> Value | Break:
    try:
        return Value(*DECODER.raw_decode(part))
    except json.JSONDecodeError as error:
        return Break(error.pos, error.msg)
    except RecursionError:
        return _deep_break(part)


def _shallow(part: str, found: Value, position: int) -> Value | Break:
    """The value, unless it nests deeper than any entry: how deep the decoder itself can go varies with its caller."""
    read = part[: found.end]
    if depth_of(read) > MAX_DEPTH and depth_of(STRING.sub("", read)) > MAX_DEPTH:
        return Break(position + found.end, "", too_deep=True)
    return Value(found.value, position + found.end)


def _deep_break(part: str) -> Break:
    depth = 0
    for bracket in BRACKETS.finditer(part):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            return Break(bracket.start(), "", too_deep=True)
    return Break(len(part), "", too_deep=True)


def _is_cut(found: Break, length: int) -> bool:
    """Whether the value may only break because the view ends."""
    return found.message.startswith("Unterminated string") or found.at >= length - LONGEST_CUT_CHARS
