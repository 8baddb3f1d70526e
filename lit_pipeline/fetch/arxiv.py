"""Source: new arXiv papers of some categories, through arXiv's API (Atom), a page at a time."""

from collections.abc import Iterator, Sequence
from datetime import date

from lxml import etree

from lit_pipeline.fetch.days import Page
from lit_pipeline.fetch.http import Fetcher, FetchError

PAGE_SIZE = 200
"""Entries a request; arXiv asks for no more than a few hundred."""

MAX_PAGES = 50
"""Pages after which a day counts as a fault of the API: no day has 10,000 new papers."""

ATOM = "{http://www.w3.org/2005/Atom}"


def new_papers(base_url: str, categories: Sequence[str], fetcher: Fetcher, day: date) -> Iterator[Page]:
    """The papers first submitted on a day (UTC) in any of the categories.

    Raises:
        FetchError: the API can't be reached or answers something else.

    """
    url = f"{base_url.rstrip('/')}/api/query"
    any_category = " OR ".join(f"cat:{category}" for category in categories)
    query = f"({any_category}) AND submittedDate:[{day:%Y%m%d}0000 TO {day:%Y%m%d}2359]"
    for number in range(MAX_PAGES):
        body = fetcher.get(
            url,
            {
                "search_query": query,
                "start": str(number * PAGE_SIZE),
                "max_results": str(PAGE_SIZE),
                "sortBy": "submittedDate",
                "sortOrder": "ascending",
            },
        )
        n_papers = _count_entries(body, url, day)
        yield Page(body, n_papers)
        if n_papers < PAGE_SIZE:
            return
    raise FetchError(f"{url} goes on after {MAX_PAGES} pages for {day}")


def _count_entries(body: bytes, url: str, day: date) -> int:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        feed = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(f"{url} answered something that is not XML for {day}: {error}") from error
    if feed.tag != f"{ATOM}feed":
        raise FetchError(f"{url} answered XML that is no feed for {day}")
    return len(feed.findall(f"{ATOM}entry"))
