"""Listing pages saved as text: every layout people keep them in gives the same papers.

All papers here are made up.
"""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_reading import Read  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.page_lines import page_text
from lit_pipeline.ingest.page_papers import papers_of
from lit_pipeline.ingest.page_tokens import count_of, date_of, reads_as_prose, tokens_of

SITE = "https://huggingface.co"


@dataclass(frozen=True)
class Made:
    """A made-up paper and what a page prints with it."""

    arxiv_id: str
    title: str
    abstract: str
    printed_date: str
    authors: int | None = None
    organisation: str | None = None
    comments: int | None = None
    upvotes: int | None = None

    @property
    def owner(self) -> str:
        """The line between abstract and date."""
        return self.organisation or f"• {self.authors} authors"


PAPERS = (
    Made(
        "2506.00001",
        "GooseFlow: Migrating Attention Heads in Formation",
        "Attention heads of large models waste half of their flight time. We propose GooseFlow, a schedule under which "
        "heads take turns at the front of the formation, so that none of them tires. On PondBench it gains 3.1 points "
        "over a strong baseline at equal cost.",
        "Jun 2, 2025",
        authors=7,
        comments=3,
        upvotes=41,
    ),
    Made(
        "2506.00002",
        "Do Small Models Dream?",
        "Sleep is known to consolidate what was learned by day. In this study a 40M-parameter model is left idle "
        "between two phases of training, and we measure what its hidden states do meanwhile. They drift to simpler "
        "solutions, which explains most of the gain that others report.",
        "May 30",
        organisation="Institute of Restful Computing",
    ),
    Made(
        "2506.00003",
        "bert2goose: Reusing Feathers of Pretrained Encoders for Long and Windy Journeys over Unseen Domains",
        "Reusing the weights of an encoder saves energy. Our method copies feathers one by one and keeps the order in "
        "which they were grown. It reaches 71.4% on PondBench-Hard, 2.2times faster than training anew.",
        "Apr 1, 2024",
        authors=1,
        comments=12,
        upvotes=5,
    ),
)
HEADER = (
    "new",
    "Get trending papers in your email inbox once a day!",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "Daily Papers",
    "byAK and the research community",
    "Daily",
    "Weekly",
    "Monthly",
    "Jun 29",
)
FOOTER = (
    "Previous",
    "Next",
    "System theme",
    "Company",
    "TOS",
    "Privacy",
    "About",
    "Careers",
    "Website",
    "Models",
    "Docs",
)


def wrapped(text: str, width: int = 78) -> str:
    return textwrap.fill(text, width, break_on_hyphens=False)


def with_blank_lines(page: list[str]) -> str:
    return "\n\n".join(page)


def titles_and_abstracts(made: Made) -> list[str]:
    return [made.title, made.abstract]


def bare_blank() -> str:
    return with_blank_lines([*HEADER, *(line for made in PAPERS for line in titles_and_abstracts(made)), *FOOTER])


def bare_glued() -> str:
    lines = [line for made in PAPERS for line in titles_and_abstracts(made)]
    return "\n".join([*HEADER[1:3], "Subscribe" + lines[0], *lines[1:]])


def bare_wrapped() -> str:
    texts = [wrapped(line) for made in PAPERS for line in titles_and_abstracts(made)]
    return with_blank_lines([*HEADER, *texts])


def dated(made: Made) -> str:
    return made.printed_date if made.comments is None else f"{made.printed_date} {made.comments}"


def metadata_blank() -> str:
    blocks = [f"{made.title}\n\n{made.abstract}\n\n  {made.owner}\n·\n{dated(made)}" for made in PAPERS]
    return with_blank_lines([*HEADER, *blocks, *FOOTER])


def metadata_dense() -> str:
    return "\n".join([*HEADER, *(f"{m.title}\n{m.abstract}\n{m.owner}\n·\n{dated(m)}" for m in PAPERS), *FOOTER])


