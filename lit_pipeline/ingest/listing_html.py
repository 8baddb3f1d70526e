"""Reader of saved HTML of the listing page.

The page carries what the API would answer, as JSON in the `data-props` attribute of its `SVELTE_HYDRATER` elements:
targets `DailyPapers` and `SearchResults`. Where that is missing or broken, the visible markup is read: `article`
elements, or headings, with a link to the paper. The markup is read as a stream of tags (`listing_markup`).
"""

import json
import re
from collections.abc import Iterator
from datetime import date

from lit_pipeline.ingest.api_papers import PAPER_ADDRESS, Json, is_paper_entry, record_of
from lit_pipeline.ingest.content import Content, ContentError
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.listing_markup import Card, Embedded, markup_of
from lit_pipeline.ingest.listing_page import decoded
from lit_pipeline.ingest.page_tokens import (
    AUTHORS,
    CODE_LINK,
    COMMUNITY_LINK,
    OWNER_LINK,
    PAPER_LINK,
    UPVOTE_LINK,
    count_of,
    date_of,
    is_one_sentence,
)
from lit_pipeline.ingest.records import FoundRecord, RecordFault

MAX_SEARCHED_DEPTH = 6
MAX_MISSED_MARKS = 100
TARGETS = frozenset({"DailyPapers", "SearchResults"})
DAY_KEYS = ("dateString", "date")
HTML_START = re.compile(
    r"(?:<\?xml[^<>]{0,200}\?>\s{0,9})?(?:<!--.{0,2000}?-->\s{0,9})?<(?:!doctype\s+html|html|head|body|main|div|article)\b",
    re.IGNORECASE | re.DOTALL,
)
ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?Z?)?")
COUNT = re.compile(r"-|\d[\d,]{0,11}(?:\.\d+)?[kK]?")


class ListingHtmlReader:
    """Reads papers from the page's embedded JSON, else from its visible markup."""

    name = "listing_html"
    version = 2

    def recognises(self, head: bytes) -> bool:
        """Whether the text starts as HTML does; whether it lists papers only the whole page tells."""
        return HTML_START.match(decoded(head).lstrip()) is not None

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:  # noqa: ARG002
        """Papers in the order of the page; embedded JSON that is broken, or a cut file, is a fault."""
        whole = content.read_whole()
        page = _Page(decoded(whole.data))
        found = list(page.embedded())
        if not any(isinstance(item, FoundRecord) for item in found):
            found += page.visible()
        yield from found
        if whole.fault is not None and found:
            yield _cut(whole.fault, page.n_lines)


def _cut(fault: ContentError, line: int) -> RecordFault:
    return RecordFault(fault.reason, fault.detail, line, line)


class _Page:
    def __init__(self, text: str) -> None:
        self._text = text
        self._markup = markup_of(text)
        self._reached = 0
        self._line = 1
        self._missed = 0

    @property
    def n_lines(self) -> int:
        return self._text.count("\n") + 1

    def embedded(self) -> Iterator[FoundRecord | RecordFault]:
        """Papers of the embedded JSON."""
        for element in self._markup.embedded:
            if element.target in TARGETS:
                yield from self._entries_of(element)

    def _entries_of(self, element: Embedded) -> Iterator[FoundRecord | RecordFault]:
        line = self._line_of(f'data-target="{element.target}"')
        try:
            props = json.loads(element.props)
        except (ValueError, RecursionError) as error:
            yield RecordFault("broken_json", f"the page's embedded JSON is broken: {type(error).__name__}", line, line)
            return
        day = _stated_day(props)
        for entry in _entries(props, MAX_SEARCHED_DEPTH):
            record = record_of(entry, day)
            record.line_start = record.line_end = self._line_of(f"{record.raw_arxiv_id}&quot;")
            yield record

    def visible(self) -> Iterator[FoundRecord]:
        """Papers of the visible markup."""
        for card in self._markup.cards:
            title, arxiv_id = _heading(card)
            if arxiv_id is None:
                continue
            record = _record(card)
            record.raw_title, record.raw_arxiv_id = title, arxiv_id
            record.url = f"{PAPER_ADDRESS}{arxiv_id}"
            record.line_start = record.line_end = self._line_of(f"/papers/{arxiv_id}")
            yield record

    def _line_of(self, mark: str) -> int:
        """Line of a mark's next occurrence, else the line reached: marks are asked for in the order of the page.

        A page whose marks keep missing is searched no further: each miss costs a scan of all that is left of it.
        """
        at = self._text.find(mark, self._reached) if self._missed < MAX_MISSED_MARKS else -1
        if at < 0:
            self._missed += 1
            return self._line
        self._line += self._text.count("\n", self._reached, at)
        self._reached = at
        return self._line


def _stated_day(props: object) -> date | None:
    if not isinstance(props, dict):
        return None
    for key in DAY_KEYS:
        value = props.get(key)
        if isinstance(value, str) and (match := ISO_DAY.fullmatch(value)):
            try:
                return date.fromisoformat(match[1])
            except ValueError:
                continue
    return None


def _entries(value: object, depth: int) -> Iterator[Json]:
    """All paper entries in lists anywhere in the embedded JSON, in order."""
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and is_paper_entry(item):
                yield item
            else:
                yield from _entries(item, depth - 1)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _entries(item, depth - 1)


def _heading(card: Card) -> tuple[str | None, str | None]:
    """Title and arXiv identifier of the first heading that links to a paper."""
    for link in card.links:
        match = PAPER_LINK.match(link.address) if link.in_heading else None
        if match:
            return link.label or None, match[1]
    return None, None


def _record(card: Card) -> FoundRecord:
    """What a card shows beside its title."""
    record = FoundRecord()
    for link in card.links:
        _take_link(record, link.address, link.label)
    for text in card.short_texts:
        if match := AUTHORS.fullmatch(text.strip(" ·•")):
            record.n_authors = int(match[1])
        elif (dated := date_of(text.strip(" ·•"))) is not None:
            record.printed_date = dated[0]
    if card.prose is not None and record.code_url is not None and is_one_sentence(card.prose):
        record.ai_summary = card.prose
    else:
        record.raw_abstract = card.prose
    return record


def _take_link(record: FoundRecord, address: str, label: str) -> None:
    count = COUNT.search(label)
    if UPVOTE_LINK.search(address) and count:
        record.upvotes = count_of(count[0])
    elif COMMUNITY_LINK.search(address) and count:
        record.n_comments = count_of(count[0])
    elif CODE_LINK.match(address):
        record.code_url = address
        record.github_stars = count_of(count[0]) if count else None
    elif OWNER_LINK.match(address) and label:
        record.organisation = label
