"""Lines of a page saved as text, freed of markup: first step of the listing-page reader.

Captures of the same page differ in how links survive: not at all, as markdown, as `[12]` marks with a list of addresses
at the end, or as bare addresses on lines of their own. Here all of them become `PageLine`s: plain text, the addresses
that belong to it, heading level, and the lines of the file it came from. What a line means is decided later.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

MAX_BLOCK_LINES = 400
MIN_MARKED_LINES = 3
MIN_MARKDOWN_LINKS = 2

LINE_END = re.compile(r"\r\n|\n|\r")
BARE_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")
SITE_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:papers/|login\?|[\w.-]+$)")
IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[\d+\])?")
INLINE_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)")
MARKED_LINK = re.compile(r"\[([^\[\]]*)\]\[(\d{1,5})\]")
NESTED_LABEL = re.compile(r"\[\[[^\[\]]*\]([^\[\]]*)\](?=\(|\[\d)")
BLOCK_END_INLINE = re.compile(r"\]\(([^()\s]+)\)\s*$")
BLOCK_END_MARKED = re.compile(r"\]\[(\d{1,5})\]\s*$")
LEADING_MARK = re.compile(r"(?:^|(?<=\s))\[(\d{1,5})\](?=\S)|^\[(\d{1,5})\]\s+(?=\S)")
TRAILING_MARK = re.compile(r"(?<=\S)\s?\[(\d{1,5})\]$")
REFERENCE = re.compile(r"^\s*(?:\[(\d{1,5})\]:?|(\d{1,5})\.)\s+<?(https?://[^\s<>]+)>?\s*$")
REFERENCES_HEADING = re.compile(r"^(?:references|links|visible links|hidden links):?$", re.IGNORECASE)
HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(?=\S)")
BULLET = re.compile(r"^\s*(?:[-*+•]\s+)+(?=\S)")
TAG = re.compile(r"</?(?:a|b|br|i|em|p|span|div|img|strong|small|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
CODE_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$")
WHOLLY_BOLD = re.compile(r"^(\*\*|__)(?=\S)(.+)(?<=\S)\1$")
MARKDOWN_ESCAPE = re.compile(r"\\([_*\[\]#~`])")
BROKEN_LINE_MARK = re.compile(r"(?<!\\)\\+(?=\s|$)")
CAPTURE_DAY = re.compile(
    r"^[\W_]*(?:retrieved|captured|fetched|crawled|accessed|downloaded|saved)\b[^:\n]{0,30}:\W{0,4}(\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageLine:
    """One unit of text: a line, or the lines of one bracketed link.

    `gap` tells of an empty line above, `width` is the length of the last line with its markup, `is_link` tells that the
    text is one whole link.
    """

    text: str
    first: int
    last: int
    links: tuple[str, ...] = ()
    heading: int = 0
    gap: bool = False
    indent: int = 0
    width: int = 0
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as plain lines, and the day of the capture where the page's own preamble tells it."""

    lines: tuple[PageLine, ...]
    captured_on: date | None


@dataclass(frozen=True, slots=True)
class _Markup:
    """How this page writes links."""

    references: dict[str, str]
    marked: bool
    markdown: bool


@dataclass(frozen=True, slots=True)
class _Stripped:
    text: str
    links: tuple[str, ...]
    opens: bool = False
    closes: bool = False
    is_link: bool = False


def page_text(text: str) -> PageText:
    """Plain lines of a page; empty lines and reference lists are gone, `gap` tells where an empty line stood."""
    raw = LINE_END.split(text)
    references = {m[1] or m[2]: m[3] for line in raw if (m := REFERENCE.match(line))}
    marks = sum(1 for line in raw if LEADING_MARK.match(line.strip()) or MARKED_LINK.search(line))
    markup = _Markup(
        references,
        marked=marks >= MIN_MARKED_LINES,
        markdown=sum(1 for line in raw if INLINE_LINK.search(line)) >= MIN_MARKDOWN_LINKS,
    )
    days = (m[1] for line in raw if (m := CAPTURE_DAY.match(line)))
    return PageText(tuple(_with_addresses(_blocks(raw, markup))), _day(next(days, None)))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def _blocks(raw: Sequence[str], markup: _Markup) -> Iterator[PageLine]:
    """Lines without markup; the lines between `[` and `](address)` are one."""
    gap = False
    index = 0
    while index < len(raw):
        line = raw[index]
        if not line.strip() or CODE_FENCE.match(line) or _is_reference(line):
            gap = True
            index += 1
            continue
        stripped = _strip(line, markup)
        length = 1
        if stripped.opens:
            block = _closed_block(raw, index, stripped, markup)
            stripped, length = block or (stripped, 1)
        if stripped.text or stripped.links:
            heading = HEADING.match(line)
            indent = len(line) - len(line.lstrip())
            yield PageLine(
                stripped.text,
                index + 1,
                index + length,
                stripped.links,
                len(heading[1]) if heading else 0,
                gap,
                indent,
                len(raw[index + length - 1].rstrip()),
                stripped.is_link,
            )
            gap = False
        else:
            gap = True
        index += length