def metadata_in_one_line() -> str:
    return "\n".join([*HEADER, *(f"{m.title}\n{m.abstract}\n{m.owner} · {dated(m)}" for m in PAPERS)])


def metadata_wrapped() -> str:
    blocks = [f"{wrapped(m.title)}\n\n{wrapped(m.abstract)}\n\n{m.owner}\n·\n{dated(m)}" for m in PAPERS]
    return with_blank_lines([*HEADER, *blocks])


def votes_before_titles() -> str:
    blocks = [
        f"{m.upvotes or '-'}\n{m.title}\n{m.abstract}\n{m.owner}\n·\n{m.printed_date}"
        + ("" if m.comments is None else f"\n{m.comments}")
        for m in PAPERS
    ]
    return "\n".join([*HEADER, *blocks])


def markdown_links() -> str:
    blocks = []
    for made in PAPERS:
        paper = f"{SITE}/papers/{made.arxiv_id}"
        owner = (
            f"[![rest](https://cdn/rest.png){made.organisation}]({SITE}/rest)"
            if made.organisation
            else f"[- ![](https://cdn/face.svg)\\\\\n- {made.authors} authors]({paper})"
        )
        comments = "" if made.comments is None else f"[{made.comments}]({paper}#community)"
        blocks.append(
            f"[{made.upvotes or '-'}]({SITE}/login?next=%2Fpapers%2F{made.arxiv_id})\n\n### [{made.title}]({paper})\n\n"
            f"[{made.abstract}]({paper})\n\n{owner}\n\n·\n\n{made.printed_date}{comments}"
        )
    byline = f"## by [AK]({SITE}/akhaliq) and the research community"
    return with_blank_lines(
        [
            f"[Subscribe]({SITE}/login?next=%2Fpapers)",
            "# Daily Papers",
            byline,
            "- Daily\n- Weekly\n- Monthly",
            "Jun 29",
            *blocks,
        ]
    )


def numbered_references() -> str:
    return _numbered(lambda text, mark: f"[{text}][{mark}]", list_of_addresses=True)


def numbered_marks_alone() -> str:
    return _numbered(lambda text, mark: f"[{text}][{mark}]", list_of_addresses=False)


def _numbered(link: Callable[[str, int], str], *, list_of_addresses: bool) -> str:
    addresses: list[str] = []

    def to(text: str, path: str) -> str:
        addresses.append(SITE + path)
        return link(text, len(addresses))

    blocks = []
    for made in PAPERS:
        paper = f"/papers/{made.arxiv_id}"
        votes = to(f"\n{made.upvotes or '-'}\n", f"/login?next=%2Fpapers%2F{made.arxiv_id}")
        title = to(made.title, paper)
        abstract = to(f"\n\n{wrapped(made.abstract, 120)}\n\n", paper)
        owner = (
            to(f"[r] {made.organisation}", "/rest") if made.organisation else to(f"\n* {made.authors} authors\n", paper)
        )
        comments = "" if made.comments is None else " " + to(f" {made.comments}", paper + "#community")
        blocks.append(f"{votes}\n\n### {title}\n\n{abstract}\n{owner}\n·\n{made.printed_date}{comments}")
    page = "\n".join([*HEADER, *blocks])
    if list_of_addresses:
        page += "\n\nReferences\n\n" + "\n".join(f"{n}. {address}" for n, address in enumerate(addresses, 1))
    return page


def text_browser_dump() -> str:
    addresses: list[str] = []

    def mark(path: str) -> str:
        addresses.append(SITE + path)
        return f"[{len(addresses)}]"

    blocks = []
    for made in PAPERS:
        paper = f"/papers/{made.arxiv_id}"
        votes = f"{mark(f'/login?next=%2Fpapers%2F{made.arxiv_id}')}{made.upvotes or '-'}"
        title = wrapped(f"{mark(paper)}{made.title}", 72)
        abstract = wrapped(f"{mark(paper)}{made.abstract}", 72)
        owner = (
            f"{mark('/rest')}{made.organisation}" if made.organisation else f"  * {mark(paper)}{made.authors} authors"
        )
        comments = "" if made.comments is None else f" {mark(paper + '#community')}{made.comments}"
        blocks.append(f"{votes}\n\n{title}\n\n{abstract}\n\n{owner}\n·\n{made.printed_date}{comments}")
    page = textwrap.indent(with_blank_lines([*HEADER, *blocks]), "   ")
    return page + "\n\nReferences\n\n" + "\n".join(f"  {n}. {address}" for n, address in enumerate(addresses, 1))


