"""Reader of listing pages of trending papers saved as text: plain, markdown, or with their links listed.

Three steps, each in its own module: lines freed of markup (`page_lines`), what each line is (`page_tokens`), and which
lines make a paper (`page_papers`). What the page prints is kept as printed: dates without a year are resolved in
cleaning, with the day of the heading and the latest year on the page as evidence.

A number behind a date counts comments; one before a title counts upvotes. On trending pages, which show the stars of
the code's repository, a text of one sentence is a machine-written summary, not the abstract: of 1,074 summaries that
the site's API gave 99.8% are one sentence, of 1,889 abstracts none.
"""

import codecs
import re
from collections.abc import Iterator

from lit_pipeline.ingest.content import Content
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.page_lines import page_text
from lit_pipeline.ingest.page_papers import papers_of
from lit_pipeline.ingest.page_tokens import AUTHORS, date_of, tokens_of
from lit_pipeline.ingest.records import FileRejected, FoundRecord, RecordFault

MIN_PAPER_LINKS = 2
MIN_METADATA_BLOCKS = 2
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SITE_WORDS = re.compile(
    r"Get trending papers in your email inbox|by\W{0,3}AK\b.{0,80}and the research community"
    r"|^\W{0,9}(?:Daily|Trending) Papers\W{0,9}$",
    re.DOTALL | re.MULTILINE,
)
PAPER_ADDRESS = re.compile(r"(?:huggingface\.co|hf\.co)/papers/\d{4}\.\d{4,5}")


class ListingPageReader:
    """Reads papers, their counts and their printed dates from a page saved as text."""

    name = "listing_page"
    version = 1

    def recognises(self, head: bytes) -> bool:
        """Whether the text speaks of the site, links to its paper pages, or has its blocks of metadata."""
        text = decoded(head)
        if text.lstrip()[:1] in {"{", "<"}:
            return False
        if SITE_WORDS.search(text) or len(set(PAPER_ADDRESS.findall(text))) >= MIN_PAPER_LINKS:
            return True
        lines = [line.strip(" \t\r•·*-") for line in text.split("\n")]
        dates = sum(date_of(line) is not None for line in lines)
        authors = sum(AUTHORS.fullmatch(line) is not None for line in lines)
        return min(dates, authors) >= MIN_METADATA_BLOCKS

    def read(self, content: Content, limits: Limits) -> Iterator[FoundRecord | RecordFault]:
        """Papers of the page in order; where the bytes are cut, the last one is a fault.

        Raises:
            FileRejected: 'too_large', when there are more lines than `Limits.max_page_lines`.
        """
        whole = content.read_whole()
        text = decoded(whole.data)
        if sum(map(text.count, "\r\n")) > limits.max_page_lines:
            raise FileRejected("too_large", None, f"more than {limits.max_page_lines} lines in a page saved as text")
        page = page_text(text)
        found = papers_of(tokens_of(page.lines), page.captured_on)
        yield from found[:-1] if whole.fault else found
        if whole.fault and found:
            cut = found[-1]
            yield RecordFault(whole.fault.reason, whole.fault.detail, cut.line_start, cut.line_end, cut.raw_title)


def decoded(data: bytes) -> str:
    """Text of a page; bytes that are not UTF-8 stay in it as surrogates, so that only their record is rejected."""
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")
