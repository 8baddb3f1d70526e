"""The query cookbook asks only what the published database can answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lit_pipeline.marts.views import MACROS, VIEWS
from lit_pipeline.publish.database import create_table_sql
from lit_pipeline.tables.published import PUBLISHED

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
CHANGES = re.findall(r'sql\("""(.*?)"""\)', PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, table in PUBLISHED.items():
            connection.execute(create_table_sql(name, table))
        for name, (_, query) in VIEWS.items():
            connection.execute(f"create view {name} as {query}")
        for _, statement in MACROS.values():
            connection.execute(statement)
        yield connection


def test_every_query_is_followed_by_its_answer() -> None:
    assert len(re.findall(r"^```sql\n[^`]*^```\n\n```text\n", PAGE, re.MULTILINE)) == len(QUERIES)


def test_the_page_answers_at_least_the_ten_questions_asked_first() -> None:
    assert len(re.findall(r"^## ", PAGE, re.MULTILINE)) >= 10


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_runs_on_an_empty_database(database: duckdb.DuckDBPyConnection, query: str) -> None:
    assert database.execute(query).fetchall() == []


@pytest.mark.parametrize("query", [query for query in QUERIES if re.search(r"\blimit\b", query)])
def test_a_query_with_a_limit_has_an_order(query: str) -> None:
    assert "order by" in query


def test_changes_between_two_snapshots() -> None:
    (query,) = CHANGES
    with duckdb.connect() as connection:
        for snapshot, kept in (("older", "'Kept'"), ("newer", "'Renamed'")):
            connection.execute(f"attach ':memory:' as {snapshot}")
            connection.execute(f"create table {snapshot}.entities (entity_id varchar, type varchar, name varchar)")
            connection.execute(f"create table {snapshot}.papers (paper_id varchar, title varchar)")
            connection.execute(f"insert into {snapshot}.papers values ('same', 'Same'), ('kept', {kept})")
        connection.execute("insert into older.papers values ('gone', 'Gone')")
        connection.execute("insert into newer.entities values ('model:new', 'model', 'New')")
        found = connection.execute(query).fetchall()
    assert found == [
        ("added", "model", "model:new", "New"),
        ("changed", "paper", "kept", "Renamed"),
        ("removed", "paper", "gone", "Gone"),
    ]
