"""Papers of a listing page from its tokens: third step of the listing-page reader.

A page is read by what anchors its papers: headings, links to paper pages, or blocks of metadata. Where there is none of
them, titles and abstracts are told apart by their shape.
"""

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from lit_pipeline.ingest.page_tokens import (
    CODE_LINK,
    COMMUNITY_LINK,
    GLUED_NAVIGATION,
    MONTHS,
    OWNER_LINK,
    PAGE_DAY_LINK,
    TERMINAL,
    UPVOTE_LINK,
    Kind,
    Token,
    is_one_sentence,
)
from lit_pipeline.ingest.records import FoundRecord

MAX_HEADER_TEXTS = 5
MIN_ANCHOR_SHARE = 0.5
MIN_BLOCK_SHARE = 0.2
MAX_ORGANISATION_CHARS = 80
MAX_DAYS_TO_LINKED_PAGE = 10
PAPER_ADDRESS = "https://huggingface.co/papers/"
HEADER_WORDS = frozenset(words.casefold() for words in GLUED_NAVIGATION) | {"daily", "weekly", "monthly", "new"}


class Anchor(enum.Enum):
    """What marks the start of a paper on a page."""

    HEADING = enum.auto()
    LINK = enum.auto()
    METADATA = enum.auto()
    SHAPE = enum.auto()


@dataclass
class Paper:
    """A paper while its tokens are being gathered."""

    title: Token
    prose: list[Token] = field(default_factory=list)
    arxiv_id: str | None = None
    n_authors: int | None = None
    organisation: str | None = None
    dated: Token | None = None
    n_comments: int | None = None
    upvotes: int | None = None
    stars: int | None = None
    code_url: str | None = None
    loose_numbers: list[Token] = field(default_factory=list)
    awaits: Kind | None = None
    last_line: int = 0

    def cover(self, token: Token) -> None:
        """Count a token's lines to the paper."""
        self.last_line = max(self.last_line, token.line.last)

    @property
    def has_metadata(self) -> bool:
        """Whether the block behind the abstract has begun."""
        return self.dated is not None or self.n_authors is not None or self.organisation is not None


@dataclass
class _Gathering:
    """State while the tokens of a page are walked."""

    anchor: Anchor
    level: int
    votes_before_title: bool = False
    papers: list[Paper] = field(default_factory=list)
    numbers_before: list[Token] = field(default_factory=list)

    @property
    def current(self) -> Paper | None:
        return self.papers[-1] if self.papers else None


def papers_of(tokens: Sequence[Token], captured_on: date | None) -> list[FoundRecord]:
    """Records of a page in order, from its tokens."""
    body = _body(tokens)
    page_date = _page_date(body)
    gathering = _gather(body)
    years = [
        int(p.dated.printed[-4:]) for p in gathering.papers if p.dated and p.dated.printed and "," in p.dated.printed
    ]
    trending = any(paper.code_url or paper.stars is not None for paper in gathering.papers)
    captured = captured_on or _day_by_links(tokens, page_date)
    latest = max(years, default=None)
    return [_record(paper, page_date, latest, captured, trending=trending) for paper in gathering.papers]


def _body(tokens: Sequence[Token]) -> Sequence[Token]:
    """Tokens behind the head of the page: preamble, navigation, the words searched for."""
    end = texts = 0
    for index, token in enumerate(tokens):
        if token.kind is Kind.NAVIGATION and token.text.casefold() in HEADER_WORDS:
            end, texts = index + 1, 0
        elif token.kind is Kind.TEXT:
            texts += 1
        if end and (texts > MAX_HEADER_TEXTS or _is_content(token)):
            break
    return tokens[end:]


def _is_content(token: Token) -> bool:
    """Whether only papers have such a token."""
    if token.kind is Kind.TEXT:
        return token.is_prose or token.paper is not None
    return token.kind in (Kind.AUTHORS, Kind.CODE)


def _page_date(body: Sequence[Token]) -> str | None:
    """Day that stands before the first text."""
    for token in body:
        if token.kind is Kind.DATE:
            return token.printed
        if token.kind is Kind.TEXT:
            return None
    return None