def link_dump() -> str:
    blocks = []
    for made in PAPERS:
        paper = f"{SITE}/papers/{made.arxiv_id}"
        owner = (
            f" {made.organisation}\n\n{SITE}/rest" if made.organisation else f"[\n\n{made.authors} authors]({paper})"
        )
        comments = "" if made.comments is None else f" \n\n{made.comments}\n\n{paper}#community"
        blocks.append(
            f" [-] {made.upvotes or '-'}\n\n{SITE}/login?next=%2Fpapers%2F{made.arxiv_id}\n\n{made.title}\n\n"
            f"{paper}\n\n{made.abstract}\n\n{paper}\n\n{owner}\n\n·\n\n{made.printed_date}{comments}"
        )
    return with_blank_lines([*HEADER[:-1], f" \n\n{SITE}/papers/date/2025-06-28", HEADER[-1], *blocks, *FOOTER])


BARE = [bare_blank, bare_glued, bare_wrapped]
DATED = [metadata_blank, metadata_dense, metadata_in_one_line, metadata_wrapped]
VOTED = [votes_before_titles, markdown_links, numbered_references, numbered_marks_alone, text_browser_dump, link_dump]
LINKED = [markdown_links, numbered_references, text_browser_dump, link_dump]


@pytest.mark.parametrize("page", [*BARE, *DATED, *VOTED])
def test_every_layout_gives_titles_and_abstracts(read: Read, page: Callable[[], str]) -> None:
    reading = read(page())
    assert reading.source_format == "listing_page"
    assert reading.column("raw_title") == [made.title for made in PAPERS]
    assert [" ".join(str(text).split()) for text in reading.column("raw_abstract")] == [m.abstract for m in PAPERS]
    assert reading.rejected.height == 0


@pytest.mark.parametrize("page", [*DATED, *VOTED])
def test_layouts_with_metadata_give_dates_authors_organisations_and_comments(
    read: Read, page: Callable[[], str]
) -> None:
    reading = read(page())
    assert reading.column("printed_date") == [made.printed_date for made in PAPERS]
    assert reading.column("n_authors") == [made.authors for made in PAPERS]
    assert reading.column("organisation") == [made.organisation for made in PAPERS]
    assert reading.column("n_comments") == [made.comments for made in PAPERS]


@pytest.mark.parametrize("page", VOTED)
def test_number_before_a_title_is_upvotes_and_a_dash_is_none(read: Read, page: Callable[[], str]) -> None:
    assert read(page()).column("upvotes") == [made.upvotes for made in PAPERS]


@pytest.mark.parametrize("page", LINKED)
def test_links_give_arxiv_ids_and_addresses(read: Read, page: Callable[[], str]) -> None:
    reading = read(page())
    assert reading.column("raw_arxiv_id") == [made.arxiv_id for made in PAPERS]
    assert reading.column("url") == [f"{SITE}/papers/{made.arxiv_id}" for made in PAPERS]


@pytest.mark.parametrize("page", [*DATED, *VOTED, bare_blank])
def test_heading_day_is_the_page_date(read: Read, page: Callable[[], str]) -> None:
    assert set(read(page()).column("page_date")) == {"Jun 29"}


def test_latest_printed_year_stands_in_every_record_of_the_page(read: Read) -> None:
    assert read(metadata_blank()).column("latest_printed_year") == [2025, 2025, 2025]


def test_page_without_years_has_no_latest_year(read: Read) -> None:
    assert read(bare_blank()).column("latest_printed_year") == [None, None, None]


