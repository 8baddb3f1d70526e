"""The whole job over the sample that ships with the project."""

import re
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from lit_pipeline.cli.query import answer
from lit_pipeline.publish.cookbook import with_answers
from lit_pipeline.publish.database import connect
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED


@pytest.fixture
def database(sample_run: dg.ExecuteInProcessResult, sample_settings: Settings) -> duckdb.DuckDBPyConnection:
    assert sample_run.success
    return connect(Warehouse(sample_settings.warehouse).database.resolve(), read_only=True)


def value(database: duckdb.DuckDBPyConnection, query: str) -> object:
    return database.execute(query).fetchall()[0][0]


PROJECT = Path(__file__).resolve().parents[2]
COOKBOOK = PROJECT / "docs" / "queries.md"
README = PROJECT / "README.md"
MAY_BE_EMPTY = {"trending_models", "model_succession"}
"""Tables of what is beyond chance: the sample is too small for some of it."""


@pytest.mark.parametrize("table", sorted(set(PUBLISHED) - MAY_BE_EMPTY))
def test_every_table_has_rows(database: duckdb.DuckDBPyConnection, table: str) -> None:
    assert value(database, f'select count(*) from "{table}"') != 0


def test_every_check_passed(sample_run: dg.ExecuteInProcessResult) -> None:
    failed = [check for check in sample_run.get_asset_check_evaluations() if not check.passed]
    assert failed == []


def test_no_record_is_lost(database: duckdb.DuckDBPyConnection) -> None:
    read = value(database, "select sum(n_records) from raw_files")
    kept = value(database, "select (select count(*) from paper_records) + (select count(*) from rejected_records)")
    assert read == kept


def test_every_row_count_is_seen_in_dagster(sample_run: dg.ExecuteInProcessResult) -> None:
    counts = {
        event.asset_key.to_user_string(): event.materialization.metadata["dagster/row_count"].value
        for event in sample_run.get_asset_materialization_events()
        if event.asset_key and "dagster/row_count" in event.materialization.metadata
    }
    assert set(counts) >= set(PUBLISHED) - {"pipeline_runs"}


def test_look_alikes_stay_apart(database: duckdb.DuckDBPyConnection) -> None:
    titles = database.sql(
        "select title from papers where title in ('Qwen2.5 Technical Report', 'Qwen2.5-1M Technical Report')"
    ).fetchall()
    assert sorted(titles) == [("Qwen2.5 Technical Report",), ("Qwen2.5-1M Technical Report",)]


def test_a_paper_leads_back_to_file_and_line(database: duckdb.DuckDBPyConnection) -> None:
    unplaced = value(
        database,
        "select count(*) from paper_records where line_start is null or line_end < line_start",
    )
    assert unplaced == 0


def test_what_was_not_taken_says_why(database: duckdb.DuckDBPyConnection) -> None:
    assert value(database, "select count(*) from rejected_files where reason <> '' and detail <> ''") == value(
        database, "select count(*) from rejected_files"
    )


def test_the_cookbook_shows_what_the_sample_answers(database: duckdb.DuckDBPyConnection) -> None:
    page = COOKBOOK.read_text(encoding="utf-8")
    fresh = with_answers(page, lambda query: answer(database, query))
    assert page == fresh, "run `make run`, then `lit cookbook docs/queries.md`, and put its output there"


def test_the_readme_shows_what_the_sample_answers(database: duckdb.DuckDBPyConnection) -> None:
    readme = README.read_text(encoding="utf-8")
    shown = re.search(r'^\$ make sql Q="([^"]+)"\n(.+?)\n```', readme, re.DOTALL | re.MULTILINE)
    assert shown is not None
    assert answer(database, shown[1]).strip("\n") == shown[2]
