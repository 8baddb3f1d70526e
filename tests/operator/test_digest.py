"""The digest: what is new against an earlier snapshot or since a day, with other people's text escaped."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.publish.database import build_database
from lit_pipeline.publish.digest import Digest, digest
from lit_pipeline.publish.digest_page import html_page, markdown_page, sections
from lit_pipeline.publish.snapshot import STAMP_FORMAT
from lit_pipeline.storage.atomic import swap_symlink
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse
from lit_pipeline.tables.entities import Entities
from lit_pipeline.tables.marts import Leaderboard, TrendingModels
from lit_pipeline.tables.papers import PaperAliases, Papers
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import empty_frame

MONDAY = datetime(2025, 9, 22, 6, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
READ = {name: PUBLISHED[name] for name in ("papers", "paper_aliases", "entities", "leaderboard", "trending_models")}
HOSTILE = "<b>bold</b> [x](javascript:alert(1)) `code` | *a* https://evil.example\n# heading"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    folder = Warehouse(tmp_path)
    folder.prepare()
    return folder


def papers(**upvotes: int | None) -> pl.DataFrame:
    return pl.concat(
        [
            empty_frame(Papers),
            *(
                Papers.sample(
                    overrides={
                        "paper_id": [f"title:{name}"],
                        "arxiv_id": [None],
                        "title": [name],
                        "url": [f"https://example.org/{name}"],
                        "upvotes": [n],
                        "published_on": [date(2025, 9, 20)],
                        "featured_on": [None],
                    }
                )
                for name, n in upvotes.items()
            ),
        ]
    )


def entity(name: str, introduced_by: str | None = None, kind: str = "model") -> pl.DataFrame:
    return Entities.sample(
        overrides={
            "entity_id": [f"{kind}:{name}"],
            "type": [kind],
            "name": [name],
            "introduced_by": [introduced_by],
            "first_seen_on": [date(2025, 9, 20)],
            "n_papers": [1],
        }
    )


def best(model: str, value: float, benchmark: str = "MMLU", *, higher_is_better: bool = True) -> pl.DataFrame:
    return Leaderboard.sample(
        overrides={
            "benchmark_id": [f"benchmark:{benchmark}"],
            "benchmark": [benchmark],
            "metric": ["accuracy"],
            "unit": ["%"],
            "rank": [1],
            "model_id": [f"model:{model}"],
            "model": [model],
            "value": [value],
            "higher_is_better": [higher_is_better],
            "reported_on": [date(2025, 9, 20)],
        }
    )


def rising(name: str, q_value: float = 0.01) -> pl.DataFrame:
    return TrendingModels.sample(
        overrides={"entity_id": [f"model:{name}"], "entity": [name], "rank": [1], "q_value": [q_value]}
    )


def put(warehouse: Warehouse, now: datetime, **tables: pl.DataFrame) -> None:
    """Make a snapshot of the tables that a digest reads."""
    folder = warehouse.snapshots / now.strftime(STAMP_FORMAT)
    folder.mkdir()
    paths = {name: folder / f"{name}.parquet" for name in READ}
    for name, path in paths.items():
        tables.get(name, empty_frame(READ[name])).write_parquet(path)
    build_database(folder / DATABASE_NAME, READ, paths, views={}, macros={})
    swap_symlink(warehouse.database, f"{warehouse.snapshots.name}/{folder.name}/{DATABASE_NAME}")


def test_new_papers_are_those_that_were_not_there_most_upvoted_first(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, papers=papers(old=9))
    put(warehouse, TUESDAY, papers=papers(old=9, quiet=1, unseen=None, loud=7))
    new = digest(warehouse, None)
    assert new.by_snapshot
    assert new.since == MONDAY
    assert new.papers["title"].to_list() == ["loud", "quiet", "unseen"]


def test_a_paper_that_got_a_better_id_is_not_new(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, papers=papers(old=9))
    renamed = papers(old=9).with_columns(paper_id=pl.lit("arxiv:2509.00001"))
    alias = PaperAliases.sample(overrides={"old_paper_id": ["title:old"], "paper_id": ["arxiv:2509.00001"]})
    put(warehouse, TUESDAY, papers=renamed, paper_aliases=alias)
    assert digest(warehouse, None).papers.is_empty()


def test_new_names_come_with_the_paper_that_introduced_them(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, papers=papers(old=1), entities=entity("Old"))
    now = pl.concat([entity("Old"), entity("Named"), entity("Novel", "title:old"), entity("Way", kind="method")])
    put(warehouse, TUESDAY, papers=papers(old=1), entities=now)
    assert digest(warehouse, None).entities.select("name", "paper").rows() == [("Novel", "old"), ("Named", None)]


@pytest.mark.parametrize(
    ("before", "now", "higher_is_better", "told"),
    [(60.0, 61.5, True, True), (60.0, 60.0, True, False), (3.0, 2.0, False, True), (2.0, 3.0, False, False)],
)
def test_a_best_result_is_new_where_it_beats_the_one_before(
    warehouse: Warehouse, before: float, now: float, higher_is_better: bool, told: bool
) -> None:
    put(warehouse, MONDAY, leaderboard=best("A", before, higher_is_better=higher_is_better))
    put(warehouse, TUESDAY, leaderboard=best("B", now, higher_is_better=higher_is_better))
    rows = digest(warehouse, None).records.select("model", "value", "value_before").rows()
    assert rows == ([("B", now, before)] if told else [])


def test_a_new_board_is_told_after_the_beaten_ones(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, leaderboard=best("A", 60.0))
    put(warehouse, TUESDAY, leaderboard=pl.concat([best("A", 1.0, "AIME"), best("B", 70.0)]))
    assert digest(warehouse, None).records["benchmark"].to_list() == ["MMLU", "AIME"]


def test_rising_models_say_whether_they_rose_before(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, trending_models=rising("Old"))
    put(
        warehouse,
        TUESDAY,
        trending_models=pl.concat([rising("Old"), rising("New").with_columns(rank=pl.lit(2, dtype=pl.Int64))]),
    )
    assert digest(warehouse, None).rising.select("entity", "is_new").rows() == [("Old", False), ("New", True)]


def test_the_default_is_the_last_publish_of_an_earlier_day(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, papers=papers(a=1))
    put(warehouse, TUESDAY, papers=papers(a=1, b=1))
    put(warehouse, TUESDAY + timedelta(hours=1), papers=papers(a=1, b=1, c=1))
    assert set(digest(warehouse, None).papers["title"]) == {"b", "c"}


def test_on_the_first_day_the_oldest_snapshot_is_compared(warehouse: Warehouse) -> None:
    for hour, names in enumerate(("a", "ab", "abc")):
        put(warehouse, MONDAY + timedelta(hours=hour), papers=papers(**dict.fromkeys(names, 1)))
    assert set(digest(warehouse, None).papers["title"]) == {"b", "c"}


def test_a_day_is_compared_with_the_snapshot_before_it(warehouse: Warehouse) -> None:
    for day, names in enumerate(("a", "ab", "abc")):
        put(warehouse, MONDAY + timedelta(days=day), papers=papers(**dict.fromkeys(names, 1)))
    assert set(digest(warehouse, date(2025, 9, 24)).papers["title"]) == {"c"}
    assert set(digest(warehouse, date(2025, 9, 23)).papers["title"]) == {"b", "c"}


def test_without_an_older_snapshot_the_days_of_the_data_decide(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY, papers=papers(a=1), entities=entity("A"), leaderboard=best("A", 1.0))
    recent, later = digest(warehouse, date(2025, 9, 20)), digest(warehouse, date(2025, 9, 21))
    assert not recent.by_snapshot
    assert [len(frame) for frame in (recent.papers, recent.entities, recent.records)] == [1, 1, 1]
    assert [len(frame) for frame in (later.papers, later.entities, later.records)] == [0, 0, 0]


def test_without_a_database_there_is_nothing_to_tell(warehouse: Warehouse) -> None:
    with pytest.raises(FileNotFoundError):
        digest(warehouse, None)


def hostile(warehouse: Warehouse, url: str = "javascript:alert(1)") -> Digest:
    put(warehouse, MONDAY)
    bad = papers(x=1).with_columns(title=pl.lit(HOSTILE), url=pl.lit(url))
    put(warehouse, TUESDAY, papers=bad, entities=entity("<i>1. N</i>"))
    return digest(warehouse, None)


def test_markdown_holds_other_peoples_text_as_text(warehouse: Warehouse) -> None:
    page = markdown_page(hostile(warehouse), 9)
    (line,) = [line for line in page.splitlines() if "bold" in line]
    assert line.startswith(
        r"- \<b\>bold\</b\> \[x\](javascript:alert(1)) \`code\` \| \*a\* https:\//evil.example # heading"
    )
    assert r"- \<i\>1. N\</i\>" in page


def test_html_holds_other_peoples_text_as_text(warehouse: Warehouse) -> None:
    page = html_page(hostile(warehouse), 9)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "href=" not in page


@pytest.mark.parametrize("text", ["# big", "1. one", "- dash", "+ plus"])
def test_a_title_makes_no_heading_and_no_list(warehouse: Warehouse, text: str) -> None:
    put(warehouse, MONDAY)
    put(warehouse, TUESDAY, entities=entity(text))
    marked = text.replace(".", r"\.") if text[0] == "1" else f"\\{text}"
    assert f"- {marked}, named by 1 paper" in markdown_page(digest(warehouse, None), 9)


def test_an_address_can_not_leave_its_place(warehouse: Warehouse) -> None:
    new = hostile(warehouse, 'https://example.org/a)"><script>[b](c')
    assert "(https://example.org/a%29%22%3E%3Cscript%3E%5Bb%5D%28c)" in markdown_page(new, 9)
    assert 'href="https://example.org/a%29%22%3E%3Cscript%3E%5Bb%5D%28c"' in html_page(new, 9)


def test_a_section_shows_the_top_and_counts_all(warehouse: Warehouse) -> None:
    put(warehouse, MONDAY)
    put(warehouse, TUESDAY, papers=papers(a=3, b=2, c=1))
    new = digest(warehouse, None)
    first = next(sections(new, 2))
    assert (first.heading, len(first.items), first.n_all) == ("New papers", 2, 3)
    assert "## New papers (2 of 3)" in markdown_page(new, 2)
    assert "## New models (0)\n\nNothing new." in markdown_page(new, 2)
