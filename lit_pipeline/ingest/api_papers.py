"""A paper as the Daily Papers API describes it, mapped to our columns. Shared by the API and the saved-HTML readers.

The API's dates mean different things:

- `paper.publishedAt` is the day the paper appeared on arXiv -> `published_on`.
- `paper.submittedOnDailyAt` is the day it was featured -> `featured_on`.
- Without that (answers up to early 2025), the outer `publishedAt` is the moment somebody submitted it to the listing.
  The listing of a day opens at 21:30 UTC of the day before: with that shift it gives the day under which the answer was
  fetched for all 800 entries of 54 such days, without it for 631.
- With it (newer answers), the outer `publishedAt` is the arXiv date again, some hours earlier: not used.
- A day that the file itself states for all its entries (`date` of a wrapped answer or a page) comes second.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lit_pipeline.ingest.records import FoundRecord

Json = dict[str, Any]

PAPER_ADDRESS = "https://huggingface.co/papers/"
LISTING_OPENS_BEFORE_MIDNIGHT = timedelta(hours=2, minutes=30)
MAX_COUNT = 2**53


def is_paper_entry(value: object) -> bool:
    """Whether a JSON value describes a paper: an entry with a `paper` in it, or the paper itself."""
    if not isinstance(value, dict):
        return False
    inner = value.get("paper")
    if isinstance(inner, dict):
        return bool(inner.keys() & {"id", "title"})
    return {"id", "title"} <= value.keys() and bool(value.keys() & {"summary", "publishedAt", "upvotes", "abstract"})


def record_of(entry: Json, stated_day: date | None = None) -> FoundRecord:
    """The record of an entry; values of an unexpected type are left out.

    Args:
        entry: what `is_paper_entry` accepts.
        stated_day: day that the file states for all its entries.
    """
    inner = entry.get("paper")
    paper: Json = inner if isinstance(inner, dict) else entry
    arxiv_id = text_in(paper, "id")
    authors = _authors(paper.get("authors"))
    return FoundRecord(
        raw_title=text_in(paper, "title") or text_in(entry, "title"),
        raw_abstract=text_in(paper, "summary") or text_in(entry, "summary") or text_in(paper, "abstract"),
        raw_arxiv_id=arxiv_id,
        authors=authors,
        n_authors=None if authors is None else len(authors),
        published_on=_day(moment_in(paper, "publishedAt")),
        featured_on=_featured_on(paper, entry, stated_day),
        upvotes=count_in(paper, "upvotes"),
        n_comments=_first(count_in(entry, "numComments"), count_in(paper, "numComments")),
        github_stars=count_in(paper, "githubStars"),
        organisation=_organisation(paper) or _organisation(entry),
        url=None if arxiv_id is None else f"{PAPER_ADDRESS}{arxiv_id}",
        code_url=text_in(paper, "githubRepo"),
        ai_summary=text_in(paper, "ai_summary"),
    )


def text_in(source: Json, key: str) -> str | None:
    """A text that is not blank, or None."""
    value = source.get(key)
    return value if isinstance(value, str) and value.strip() else None


def count_in(source: Json, key: str) -> int | None:
    """A count from 0 on, or None."""
    value = source.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_COUNT else None


def moment_in(source: Json, key: str) -> datetime | None:
    """A moment in UTC, or None."""
    value = source.get(key)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _featured_on(paper: Json, entry: Json, stated_day: date | None) -> date | None:
    featured = moment_in(paper, "submittedOnDailyAt")
    if featured is not None:
        return featured.date()
    if stated_day is not None:
        return stated_day
    submitted, published = moment_in(entry, "publishedAt"), moment_in(paper, "publishedAt")
    if entry is paper or submitted is None or (published is not None and submitted <= published):
        return None
    try:
        return (submitted + LISTING_OPENS_BEFORE_MIDNIGHT).date()
    except OverflowError:
        return None


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _authors(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    names = [_author(author) for author in value]
    return [name for name in names if name] or None


def _author(value: object) -> str | None:
    if isinstance(value, dict):
        return text_in(value, "name")
    return value.strip() if isinstance(value, str) else None


def _organisation(source: Json) -> str | None:
    value = source.get("organization")
    if not isinstance(value, dict):
        return None
    return text_in(value, "fullname") or text_in(value, "name")
