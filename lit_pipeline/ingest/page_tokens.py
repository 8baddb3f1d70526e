"""What the lines of a listing page are: second step of the listing-page reader.

Each line becomes tokens: navigation, date, author count, organisation, number, code link, or text. Only the line itself
and its direct neighbours decide; which text is a title and which an abstract is decided in `page_papers`.
"""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lit_pipeline.ingest.page_lines import PageLine

MAX_DAY = 31
MAX_METADATA_CHARS = 160
MAX_WRAPPED_CHARS = 140
MAX_PARAGRAPH_CHARS = 20_000
MIN_WRAPPED_LINES = 12
WRAP_SLACK_CHARS = 20
MIN_WRAPPED_SHARE = 0.3
USUAL_WIDTH_SHARE = 0.97
MIN_GAP_SHARE = 0.2
MAX_TITLE_LINES = 3
LONGEST_TITLE_CHARS = 220
SHORTEST_ENDED_PROSE_CHARS = 60
SHORTEST_BROKEN_PROSE_CHARS = 140
MIN_OPENED_PROSE_WORDS = 8
THOUSAND = 1000

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DATE = re.compile(rf"(?:Published on )?({MONTH}) (\d{{1,6}})(?:, ?((?:19|20)\d\d)(\d{{1,4}})?)?(?: (\d{{1,6}}))?")
AGE = re.compile(r"(?:about )?\d{1,4} (?:minute|hour|day|week|month)s? ago")
AUTHORS = re.compile(r"(\d{1,5}) authors?(?:\s*[·•|,])?\s*")
COUNT = re.compile(r"-|–|—|\d[\d,]{0,11}(?:\.\d+)?\s?[kK]?")
NUMBER = re.compile(r"(?:\[(-)\]\s*)?(-|–|—|\d[\d,]{0,11}(?:\.\d+)?\s?[kK]?)")
UPVOTE = re.compile(r"(?:Upvotes?|▲|👍)\s*(-|\d[\d,]{0,11}(?:\.\d+)?\s?[kK]?)?")
CODE = re.compile(
    r"(?:LINK: )?(?:GitHub(?:\s+(\d[\d,]{0,11}(?:\.\d+)?\s?[kK]?))?)?(?:\s?(?:arXiv|Project) Page)?(?:\s?arXiv Page)?",
    re.IGNORECASE,
)
SUBMITTED = re.compile(r"Submitted by\b\s*(\S{0,60})", re.IGNORECASE)
SEPARATOR = re.compile(r"[·•|_=*\-\s]+")

NAVIGATION = frozenset(
    """
    new|get trending papers in your email inbox once a day!|get trending papers in your email inbox!|subscribe
    daily papers|trending papers|daily|weekly|monthly|daily papers - hugging face|trending papers - hugging face
    by ak and the research community|byak and the research community|by|ak|and the research community
    hugging face|hugging face's logo|hugging face's logo hugging face|models|datasets|spaces|buckets|buckets new
    posts|docs|enterprise|pricing|log in|login|sign in|sign up|website|tasks|huggingchat|collections|languages
    organizations|community|blog|learn|discord|forum|github|solutions|team & enterprise|hugging face pro
    enterprise support|inference providers|inference endpoints|storage buckets|papers|search|search papers
    previous|next|previous next|system theme|company|tos|privacy|about|careers|jobs|terms of service|view all papers
    trending papers ranked by github stars activity|markdown content:|daily weekly monthly|skip to main content
    back to top|load more|today|toggle theme|light theme|dark theme|hub|hardware|changelog|menu|open menu
    """.replace("\n", "|").split("|")
)
NAVIGATION_WORDS = frozenset(word.strip() for word in NAVIGATION if word.strip())
GLUED_NAVIGATION = (
    "Get trending papers in your email inbox once a day!",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "Daily Papers",
    "Trending Papers",
    "byAK and the research community",
    "by AK and the research community",
)
GLUED_TO = re.compile(r"[^\sa-z]")
MAX_GLUED_NAVIGATION = 20

PAPER_LINK = re.compile(
    r"^(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co))?/papers/(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7})(?:[?].*)?$"
)
ARXIV_LINK = re.compile(
    r"^https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7}(?:v\d+)?)(?:\.pdf)?$"
)
COMMUNITY_LINK = re.compile(r"/papers/(?:[^#\s/]+/)?[^#\s/]+#community$")
UPVOTE_LINK = re.compile(r"/login\?next=")
OWNER_LINK = re.compile(r"^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:organizations/)?([\w.-]+)$")
CODE_LINK = re.compile(r"^https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/[\w.-]+/[\w.-]+")
PAGE_DAY_LINK = re.compile(r"/papers/date/(\d{4}-\d{2}-\d{2})$")