def test_lines_reach_from_the_title_to_the_last_line_of_the_record(read: Read) -> None:
    page = metadata_blank()
    lines = page.split("\n")
    reading = read(page)
    for first, last, made in zip(reading.column("line_start"), reading.column("line_end"), PAPERS, strict=True):
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert lines[first - 1] == made.title
        assert lines[last - 1] == dated(made)


def test_lines_are_those_of_the_file_where_they_end_in_carriage_returns(read: Read) -> None:
    page = metadata_blank()
    plain, windows = read(page, name="a"), read(page.replace("\n", "\r\n"), name="b")
    assert windows.column("line_start") == plain.column("line_start")
    assert windows.column("raw_abstract") == plain.column("raw_abstract")


def test_wrapped_title_is_one_title_and_its_lines_are_counted(read: Read) -> None:
    reading = read(metadata_wrapped())
    first = reading.column("line_start")[2]
    assert isinstance(first, int)
    title_lines = metadata_wrapped().split("\n")[first - 1 : first + 1]
    assert " ".join(title_lines) == PAPERS[2].title


def test_line_that_a_heading_was_wrapped_to_belongs_to_the_title(read: Read) -> None:
    header = "# Trending Papers\n\nby AK and the research community"
    page = f"{header}\n\n### GooseFlow: Heads in\n  Formation\n\n{PAPERS[0].abstract}\n"
    assert read(page).column("raw_title") == ["GooseFlow: Heads in Formation"]


def test_two_titles_in_a_row_are_two_papers_the_first_without_abstract(read: Read) -> None:
    first, second, third = PAPERS
    reading = read("\n".join([*HEADER, first.title, first.abstract, second.title, third.title, third.abstract]))
    assert reading.column("raw_title") == [first.title, second.title, third.title]
    assert reading.column("raw_abstract") == [first.abstract, None, third.abstract]


def test_paper_without_abstract_keeps_its_metadata(read: Read) -> None:
    page = "\n\n".join(
        [
            *HEADER,
            "A Title Alone",
            "• 2 authors\n·\nJan 9",
            PAPERS[0].title,
            PAPERS[0].abstract,
            "• 7 authors\n·\nJun 2",
        ]
    )
    reading = read(page)
    assert reading.column("raw_abstract") == [None, PAPERS[0].abstract]
    assert reading.column("n_authors") == [2, 7]


def test_words_of_the_header_in_the_footer_cost_no_paper(read: Read) -> None:
    assert read(metadata_blank() + "\n\nSubscribe\n\nDaily Papers\n\nTrending Papers\n").records.height == 3


def test_preamble_above_the_header_is_no_paper(read: Read) -> None:
    preamble = (
        "# What is this page?\n**Page Title:** Daily Papers of a Pond\nSaved by hand, from a browser, for later.\n\n"
    )
    assert read(preamble + metadata_blank()).column("raw_title") == [made.title for made in PAPERS]


def test_abstract_that_begins_with_a_count_of_authors_is_an_abstract(read: Read) -> None:
    abstract = "12 authors were asked to write about geese. " + PAPERS[0].abstract
    page = "\n\n".join([*HEADER, "Geese", abstract, "• 2 authors\n·\nJan 9"])
    reading = read(page)
    assert (reading.column("raw_abstract"), reading.column("n_authors")) == ([abstract], [2])


def test_short_abstract_before_metadata_is_no_title(read: Read) -> None:
    page = "\n\n".join([*HEADER, "A Title", "An abstract cut short by hand", "• 2 authors\n·\nJan 9"] * 2)
    assert read(page).column("raw_abstract")[0] == "An abstract cut short by hand"


def test_cards_without_abstracts_are_papers(read: Read) -> None:
    cards = [
        f"Submitted by\nsomebody\n{m.upvotes or '-'}\n{m.title}\n· {m.authors or 9} authors\n{m.comments or 1}"
        for m in PAPERS
    ]
    reading = read("\n".join([*HEADER, *cards]))
    assert reading.column("raw_title") == [made.title for made in PAPERS]
    assert reading.column("upvotes") == [41, None, 5]
    assert reading.column("n_comments") == [3, 1, 12]