def _day_by_links(tokens: Sequence[Token], page_date: str | None) -> date | None:
    """The page's day with the year of the address of a neighbouring day, as in `/papers/date/2026-03-24`."""
    linked = next((link[-10:] for t in tokens for link in t.line.links if PAGE_DAY_LINK.search(link)), None)
    if linked is None or page_date is None:
        return None
    try:
        first = date.fromisoformat(linked) - timedelta(days=MAX_DAYS_TO_LINKED_PAGE)
        candidates = [first + timedelta(days=offset) for offset in range(2 * MAX_DAYS_TO_LINKED_PAGE + 1)]
    except (ValueError, OverflowError):
        return None
    month, day = page_date.split(",")[0].split()
    for candidate in candidates:
        if (candidate.month, candidate.day) == (MONTHS.index(month) + 1, int(day)):
            return candidate
    return None


def _gather(body: Sequence[Token]) -> _Gathering:
    anchor, level = _anchor(body)
    gathering = _Gathering(anchor, level)
    for index, token in enumerate(body):
        following = body[index + 1 : index + 3]
        if _starts_paper(gathering, token, following):
            _start(gathering, token)
        else:
            _assign(gathering, token, following)
    _settle_numbers(gathering, [], is_end=True)
    return gathering


def _anchor(body: Sequence[Token]) -> tuple[Anchor, int]:
    first_text = next((index for index, token in enumerate(body) if token.kind is Kind.TEXT), len(body))
    body = body[first_text:]
    blocks = max(_count(body, Kind.DATE), _count(body, Kind.AUTHORS))
    abstracts = sum(token.kind is Kind.TEXT and token.is_prose for token in body)
    levels = Counter(t.line.heading for t in body if t.kind is Kind.TEXT and t.line.heading)
    linked = {t.paper for t in body if t.kind is Kind.TEXT and t.paper}
    level = max(levels, key=lambda depth: (levels[depth], depth), default=0)
    if level and levels[level] >= MIN_ANCHOR_SHARE * max(blocks, len(linked)):
        return Anchor.HEADING, level
    if linked and len(linked) >= MIN_ANCHOR_SHARE * blocks:
        return Anchor.LINK, 0
    return (Anchor.METADATA if blocks and blocks >= MIN_BLOCK_SHARE * abstracts else Anchor.SHAPE), 0


def _count(body: Sequence[Token], kind: Kind) -> int:
    return sum(token.kind is kind for token in body)


def _starts_paper(gathering: _Gathering, token: Token, following: Sequence[Token]) -> bool:
    if token.kind is not Kind.TEXT or not token.text:
        return False
    paper = gathering.current
    match gathering.anchor:
        case Anchor.HEADING:
            return token.line.heading == gathering.level
        case Anchor.LINK:
            return _starts_by_link(paper, token)
        case Anchor.METADATA:
            return paper is None or _starts_behind_metadata(paper, token, following)
        case Anchor.SHAPE:
            return paper is None or not token.is_prose


def _starts_by_link(paper: Paper | None, token: Token) -> bool:
    if token.paper is None:
        return False
    if paper is None or token.paper != paper.arxiv_id:
        return True
    return bool(paper.prose) and token.text == paper.title.text


def _starts_behind_metadata(paper: Paper, token: Token, following: Sequence[Token]) -> bool:
    """Whether a text starts a paper on a page where each paper ends in a block of metadata, save for rare ones."""
    if _is_organisation(paper, token, following):
        return False
    if paper.has_metadata:
        return True
    if token.is_prose or not paper.prose or not TERMINAL.search(paper.prose[-1].text):
        return False
    return bool(following) and following[0].kind is Kind.TEXT and following[0].is_prose


def _is_organisation(paper: Paper, token: Token, following: Sequence[Token]) -> bool:
    """Whether a text stands where the author count would: before the separator and the date."""
    if token.links_to(OWNER_LINK):
        return True
    if paper.has_metadata or len(token.text) > MAX_ORGANISATION_CHARS or token.is_prose:
        return False
    kinds = [t.kind for t in following]
    return kinds[:2] == [Kind.SEPARATOR, Kind.DATE]


def _start(gathering: _Gathering, token: Token) -> None:
    votes = _settle_numbers(gathering, gathering.numbers_before)
    gathering.numbers_before = []
    paper = Paper(token, arxiv_id=token.paper, upvotes=votes)
    paper.cover(token)
    if gathering.anchor in (Anchor.METADATA, Anchor.SHAPE) and token.is_prose:
        paper.prose.append(token)
    gathering.papers.append(paper)