TERMINAL = re.compile(r"[.!?…][\"'”’)\]]*$")
SENTENCE_BREAK = re.compile(r"[a-z0-9)%]\.[\"'”’)]?\s+[A-Z]")
PROSE_OPENING = re.compile(
    r"^(?:We|In this (?:paper|work|report|study)|This (?:paper|work|report|study|article|survey)"
    r"|Recent(?:ly,| advances))\b"
)
LOWER_WORD = re.compile(r"^(?:[a-z]+(?:[-'][a-z]+)*[,.;:)]?(?:\s|$)|https?://)")
OPEN_ENDING = re.compile(
    r"(?:[,:(\-–—/&]|\b(?:a|an|the|of|for|in|on|to|and|or|with|via|by|from|as|at|into|using|over|under|through|between"
    r"|without|beyond|towards?|versus|vs\.?|is|are|its?|their))$",
    re.IGNORECASE,
)


class Kind(enum.Enum):
    """What a token is; upvotes may be marked as those of the paper above or of the one below."""

    NAVIGATION = enum.auto()
    DATE = enum.auto()
    AUTHORS = enum.auto()
    ORGANISATION = enum.auto()
    NUMBER = enum.auto()
    UPVOTES_ABOVE = enum.auto()
    UPVOTES_BELOW = enum.auto()
    CODE = enum.auto()
    SUBMITTED = enum.auto()
    SEPARATOR = enum.auto()
    TEXT = enum.auto()