def test_title_of_one_navigation_word_on_its_last_line_is_kept_whole(read: Read) -> None:
    title = "Flying in Formation with Geese: A Survey of Attention in Large Language\nModels"
    blocks = [f"{title}\n\n{wrapped(PAPERS[0].abstract)}\n\n• 7 authors\n·\nJun 2, 2025"] * 3
    assert set(read("\n\n".join([*HEADER, *blocks, *FOOTER])).column("raw_title")) == {title.replace("\n", " ")}


def trending_page() -> str:
    card = (
        "### {title}\n\nGooseFlow lets attention heads take turns and so gains accuracy at equal cost on long inputs.\n"
        "- 8 authors\n[LINK: GitHub 11.3k](https://github.com/pond/gooseflow)\n"
    )
    cards = [card.format(title=title) for title in ("GooseFlow", "GooseFlow", "PondBench")]
    return "\n".join(["## Trending Papers", "", "## by AK and the research community", "", *cards])


def test_trending_page_gives_summaries_stars_and_code_and_no_abstracts(read: Read) -> None:
    reading = read(trending_page())
    assert reading.column("raw_title") == ["GooseFlow", "GooseFlow", "PondBench"]
    assert set(reading.column("raw_abstract")) == {None}
    assert str(reading.column("ai_summary")[0]).startswith("GooseFlow lets")
    assert set(reading.column("github_stars")) == {11300}
    assert set(reading.column("code_url")) == {"https://github.com/pond/gooseflow"}


def test_trending_page_keeps_an_abstract_of_several_sentences(read: Read) -> None:
    page = trending_page().replace("on long inputs.", "on long inputs. We release it. It works well.")
    reading = read(page)
    assert set(reading.column("ai_summary")) == {None}
    assert None not in reading.column("raw_abstract")


def test_trending_cards_with_votes_behind_the_date_are_read(read: Read) -> None:
    card = (
        "Submitted by\n\nsomebody\n\n### [{m.title}]({site}/papers/{m.arxiv_id})\n\n{m.abstract}\n\n"
        "[[img: rest] Rest Institute]({site}/rest) · Published on Jun 2, 2025\n\n"
        "[Upvote\n\n117]({site}/login?next=%2Fpapers%2F{m.arxiv_id})\n\n"
        "[GitHub 3.29k](https://github.com/pond/goose) [arXiv Page](https://arxiv.org/abs/{m.arxiv_id})\n\n"
    )
    page = "# Trending Papers\n\n## by AK and the research community\n\n" + "".join(
        card.format(m=made, site=SITE) for made in PAPERS for _ in range(2)
    )
    reading = read(page)
    assert reading.column("raw_arxiv_id") == [made.arxiv_id for made in PAPERS for _ in range(2)]
    assert set(reading.column("organisation")) == {"Rest Institute"}
    assert set(reading.column("printed_date")) == {"Jun 2, 2025"}
    assert set(reading.column("upvotes")) == {117}
    assert set(reading.column("github_stars")) == {3290}


def test_day_of_the_capture_comes_from_the_preamble(read: Read) -> None:
    page = f"---\nurl: {SITE}/papers\nretrieved: 2025-06-29\n---\n" + metadata_blank()
    assert set(read(page).column("captured_on")) == {date(2025, 6, 29)}


def test_year_of_the_page_date_comes_from_the_address_of_the_day_before(read: Read) -> None:
    assert set(read(link_dump()).column("captured_on")) == {date(2025, 6, 29)}


def test_undecodable_bytes_reject_only_the_record_they_stand_in(read: Read) -> None:
    page = metadata_blank().encode().replace(b"Sleep is known", b"Sleep \xff is known")
    reading = read(page)
    assert reading.column("raw_title") == [PAPERS[0].title, PAPERS[2].title]
    assert reading.column("position") == [0, 2]
    (fault,) = reading.rejected.to_dicts()
    assert (fault["reason"], fault["position"]) == ("invalid_utf8", 1)
    assert page.split(b"\n")[fault["line_start"] - 1].decode() == PAPERS[1].title


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(read: Read, encoding: str) -> None:
    assert read(metadata_blank().encode(encoding)).records.height == 3