def _is_reference(line: str) -> bool:
    return bool(REFERENCE.match(line)) or bool(REFERENCES_HEADING.match(line.strip()))


def _closed_block(raw: Sequence[str], start: int, opened: _Stripped, markup: _Markup) -> tuple[_Stripped, int] | None:
    """The bracketed link that opens at a line, with its length in lines; None when it is never closed."""
    parts = [opened.text]
    links = list(opened.links)
    for index in range(start + 1, min(len(raw), start + MAX_BLOCK_LINES)):
        part = _strip(raw[index], markup)
        if part.opens or HEADING.match(raw[index]):
            return None
        parts.append(part.text)
        links.extend(part.links)
        if part.closes:
            return _Stripped("\n".join(filter(None, parts)), tuple(links), is_link=True), index - start + 1
    return None


def _strip(line: str, markup: _Markup) -> _Stripped:
    """A line's text and addresses; `opens` and `closes` tell of a bracket that other lines complete."""
    links: list[str] = []
    text = BULLET.sub("", HEADING.sub("", TAG.sub("", line)))
    text = NESTED_LABEL.sub(r"[\1]", IMAGE.sub("", text))

    def inline(match: re.Match[str]) -> str:
        links.append(match[2])
        return _spaced(match)

    def marked(match: re.Match[str]) -> str:
        links.extend(filter(None, [markup.references.get(match[2])]))
        return _spaced(match)

    bare = text.strip()
    is_link = bool(INLINE_LINK.fullmatch(bare) or MARKED_LINK.fullmatch(bare))
    text = MARKED_LINK.sub(marked, INLINE_LINK.sub(inline, text))
    text, closing = _without_block_end(text, markup)
    closes = closing is not None
    links.extend(filter(None, [closing]))
    if markup.marked:
        text = _without_marks(text, markup, links)
    text = BULLET.sub("", text).strip()
    opens = not closes and text.startswith("[") and "]" not in text
    if opens or (closes and text.startswith("[")):
        text = BULLET.sub("", text[1:]).strip()
    return _Stripped(_unescaped(text, markup), tuple(links), opens, closes, is_link)


def _spaced(match: re.Match[str]) -> str:
    """Text of a link; a number is kept apart from what it is glued to ('May 29[6](...)' has 6 comments)."""
    label = match[1].strip()
    glued = match.start() > 0 and not match.string[match.start() - 1].isspace()
    return f" {label}" if glued and label.isdigit() else match[1]


def _without_block_end(text: str, markup: _Markup) -> tuple[str, str | None]:
    if match := BLOCK_END_INLINE.search(text):
        return text[: match.start()], match[1]
    if match := BLOCK_END_MARKED.search(text):
        return text[: match.start()], markup.references.get(match[1], "")
    return text, None


def _without_marks(text: str, markup: _Markup, links: list[str]) -> str:
    def drop(match: re.Match[str]) -> str:
        number = next(filter(None, match.groups()))
        links.extend(filter(None, [markup.references.get(number)]))
        return ""

    return TRAILING_MARK.sub(drop, LEADING_MARK.sub(drop, text.strip()))


def _unescaped(text: str, markup: _Markup) -> str:
    if match := WHOLLY_BOLD.match(text):
        text = match[2]
    if markup.markdown:
        text = BROKEN_LINE_MARK.sub("", MARKDOWN_ESCAPE.sub(r"\1", text))
        return "\n".join(part.strip() for part in text.split("\n"))
    return text


def _with_addresses(lines: Iterator[PageLine]) -> Iterator[PageLine]:
    """Lines; a line that is nothing but an address becomes a link of the line above it.

    Directly below a line only addresses of the site's own pages do: others are the end of an abstract that is wrapped.
    """
    held: PageLine | None = None
    for line in lines:
        address = BARE_ADDRESS.fullmatch(line.text)
        if address and held is not None and not line.gap and not SITE_ADDRESS.match(address[1]):
            address = None
        if address and held is not None and not held.links:
            held = replace(held, last=line.last, links=(address[1],))
            continue
        if held is not None:
            yield held
        held = replace(line, text="", links=(address[1], *line.links)) if address else line
    if held is not None:
        yield held