LABELLED = (
    (Kind.DATE, AGE),
    (Kind.AUTHORS, AUTHORS),
    (Kind.UPVOTES_ABOVE, UPVOTE),
    (Kind.SUBMITTED, SUBMITTED),
    (Kind.CODE, CODE),
    (Kind.SEPARATOR, SEPARATOR),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line with what it is; `number` is the count in it, `printed` the date."""

    kind: Kind
    line: PageLine
    text: str
    number: int | None = None
    printed: str | None = None

    @property
    def paper(self) -> str | None:
        """The arXiv identifier of the paper this token links to."""
        return next((m[1] for link in self.line.links if (m := PAPER_LINK.match(link) or ARXIV_LINK.match(link))), None)

    @property
    def is_prose(self) -> bool:
        """Whether the text reads as sentences, not as a title."""
        return reads_as_prose(self.text)

    def links_to(self, pattern: re.Pattern[str]) -> str | None:
        """First address that a pattern finds."""
        return next((link for link in self.line.links if pattern.search(link)), None)


def tokens_of(lines: Sequence[PageLine]) -> list[Token]:
    """Tokens of a page in order; text that is wrapped over lines is one token."""
    tokens: list[Token] = []
    for line in lines:
        tokens.extend(_tokens_of_line(line, expects_name=bool(tokens) and _awaits_name(tokens[-1])))
    return _unwrapped(tokens)


def reads_as_prose(text: str) -> bool:
    """Whether a text reads as sentences (an abstract), not as a title."""
    if len(text) > LONGEST_TITLE_CHARS:
        return True
    if text.endswith(".") and len(text) >= SHORTEST_ENDED_PROSE_CHARS:
        return True
    if len(text) >= SHORTEST_BROKEN_PROSE_CHARS and SENTENCE_BREAK.search(text):
        return True
    return bool(PROSE_OPENING.match(text)) and len(text.split()) >= MIN_OPENED_PROSE_WORDS


def is_one_sentence(text: str) -> bool:
    """Whether a text is a single sentence."""
    return SENTENCE_BREAK.search(text) is None


def count_of(text: str) -> int | None:
    """A printed count: '1,204' is 1204, '11.3k' is 11300, a dash is none."""
    digits = text.replace(",", "").strip()
    if digits in {"-", "–", "—"}:
        return None
    if digits[-1] in "kK":
        return round(float(digits[:-1]) * THOUSAND)
    return round(float(digits))


def date_of(text: str) -> tuple[str | None, int | None] | None:
    """Date as the page prints it and the comment count behind it; None when the text is no date.

    'Jul 1 9' is 1 July with 9 comments; so is 'May 329', glued, 3 May with 29 comments, since no month has 32 days.
    Where the glue leaves two readings ('May 296') neither date nor count is given.
    """
    match = DATE.fullmatch(text)
    if match is None:
        return None
    month, digits, year, glued, apart = match.groups()
    comments = glued or apart
    if len(digits) > 2 and year is None and apart is None:  # noqa: PLR2004  (days have two digits at most)
        readings = [(digits[:n], digits[n:]) for n in (1, 2) if _is_day(digits[:n]) and digits[n] != "0"]
        if len(readings) != 1:
            return None, None
        digits, comments = readings[0]
    if not _is_day(digits):
        return None
    printed = f"{month[:3]} {int(digits)}" + (f", {year}" if year else "")
    return printed, None if comments is None else int(comments)


def _is_day(digits: str) -> bool:
    return not digits.startswith("0") and 1 <= int(digits) <= MAX_DAY


def _awaits_name(token: Token) -> bool:
    return token.kind is Kind.SUBMITTED and token.number is None


def _tokens_of_line(line: PageLine, *, expects_name: bool) -> Iterator[Token]:
    text = line.text
    if expects_name and " " not in text:
        yield Token(Kind.SUBMITTED, line, text, number=1)
        return
    for _ in range(MAX_GLUED_NAVIGATION):
        glued = next((words for words in GLUED_NAVIGATION if _is_glued(words, text)), None)
        if glued is None:
            break
        yield Token(Kind.NAVIGATION, line, glued)
        text = text[len(glued) :].strip()
    parts = [part.strip() for part in text.split("·")]
    if len(text) <= MAX_METADATA_CHARS and len(parts) > 1:
        pieces = [_classify(line, part) for part in parts if part]
        if any(piece.kind in (Kind.DATE, Kind.AUTHORS) for piece in pieces):
            yield from (_as_organisation(piece) for piece in pieces)
            return
    if (match := AUTHORS.match(text)) and date_of(text[match.end() :]) is not None:
        yield Token(Kind.AUTHORS, line, match[0], number=int(match[1]))
        text = text[match.end() :]
    if text or not line.text:
        yield _classify(line, text)


def _is_glued(words: str, text: str) -> bool:
    return text.startswith(words) and bool(GLUED_TO.match(text, len(words)))


def _as_organisation(token: Token) -> Token:
    return replace(token, kind=Kind.ORGANISATION) if token.kind is Kind.TEXT else token


def _classify(line: PageLine, text: str) -> Token:
    words = " ".join(text.split())
    if not words:
        return Token(Kind.CODE if any(map(CODE_LINK.match, line.links)) else Kind.SEPARATOR, line, "")
    if words.casefold() in NAVIGATION_WORDS and not any(map(CODE_LINK.match, line.links)):
        return Token(Kind.NAVIGATION, line, words)
    if len(words) <= MAX_METADATA_CHARS and (token := _metadata(line, words)):
        return token
    return Token(Kind.TEXT, line, text)


def _metadata(line: PageLine, words: str) -> Token | None:
    if (dated := date_of(words)) is not None:
        return Token(Kind.DATE, line, words, number=dated[1], printed=dated[0])
    if match := NUMBER.fullmatch(words):
        return Token(Kind.UPVOTES_BELOW if match[1] else Kind.NUMBER, line, words, number=count_of(match[2]))
    for kind, pattern in LABELLED:
        if match := pattern.fullmatch(words):
            return Token(kind, line, words, number=_labelled_count(match))
    return None


def _labelled_count(match: re.Match[str]) -> int | None:
    label = match[1] if match.re.groups else None
    if not label:
        return None
    return count_of(label) if COUNT.fullmatch(label) else 1


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a page breaks its lines.

    `width` is the column at which text wraps (None: it doesn't), `gapped` tells of empty lines between units, `stacked`
    that titles stand directly on their wrapped abstracts.
    """

    width: int | None
    gapped: bool
    stacked: bool

    def is_full(self, line: PageLine, following: Token) -> bool:
        """Whether a line had no room for the first word of the next."""
        return self.width is not None and line.width + 1 + len(following.text.split(maxsplit=1)[0]) > self.width


def _unwrapped(tokens: Sequence[Token]) -> list[Token]:
    """Tokens with the lines of one wrapped text joined."""
    layout = _layout(tokens)
    joined: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if joined and _continues(joined[-1], token, following, layout):
            joined[-1] = _join(joined[-1], token)
        else:
            joined.append(token)
    return joined


def _layout(tokens: Sequence[Token]) -> _Layout:
    runs: list[int] = []
    for previous, token in pairwise([None, *tokens]):
        if token is None or token.kind is not Kind.TEXT:
            continue
        if previous is not None and _may_join(previous, token):
            runs[-1] += 1
        else:
            runs.append(1)
    short = sum(length <= MAX_TITLE_LINES for length in runs)
    gaps = sum(token.line.gap for token in tokens)
    return _Layout(
        width=_wrap_width([token.line for token in tokens if token.kind is Kind.TEXT]),
        gapped=bool(tokens) and gaps >= MIN_GAP_SHARE * len(tokens),
        stacked=short < MIN_WRAPPED_SHARE * len(runs),
    )


def _wrap_width(lines: Sequence[PageLine]) -> int | None:
    """Column at which the page wraps its text; None when it doesn't. A few lines with long addresses may stand out."""
    widths = sorted(line.width for line in lines if " " in line.text)
    if len(widths) < MIN_WRAPPED_LINES or widths[-1] > MAX_WRAPPED_CHARS:
        return None
    usual = widths[int(USUAL_WIDTH_SHARE * (len(widths) - 1))]
    full = sum(width >= usual - WRAP_SLACK_CHARS for width in widths)
    return usual if full >= MIN_WRAPPED_SHARE * len(widths) else None


def _join(first: Token, second: Token) -> Token:
    links = (*first.line.links, *second.line.links)
    line = replace(first.line, last=second.line.last, links=links, width=second.line.width)
    return replace(first, line=line, text=f"{first.text}\n{second.text}")


def _continues(held: Token, token: Token, following: Token | None, layout: _Layout) -> bool:
    """Whether a line goes on with the text above it."""
    if not _may_join(held, token):
        return False
    last = held.text.rsplit("\n", 1)[-1]
    ended = bool(TERMINAL.search(last))
    if token.kind is Kind.NAVIGATION:
        return not ended and (layout.is_full(held.line, token) or layout.gapped)
    if _flows(held, last, token):
        return True
    if (ended and _stands_before_date(token, following)) or _changes_role(held, last, token, following, layout):
        return False
    return (
        layout.is_full(held.line, token)
        or _is_open_prose(held.text, last)
        or _shares_block(held, token, following, layout)
    )


def _shares_block(held: Token, token: Token, following: Token | None, layout: _Layout) -> bool:
    """Whether lines belong together because only empty lines part the units of this page."""
    if not layout.gapped or layout.width is not None or held.line.heading:
        return False
    return not layout.stacked or not _is_title_above_prose(held, token, following)


def _stands_before_date(token: Token, following: Token | None) -> bool:
    is_last = following is not None and following.kind in (Kind.SEPARATOR, Kind.DATE)
    return is_last and not TERMINAL.search(token.text)


def _changes_role(held: Token, last: str, token: Token, following: Token | None, layout: _Layout) -> bool:
    """Whether a full line is followed by one of the other kind: a title under prose, or prose under a title.

    A line with room to spare ends its paragraph, and prose ends in a full stop: a line with room and without one
    ends a title.
    """
    if not layout.stacked or following is None or not _may_join(token, following):
        return False
    ends_here = not layout.is_full(token.line, following) and not _flows(token, token.text, following)
    if reads_as_prose(held.text):
        return bool(TERMINAL.search(last)) and ends_here and not TERMINAL.search(token.text)
    return not ends_here


def _may_join(held: Token, token: Token) -> bool:
    if held.kind is not Kind.TEXT or token.line.gap or token.line.heading:
        return False
    if token.kind is not Kind.TEXT and not (token.kind is Kind.NAVIGATION and token.text == token.line.text):
        return False
    if held.line.is_link or token.line.is_link or (held.line.links and token.line.links):
        return False
    if len(held.text) > MAX_PARAGRAPH_CHARS:
        return False
    last = held.text.rsplit("\n", 1)[-1]
    return len(last) <= MAX_WRAPPED_CHARS and len(token.text) <= MAX_WRAPPED_CHARS


def _flows(held: Token, last: str, token: Token) -> bool:
    """Whether the words themselves show that a sentence or title runs on."""
    if TERMINAL.search(last):
        return False
    indented = token.line.indent > held.line.indent and held.text.count("\n") == 0
    return indented or bool(LOWER_WORD.match(token.text)) or bool(OPEN_ENDING.search(last))


def _is_open_prose(text: str, last: str) -> bool:
    return "\n" in text and reads_as_prose(text) and not TERMINAL.search(last)


def _is_title_above_prose(held: Token, token: Token, following: Token | None) -> bool:
    """Whether a title stands directly on the first line of its wrapped abstract."""
    if "\n" in held.text or reads_as_prose(held.text):
        return False
    if reads_as_prose(token.text):
        return True
    return following is not None and _may_join(token, following) and _flows(token, token.text, following)
