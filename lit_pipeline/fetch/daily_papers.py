"""Source: the Daily Papers API, one request a day of papers."""

from collections.abc import Iterator
from datetime import date

import orjson

from lit_pipeline.fetch.days import Page
from lit_pipeline.fetch.http import Fetcher, FetchError

MAX_PAPERS = 100
"""Papers asked for at once; the API gives no more."""


def daily_papers(base_url: str, fetcher: Fetcher, day: date) -> Iterator[Page]:
    """The papers featured on a day, as the API gives them: a JSON list of objects with `paper`.

    Raises:
        FetchError: the API can't be reached or answers something else.

    """
    url = f"{base_url.rstrip('/')}/api/daily_papers"
    body = fetcher.get(url, {"date": day.isoformat(), "limit": str(MAX_PAPERS)})
    try:
        papers = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FetchError(f"{url} answered something that is not JSON for {day}: {error}") from error
    if not isinstance(papers, list) or not all(isinstance(item, dict) and "paper" in item for item in papers):
        raise FetchError(f"{url} answered JSON that is no list of papers for {day}")
    yield Page(body, len(papers))
