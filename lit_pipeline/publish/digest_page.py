"""A digest as a page, in Markdown or HTML. Titles and names are other people's text: all of it is escaped."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import polars as pl

from lit_pipeline.publish.digest import Digest

ARXIV_ID = re.compile(r"[0-9]{4}\.[0-9]{4,5}|[a-z-]{1,20}(\.[A-Z]{2})?/[0-9]{7}")
ARXIV_PAGE = "https://arxiv.org/abs/"
SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
MARKDOWN_MARKS = re.compile(r"[\\`*_\[\]<>~|$&]|(?<=:)//|(?<=www)\.")
"""What means something to Markdown anywhere in a line, the beginnings of addresses included."""

LINE_BEGINNINGS = re.compile(r"^\s*[#+\-=]|^\s*[0-9]{1,9}[.)]")
"""What makes a heading or a list of a line that begins with it."""

SAFE_IN_ADDRESSES = "/:?=%+,;@~"
MAX_Q_VALUE = 0.1
"""Share of false alarms among rising models above which a model is told as unsure."""


@dataclass(frozen=True)
class Link:
    """Text that leads to a page; plain text where the address is none of the web."""

    text: str
    address: str | None


Part = str | Link
Item = Sequence[Part]


@dataclass(frozen=True)
class Section:
    """A heading with its items, and how many there are in all."""

    heading: str
    items: list[Item]
    n_all: int


def markdown_page(digest: Digest, top: int) -> str:
    """The digest as Markdown, at most `top` items a section."""
    lines = [f"# {_title(digest)}", "", _markdown(_basis(digest))]
    for section in sections(digest, top):
        lines += ["", f"## {_heading(section)}", ""]
        lines += [f"- {''.join(map(_markdown_part, item))}" for item in section.items] or ["Nothing new."]
    return "\n".join(lines) + "\n"


def html_page(digest: Digest, top: int) -> str:
    """The digest as one HTML page without scripts or outside content, at most `top` items a section."""
    title = html.escape(_title(digest))
    parts = [f"<h1>{title}</h1>", f"<p>{html.escape(_basis(digest))}</p>"]
    for section in sections(digest, top):
        parts.append(f"<h2>{html.escape(_heading(section))}</h2>")
        items = [f"<li>{''.join(map(_html_part, item))}</li>" for item in section.items]
        parts.append("<ul>\n" + "\n".join(items) + "\n</ul>" if items else "<p>Nothing new.</p>")
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def sections(digest: Digest, top: int) -> Iterator[Section]:
    """The digest's sections in order, each with at most `top` items."""
    of_type = digest.entities.partition_by("type", as_dict=True)
    models, benchmarks = (of_type.get((kind,), digest.entities.clear()) for kind in ("model", "benchmark"))
    tables: tuple[tuple[str, pl.DataFrame, Callable[[dict[str, Any]], Item]], ...] = (
        ("New papers", digest.papers, _paper),
        ("New models", models, _entity),
        ("New benchmarks", benchmarks, _entity),
        ("New best results", digest.records, _record),
        ("Rising models", digest.rising, _rising),
    )
    for heading, frame, item in tables:
        yield Section(heading, [item(row) for row in frame.head(top).iter_rows(named=True)], len(frame))


def _title(digest: Digest) -> str:
    return f"What is new since {digest.since:%Y-%m-%d}"


def _basis(digest: Digest) -> str:
    compared = (
        f"against the snapshot of {digest.since:%Y-%m-%d %H:%M} UTC"
        if digest.by_snapshot
        else f"by the days of the data from {digest.since:%Y-%m-%d} on; no snapshot from before it is kept"
    )
    return f"Published {digest.published_at:%Y-%m-%d %H:%M} UTC, {compared}."


def _heading(section: Section) -> str:
    shown = f"{len(section.items)} of {section.n_all:,}" if section.n_all > len(section.items) else f"{section.n_all}"
    return f"{section.heading} ({shown})"


def _paper(row: dict[str, Any]) -> Item:
    upvotes = f", {row['upvotes']:,} upvotes" if row["upvotes"] is not None else ""
    day = row["featured_on"] or row["published_on"]
    return [Link(row["title"], _address(row)), f", {day}" if day else "", upvotes]


def _entity(row: dict[str, Any]) -> Item:
    if row["paper"]:
        return [row["name"], ", introduced by ", Link(row["paper"], _address(row))]
    return [row["name"], f", named by {_papers(row['n_papers'])}"]


def _record(row: dict[str, Any]) -> Item:
    unit = row["unit"]
    before = f" (before: {_value(row['value_before'], unit)})" if row["value_before"] is not None else ""
    board = f"{row['benchmark']}, {row['metric']}: "
    paper: list[Part] = [", ", Link(row["paper"], _address(row))] if row["paper"] else []
    return [f"{board}{_value(row['value'], unit)} by {row['model']}{before}", *paper]


def _rising(row: dict[str, Any]) -> Item:
    unsure = " (may be chance)" if row["q_value"] > MAX_Q_VALUE else ""
    new = ", new among them" if row["is_new"] else ""
    shares = f"{row['past_share']:.1%} to {row['recent_share']:.1%} of papers"
    return [f"{row['entity']}: from {shares}, {_papers(row['recent_papers'])} lately{new}{unsure}"]


def _papers(n_papers: int) -> str:
    return f"{n_papers:,} paper{'' if n_papers == 1 else 's'}"


def _value(value: float, unit: str | None) -> str:
    told = unit or ""
    return f"{value:g}{told}" if told in {"%", "x"} else f"{value:g} {told}".strip()


def _address(row: dict[str, Any]) -> str | None:
    """Address of a paper's page; None where there is none on the web."""
    if row["arxiv_id"] and ARXIV_ID.fullmatch(row["arxiv_id"]):
        return ARXIV_PAGE + str(row["arxiv_id"])
    return _web_address(row["url"])


def _web_address(url: str | None) -> str | None:
    """An address with every character that means something to Markdown or HTML percent-encoded."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if url is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(url, safe=SAFE_IN_ADDRESSES)


def _plain(text: str) -> str:
    """One line without control characters."""
    return SPACES.sub(" ", text)


def _markdown(text: str) -> str:
    escaped = MARKDOWN_MARKS.sub(r"\\\g<0>", _plain(text))
    return LINE_BEGINNINGS.sub(lambda start: f"{start[0][:-1]}\\{start[0][-1]}", escaped)


def _markdown_part(part: Part) -> str:
    if isinstance(part, str):
        return _markdown(part)
    return f"[{_markdown(part.text)}]({part.address})" if part.address else _markdown(part.text)


def _html_part(part: Part) -> str:
    if isinstance(part, str):
        return html.escape(_plain(part))
    text = html.escape(_plain(part.text))
    return f'<a href="{html.escape(part.address)}">{text}</a>' if part.address else text