def _settle_numbers(gathering: _Gathering, before: Sequence[Token], *, is_end: bool = False) -> int | None:
    """Give the numbers between two papers to the one above (comments) or return the votes of the one below."""
    paper = gathering.current
    if paper is None:
        gathering.votes_before_title = bool(before)
        return before[-1].number if before else None
    loose = [*paper.loose_numbers, *before]
    paper.loose_numbers = []
    votes = None
    if (
        not is_end
        and loose
        and (loose[-1].kind is Kind.UPVOTES_BELOW or loose[-1].links_to(UPVOTE_LINK) or gathering.votes_before_title)
    ):
        votes = loose.pop().number
    if loose and paper.n_comments is None:
        paper.n_comments = loose[0].number
        paper.cover(loose[0])
    return votes


def _assign(gathering: _Gathering, token: Token, following: Sequence[Token]) -> None:
    paper = gathering.current
    if paper is None:
        if token.kind in (Kind.NUMBER, Kind.UPVOTES_BELOW):
            gathering.numbers_before.append(token)
        return
    match token.kind:
        case Kind.TEXT | Kind.ORGANISATION:
            _assign_text(gathering, paper, token, following)
        case Kind.NUMBER | Kind.UPVOTES_ABOVE | Kind.UPVOTES_BELOW:
            _assign_number(paper, token)
        case Kind.DATE | Kind.AUTHORS | Kind.CODE:
            _assign_metadata(paper, token)
        case _:
            return


def _assign_text(gathering: _Gathering, paper: Paper, token: Token, following: Sequence[Token]) -> None:
    if token.kind is Kind.ORGANISATION or _is_organisation(paper, token, following):
        paper.organisation = paper.organisation or token.text
    elif paper.has_metadata or not token.text:
        return
    elif token.is_prose or not paper.prose or gathering.anchor is Anchor.METADATA:
        paper.prose.append(token)
    else:
        return
    paper.cover(token)


def _assign_number(paper: Paper, token: Token) -> None:
    if token.links_to(COMMUNITY_LINK):
        paper.n_comments = token.number
        paper.cover(token)
    elif Kind.UPVOTES_ABOVE in (paper.awaits, token.kind):
        paper.awaits = Kind.UPVOTES_ABOVE if token.number is None else None
        paper.upvotes = token.number if token.number is not None else paper.upvotes
        paper.cover(token)
    elif paper.awaits is Kind.CODE:
        paper.awaits = None
        paper.stars = token.number
        paper.cover(token)
    else:
        paper.loose_numbers.append(token)


def _assign_metadata(paper: Paper, token: Token) -> None:
    match token.kind:
        case Kind.AUTHORS:
            paper.n_authors = token.number
        case Kind.DATE:
            paper.dated = paper.dated or token
            paper.n_comments = token.number if token.number is not None else paper.n_comments
        case _:
            _assign_code(paper, token)
    paper.cover(token)


def _assign_code(paper: Paper, token: Token) -> None:
    paper.arxiv_id = paper.arxiv_id or token.paper
    paper.code_url = paper.code_url or token.links_to(CODE_LINK)
    if token.number is not None:
        paper.stars = token.number
    elif token.text.casefold() == "github":
        paper.awaits = Kind.CODE


def _record(
    paper: Paper, page_date: str | None, latest_year: int | None, captured_on: date | None, *, trending: bool
) -> FoundRecord:
    untitled = paper.title in paper.prose
    prose = "\n".join(token.text for token in paper.prose) or None
    summarised = trending and prose is not None and is_one_sentence(prose)
    return FoundRecord(
        line_start=paper.title.line.first,
        line_end=paper.last_line,
        raw_title=None if untitled else " ".join(paper.title.text.split()),
        raw_abstract=None if summarised else prose,
        raw_arxiv_id=paper.arxiv_id,
        n_authors=paper.n_authors,
        printed_date=paper.dated.printed if paper.dated else None,
        page_date=page_date,
        latest_printed_year=latest_year,
        captured_on=captured_on,
        upvotes=paper.upvotes,
        n_comments=paper.n_comments,
        github_stars=paper.stars,
        organisation=paper.organisation,
        url=None if paper.arxiv_id is None else f"{PAPER_ADDRESS}{paper.arxiv_id}",
        code_url=paper.code_url,
        ai_summary=prose if summarised else None,
    )