def test_truncated_page_keeps_what_is_there(read: Read) -> None:
    page = metadata_blank()
    reading = read(page[: page.index("keeps the order") if "keeps the order" in page else page.index("one by one")])
    assert reading.column("raw_title") == [made.title for made in PAPERS]
    assert str(reading.column("raw_abstract")[2]).startswith("Reusing the weights")


def test_page_that_begins_in_the_middle_gives_a_record_without_title(read: Read) -> None:
    reading = read("\n".join([*HEADER, PAPERS[0].abstract, PAPERS[1].title, PAPERS[1].abstract]))
    assert reading.column("raw_title") == [None, PAPERS[1].title]
    assert reading.column("raw_abstract") == [PAPERS[0].abstract, PAPERS[1].abstract]


def test_page_without_its_header_is_recognised_by_its_metadata(read: Read) -> None:
    page = metadata_blank().split("Jun 29\n\n", 1)[1]
    assert read(page).column("raw_title") == [made.title for made in PAPERS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan 9", ("Jan 9", None)),
        ("Sep 13, 2024", ("Sep 13, 2024", None)),
        ("Jul 1 9", ("Jul 1", 9)),
        ("Oct 19, 2023 1", ("Oct 19, 2023", 1)),
        ("Oct 19, 20231", ("Oct 19, 2023", 1)),
        ("May 329", ("May 3", 29)),
        ("May 296", (None, None)),
        ("September 8 8", ("Sep 8", 8)),
        ("Published on Oct 16, 2025", ("Oct 16, 2025", None)),
        ("Feb 32", None),
        ("May 0", None),
        ("Mayday 5", None),
        ("May the Best Model Win", None),
    ],
)
def test_printed_date_is_read_without_its_comment_count(
    text: str, expected: tuple[str | None, int | None] | None
) -> None:
    assert date_of(text) == expected


@pytest.mark.parametrize(("text", "count"), [("7", 7), ("1,204", 1204), ("11.3k", 11300), ("2K", 2000), ("-", None)])
def test_printed_counts(text: str, count: int | None) -> None:
    assert count_of(text) == count


@pytest.mark.parametrize(
    "title",
    [
        "When to Train Geese? From a Feathered Perspective!",
        "Reconstruction vs. Generation: Taming a Dilemma of Latent Geese",
        "The goose: the approach for representation of ponds and reeds for semantic similarity search in a wetland",
        "PreGooseGNN for Timing Prediction with Order Preserving Partition: Global Flights, Local Delays, and Cells",
    ],
)
def test_long_and_punctuated_titles_are_no_prose(title: str) -> None:
    assert not reads_as_prose(title)


@pytest.mark.parametrize("made", PAPERS)
def test_abstracts_are_prose(made: Made) -> None:
    assert reads_as_prose(made.abstract)


@given(st.text(alphabet=st.sampled_from("[]()#*-·|\\ \n\tabzA1.!?k,:/h"), max_size=400))
def test_any_text_is_read_without_failing_and_lines_stay_in_the_page(text: str) -> None:
    papers = papers_of(tokens_of(page_text(text).lines), None)
    n_lines = text.count("\n") + 1
    assert all(1 <= (p.line_start or 0) <= (p.line_end or 0) <= n_lines for p in papers)


@pytest.mark.parametrize("mark", ["[", "[[", "\\", "(", "- ", "[a](", "· ", "][1] ", "!["])
def test_hostile_repetition_is_read_in_linear_time(read: Read, mark: str) -> None:
    reading = read(metadata_blank() + "\n\n" + mark * (400_000 // len(mark)))
    assert reading.column("raw_title")[:3] == [made.title for made in PAPERS]
