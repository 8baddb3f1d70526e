"""Publishing swaps whole snapshots under readers."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from lit_pipeline.marts.views import VIEWS
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import list_snapshots, publish, published_frame
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import empty_frame

NOON = datetime(2025, 9, 20, 12, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.prepare()
    return warehouse


def frames(aliases: dict[str, str]) -> dict[str, pl.LazyFrame]:
    tables = {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}
    tables["paper_aliases"] = pl.LazyFrame({"old_paper_id": list(aliases), "paper_id": list(aliases.values())})
    return tables


def aliases_in(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.sql("select * from paper_aliases order by all").fetchall()


def test_every_table_and_view_is_there_with_a_comment(warehouse: Warehouse) -> None:
    publish(warehouse, frames({}), NOON, keep=3)
    with connect(warehouse.database, read_only=True) as connection:
        tables = connection.sql("select table_name from duckdb_tables() where comment <> ''").fetchall()
        views = connection.sql("select view_name from duckdb_views() where not internal and comment <> ''").fetchall()
        silent = connection.sql(
            "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal "
            f"and table_name in {tuple(PUBLISHED)} and coalesce(comment, '') = ''"
        ).fetchall()
    assert {name for (name,) in tables} == set(PUBLISHED)
    assert {name for (name,) in views} == set(VIEWS)
    assert silent == []


def test_a_folder_may_be_called_like_a_pattern(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "data [1] * {a,b} 'x'")
    warehouse.prepare()
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=3)
    with connect(warehouse.database, read_only=True) as connection:
        assert aliases_in(connection) == [("title:a", "arxiv:1")]
    assert published_frame(warehouse, "paper_aliases").rows() == [("title:a", "arxiv:1")]


def test_keys_are_primary_keys(warehouse: Warehouse) -> None:
    publish(warehouse, frames({}), NOON, keep=3)
    with connect(warehouse.database, read_only=True) as connection:
        keys = connection.sql(
            "select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    assert dict(keys) == {name: table.primary_key() for name, table in PUBLISHED.items()}


def test_the_same_tables_lie_beside_it_as_parquet(warehouse: Warehouse) -> None:
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=3)
    folder = warehouse.database.resolve().parent
    assert {path.stem for path in folder.glob("*.parquet")} == set(PUBLISHED)
    assert published_frame(warehouse, "paper_aliases")["paper_id"].to_list() == ["arxiv:1"]


def test_an_open_reader_keeps_its_snapshot(warehouse: Warehouse) -> None:
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=1)
    with connect(warehouse.database.resolve(), read_only=True) as reader:
        publish(warehouse, frames({"title:b": "arxiv:2"}), NOON + timedelta(days=1), keep=1)
        assert aliases_in(reader) == [("title:a", "arxiv:1")]
    with connect(warehouse.database, read_only=True) as reader:
        assert aliases_in(reader) == [("title:b", "arxiv:2")]


def test_rows_that_break_a_key_publish_nothing(warehouse: Warehouse) -> None:
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=3)
    twice = frames({})
    twice["paper_aliases"] = pl.LazyFrame({"old_paper_id": ["x", "x"], "paper_id": ["y", "y"]})
    with pytest.raises(duckdb.ConstraintException):
        publish(warehouse, twice, NOON + timedelta(days=1), keep=3)
    assert len(list_snapshots(warehouse)) == 1
    with connect(warehouse.database, read_only=True) as reader:
        assert aliases_in(reader) == [("title:a", "arxiv:1")]


def test_the_last_snapshots_are_kept(warehouse: Warehouse) -> None:
    for day in range(4):
        publish(warehouse, frames({}), NOON + timedelta(days=day), keep=2)
    kept = [path.name[:8] for path in list_snapshots(warehouse)]
    assert kept == ["20250922", "20250923"]


def test_a_snapshot_that_can_not_be_finished_leaves_nothing(warehouse: Warehouse) -> None:
    twice = frames({}) | {"paper_aliases": pl.LazyFrame({"old_paper_id": ["x", "x"], "paper_id": ["y", "y"]})}
    with pytest.raises(duckdb.ConstraintException):
        publish(warehouse, twice, NOON, keep=2)
    assert list(warehouse.snapshots.iterdir()) == []


def test_a_clock_set_back_keeps_snapshots_in_the_order_of_publishing(warehouse: Warehouse) -> None:
    published = [
        publish(warehouse, frames({"title:a": f"arxiv:{n}"}), NOON - timedelta(days=n), keep=2).parent for n in range(4)
    ]
    assert published == sorted(set(published))
    assert list_snapshots(warehouse) == published[-2:]
    assert warehouse.database.resolve().parent == published[-1]


def test_two_snapshots_of_one_moment_have_names_of_their_own(warehouse: Warehouse) -> None:
    assert publish(warehouse, frames({}), NOON, keep=3) != publish(warehouse, frames({}), NOON, keep=3)


def test_a_folder_of_another_name_is_no_snapshot(warehouse: Warehouse) -> None:
    own = warehouse.snapshots / "kept-by-hand"
    own.mkdir()
    for day in range(3):
        publish(warehouse, frames({}), NOON + timedelta(days=day), keep=1)
    assert own.is_dir()
    assert len(list_snapshots(warehouse)) == 1


@pytest.mark.parametrize("damage", ["missing", "no Parquet", "other values", "no link"])
def test_a_table_that_is_damaged_is_read_from_the_snapshot_before(warehouse: Warehouse, damage: str) -> None:
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=2)
    publish(warehouse, frames({"title:b": "arxiv:2"}), NOON + timedelta(days=1), keep=2)
    path = warehouse.database.resolve().parent / "paper_aliases.parquet"
    if damage == "missing":
        path.unlink()
    elif damage == "no Parquet":
        path.write_bytes(path.read_bytes()[:40])
    elif damage == "other values":
        pl.read_parquet(path).with_columns(paper_id=pl.lit("arxiv:9")).write_parquet(path)
    else:
        shutil.rmtree(path.parent)
    assert published_frame(warehouse, "paper_aliases")["paper_id"].to_list() == ["arxiv:1"]


def test_nothing_published_gives_an_empty_frame(warehouse: Warehouse) -> None:
    assert published_frame(warehouse, "papers").is_empty()


def test_readers_can_neither_write_nor_reach_files(warehouse: Warehouse, tmp_path: Path) -> None:
    publish(warehouse, frames({}), NOON, keep=2)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    with connect(warehouse.database, read_only=True) as reader:
        with pytest.raises(duckdb.Error):
            reader.execute("create table t (a int)")
        with pytest.raises(duckdb.PermissionException):
            reader.sql(f"select * from read_csv('{secret}')")
        with pytest.raises(duckdb.Error):
            reader.execute("set enable_external_access = true")


def test_a_snapshot_of_an_older_version_is_read_as_declared_today(warehouse: Warehouse) -> None:
    publish(warehouse, frames({"title:a": "arxiv:1"}), NOON, keep=2)
    path = warehouse.database.resolve().parent / "paper_aliases.parquet"
    pl.read_parquet(path).drop("paper_id").with_columns(gone=pl.lit(1)).write_parquet(path)
    assert published_frame(warehouse, "paper_aliases").rows() == [("title:a", None)]
