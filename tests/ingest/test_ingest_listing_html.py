"""Saved HTML of the listing page: its embedded JSON, and its visible markup where that is missing."""

import html
import json
from datetime import date
from typing import Any

import pytest
from ingest_reading import Read  # type: ignore[import-not-found,unused-ignore]


def paper(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"2506.0000{number}",
        "title": f'Geese & "Ponds" {number}',
        "summary": "We let <heads> take turns. It's cheaper.",
        "publishedAt": "2025-06-02T00:00:00.000Z",
        "upvotes": 41,
        "authors": [{"name": "Ada Goose"}],
    } | changes


def hydrated(target: str, props: object) -> str:
    escaped = html.escape(json.dumps(props))
    return f'<div class="SVELTE_HYDRATER contents" data-target="{target}" data-props="{escaped}"></div>'


def page(*parts: str) -> str:
    return (
        "<!doctype html>\n<html>\n<head><title>Daily Papers</title></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>"
    )


CARD = """
<article>
  <a href="/login?next=%2Fpapers%2F2506.0000{n}"><div>41</div></a>
  <h3><a href="/papers/2506.0000{n}">Geese &amp;
     Ponds {n}</a></h3>
  <p>We let heads take turns. It is cheaper.</p>
  <ul><li>7 authors</li></ul>
  <time>Jun 2, 2025</time>
  <a href="/papers/2506.0000{n}#community">3</a>
</article>
"""


def test_embedded_daily_papers_are_read_as_the_api_gives_them(read: Read) -> None:
    entries = [{"paper": paper(n), "publishedAt": "2025-06-02T10:00:00Z", "numComments": 3} for n in (1, 2)]
    reading = read(page(hydrated("DailyPapers", {"date": "2025-06-05T00:00:00.000Z", "dailyPapers": entries})))
    assert reading.source_format == "listing_html"
    assert reading.column("raw_title") == ['Geese & "Ponds" 1', 'Geese & "Ponds" 2']
    assert set(reading.column("raw_abstract")) == {"We let <heads> take turns. It's cheaper."}
    assert set(reading.column("featured_on")) == {date(2025, 6, 5)}
    assert set(reading.column("n_comments")) == {3}


def test_embedded_search_results_are_read(read: Read) -> None:
    reading = read(page(hydrated("SearchResults", {"query": "geese", "results": [paper(1), paper(2)]})))
    assert reading.column("raw_arxiv_id") == ["2506.00001", "2506.00002"]
    assert set(reading.column("featured_on")) == {None}


def test_other_embedded_elements_are_passed_over(read: Read) -> None:
    reading = read(
        page(
            hydrated("MainHeader", {"papers": [paper(9)]}),
            hydrated("DailyPapers", {"dailyPapers": [{"paper": paper(1)}]}),
        )
    )
    assert reading.column("raw_arxiv_id") == ["2506.00001"]


def test_record_knows_the_line_of_its_json(read: Read) -> None:
    text = page("<!-- a line -->", hydrated("DailyPapers", {"dailyPapers": [{"paper": paper(1)}]}))
    line = next(n for n, content in enumerate(text.split("\n"), 1) if "2506.00001" in content)
    assert read(text).column("line_start") == [line]


def test_visible_cards_are_read_where_nothing_is_embedded(read: Read) -> None:
    text = page(CARD.format(n=1), CARD.format(n=2))
    row = read(text).records.row(1, named=True)
    expected = {
        "raw_title": "Geese & Ponds 2",
        "raw_arxiv_id": "2506.00002",
        "raw_abstract": "We let heads take turns. It is cheaper.",
        "n_authors": 7,
        "printed_date": "Jun 2, 2025",
        "upvotes": 41,
        "n_comments": 3,
        "url": "https://huggingface.co/papers/2506.00002",
    }
    assert {name: row[name] for name in expected} == expected
    assert "2506.00002" in text.split("\n")[row["line_start"] - 1]


def test_headings_with_links_are_read_where_there_are_no_cards(read: Read) -> None:
    text = page(
        '<h3><a href="https://huggingface.co/papers/2506.00001">Geese</a></h3>', '<h3><a href="/docs">Docs</a></h3>'
    )
    assert read(text).column("raw_title") == ["Geese"]


@pytest.mark.parametrize("props", ["{broken", "[" * 100_000])
def test_broken_embedded_json_is_rejected_and_the_cards_are_read(read: Read, props: str) -> None:
    broken = f'<div class="SVELTE_HYDRATER" data-target="DailyPapers" data-props="{html.escape(props)}"></div>'
    reading = read(page(broken, CARD.format(n=1)))
    assert reading.rejected.select("position", "reason").rows() == [(0, "broken_json")]
    assert reading.column("raw_arxiv_id") == ["2506.00001"]
    assert reading.column("position") == [1]


def test_trending_card_of_one_sentence_gives_a_summary(read: Read) -> None:
    card = CARD.format(n=1).replace(" It is cheaper.", "") + ""
    code = '<a href="https://github.com/pond/geese">GitHub 1.2k</a></article>'
    row = read(page(card.replace("</article>", code))).records.row(0, named=True)
    assert (row["ai_summary"], row["raw_abstract"]) == ("We let heads take turns.", None)
    assert (row["github_stars"], row["code_url"]) == (1200, "https://github.com/pond/geese")
