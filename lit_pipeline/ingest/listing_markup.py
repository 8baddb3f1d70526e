"""Markup of a saved listing page as a stream of tags: the elements with embedded JSON, and the visible cards.

No tree is built: how HTML is to be nested lets a page of 100 kB ask for gigabytes of elements (unclosed formatting that
each paragraph opens again) or for hours (a million open elements). What a card means is told in `listing_html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

FEED_BYTES = 1024 * 1024
HYDRATER = "SVELTE_HYDRATER"
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
SHORT_TEXTS = frozenset({"li", "div", "span", "time", "a"})


@dataclass(frozen=True, slots=True)
class Embedded:
    """An element that carries JSON, unescaped."""

    target: str
    props: str


@dataclass(slots=True)
class Link:
    """An address with its label, and whether it stands in a heading."""

    address: str
    in_heading: bool
    parts: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Text of the link with single spaces."""
        return _words(self.parts)


@dataclass(slots=True)
class Card:
    """What one card holds, in the order of the page."""

    links: list[Link] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)
    direct: list[list[str]] = field(default_factory=list)

    @property
    def prose(self) -> str | None:
        """All paragraphs, joined."""
        return " ".join("".join(parts).strip() for parts in self.paragraphs).strip() or None

    @property
    def short_texts(self) -> list[str]:
        """Text that stands directly in a list item, a link or a box."""
        return [_words(parts) for parts in self.direct]


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page holds: its embedded JSON, and its cards: the innermost articles, else the headings."""

    embedded: list[Embedded]
    cards: list[Card]


def markup_of(text: str) -> Markup:
    """Read a page; never raises, since every text is HTML of some sort."""
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True, huge_tree=False)  # type: ignore[arg-type]
    data = text.encode("utf-8", "replace")
    try:
        for at in range(0, len(data), FEED_BYTES):
            parser.feed(data[at : at + FEED_BYTES])
        parser.close()
    except etree.XMLSyntaxError:
        return reader.close()
    return reader.close()


def _words(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


@dataclass(slots=True)
class _Open:
    """What is open at a place of the page: where text goes, and how deep in headings it stands."""

    direct: list[str] | None = None
    link: Link | None = None
    paragraph: list[str] | None = None
    n_headings: int = 0


class _Reader:
    """Takes the parser's events; each start has its end, since the parser closes what a page leaves open."""

    def __init__(self) -> None:
        self._embedded: list[Embedded] = []
        self._articles: list[Card] = []
        self._headings: list[Card] = []
        self._card: Card | None = None
        self._of_article = False
        self._open: list[_Open] = [_Open()]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        self._take_embedded(attributes)
        self._open_card(tag)
        around = self._open[-1]
        inside = _Open(None, around.link, around.paragraph, around.n_headings + (tag in HEADINGS))
        if self._card is not None:
            self._fill(self._card, inside, tag, attributes.get("href"))
        self._open.append(inside)

    def _take_embedded(self, attributes: Mapping[str, str]) -> None:
        if "data-props" in attributes and HYDRATER in attributes.get("class", "").split():
            self._embedded.append(Embedded(attributes.get("data-target", ""), attributes["data-props"]))

    def _open_card(self, tag: str) -> None:
        """An article is a card, and drops the one around it; so does a heading outside of articles."""
        if tag == "article" or (tag in HEADINGS and not self._of_article):
            self._card = Card()
            self._of_article = tag == "article"
            self._open[-1] = _Open(direct=self._open[-1].direct)

    @staticmethod
    def _fill(card: Card, inside: _Open, tag: str, address: str | None) -> None:
        if tag == "p":
            inside.paragraph = []
            card.paragraphs.append(inside.paragraph)
        if tag == "a" and address is not None:
            inside.link = Link(address, in_heading=inside.n_headings > 0)
            card.links.append(inside.link)
        if tag in SHORT_TEXTS:
            inside.direct = []
            card.direct.append(inside.direct)

    def data(self, text: str) -> None:
        """Text between tags: it belongs to the innermost link and paragraph, and to the box right around it."""
        inside = self._open[-1]
        if inside.direct is not None:
            inside.direct.append(text)
        if inside.link is not None:
            inside.link.parts.append(text)
        if inside.paragraph is not None:
            inside.paragraph.append(text)

    def end(self, tag: str) -> None:
        """A tag closes."""
        self._open.pop()
        if self._card is None:
            return
        if tag == "article" and self._of_article:
            self._articles.append(self._card)
            self._card, self._of_article = None, False
        elif tag in HEADINGS and not self._of_article:
            self._headings.append(self._card)
            self._card = None

    def comment(self, text: str) -> None:
        """Comments say nothing."""

    def close(self) -> Markup:
        """What was read so far."""
        return Markup(self._embedded, self._articles or self._headings)
