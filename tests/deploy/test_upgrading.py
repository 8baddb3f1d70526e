"""A warehouse that another version of the code has left: what is older is made anew, what is newer is not lost."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import dataframely as dy
import polars as pl
import pytest

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.query import open_published
from lit_pipeline.cli.run import run as lit_run
from lit_pipeline.defs.assets import publish as publish_asset
from lit_pipeline.defs.build import build_defs
from lit_pipeline.publish.snapshot import list_snapshots, publish, published_frame
from lit_pipeline.publish.versions import note_on_versions, published_by
from lit_pipeline.settings import Settings
from lit_pipeline.stages.landing import MANIFEST, scan_landing_zone
from lit_pipeline.stages.publishing import pipeline_run
from lit_pipeline.stages.stores import MissingRowsError, Stores
from lit_pipeline.storage.segments import KEY
from lit_pipeline.storage.warehouse import DATABASE_NAME, Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.runs import SCHEMA_VERSION, PipelineRuns
from lit_pipeline.tables.schema import empty_frame, polars_schema

OLD_COLUMNS = "-01234567"
"""End of a store's name where it holds the columns of another version."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
FROZEN = Path(__file__).with_name("tables_of_version_1.json")
"""Columns and types of the published tables when version 1 was frozen, by table."""

Rewrite = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture
def settings(landing_zone: Path, tmp_path: Path) -> Settings:
    return Settings(raw=landing_zone, warehouse=tmp_path / "warehouse")


@pytest.fixture
def warehouse(settings: Settings) -> Warehouse:
    return Warehouse(settings.warehouse)


@pytest.fixture
def by_environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings, for commands that read them from the environment."""
    monkeypatch.setenv("LIT_RAW", str(settings.raw))
    monkeypatch.setenv("LIT_WAREHOUSE", str(settings.warehouse))
    monkeypatch.setenv("DAGSTER_HOME", "")


def execute(settings: Settings, assets: list[str] | None = None) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(settings).resolve_job_def("refresh")
        selection = [dg.AssetKey(name) for name in assets] if assets else None
        return job.execute_in_process(
            instance=instance, run_config=QUIET, raise_on_error=False, asset_selection=selection
        )


def tables(warehouse: Warehouse) -> dict[str, pl.DataFrame]:
    return {name: published_frame(warehouse, name) for name in PUBLISHED if name != "pipeline_runs"}


def one_run(schema_version: int) -> pl.DataFrame:
    """A row of `pipeline_runs` that a version of the code has left."""
    values = {pl.Int64: 0, pl.String: "x", pl.Datetime: datetime(2026, 1, 1)}
    schema = polars_schema(PipelineRuns)
    row = {name: values[dtype.base_type()] for name, dtype in schema.items()}
    return pl.DataFrame([row | {"schema_version": schema_version, "code_version": "7.8.9"}], schema=schema)


def publish_version(warehouse: Warehouse, schema_version: int) -> None:
    warehouse.prepare()
    frames = {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}
    publish(warehouse, frames | {"pipeline_runs": one_run(schema_version).lazy()}, datetime.now(UTC), keep=2)


def rewrite(path: Path, change: Rewrite) -> None:
    change(pl.read_parquet(path)).write_parquet(path)


def rewrite_snapshot(warehouse: Warehouse, table: str, change: Rewrite) -> None:
    rewrite(warehouse.database.resolve().parent / f"{table}.parquet", change)


def with_older_columns(warehouse: Warehouse) -> None:
    """Make everything stored look like an older version's: a column less, and one that is no longer."""
    for path in (*warehouse.stages.glob("*.parquet"), *warehouse.segments.rglob("*-*.parquet")):
        rewrite(path, lambda frame: frame.drop(frame.columns[-1]).with_columns(old_column=pl.lit(1)))
    for store in list(warehouse.segments.iterdir()):
        store.rename(store.with_name(store.name.rpartition("-")[0] + OLD_COLUMNS))
    for name in tables(warehouse):
        rewrite_snapshot(warehouse, name, lambda frame: frame.drop(frame.columns[-1]))
    rewrite_snapshot(
        warehouse, "pipeline_runs", lambda frame: frame.with_columns(schema_version=0, old_column=pl.lit(1))
    )


def test_nothing_is_said_of_tables_of_this_version(warehouse: Warehouse) -> None:
    publish_version(warehouse, SCHEMA_VERSION)
    assert note_on_versions(warehouse) is None


def test_nothing_is_said_where_nothing_is_published(warehouse: Warehouse) -> None:
    assert note_on_versions(warehouse) is None


@pytest.mark.parametrize(
    ("schema_version", "advice"),
    [(SCHEMA_VERSION + 1, "columns may be missing here"), (SCHEMA_VERSION - 1, "the next run publishes it anew")],
)
@pytest.mark.usefixtures("by_environment")
def test_who_reads_tables_of_another_version_is_told(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str], schema_version: int, advice: str
) -> None:
    publish_version(warehouse, schema_version)
    with open_published() as connection:
        assert connection.execute("select count(*) from papers").fetchall() == [(0,)]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "lit_pipeline 7.8.9" in told.err
    assert f"version {schema_version})" in told.err
    assert advice in told.err


def test_tables_from_before_versions_were_counted_are_older(warehouse: Warehouse) -> None:
    publish_version(warehouse, SCHEMA_VERSION)
    rewrite_snapshot(warehouse, "pipeline_runs", lambda frame: frame.drop("schema_version"))
    published = published_by(warehouse)
    assert published is not None
    assert published.is_older


@pytest.mark.usefixtures("by_environment")
def test_a_run_does_not_replace_newer_tables(warehouse: Warehouse) -> None:
    publish_version(warehouse, SCHEMA_VERSION + 1)
    with pytest.raises(CommandError, match=r"7\.8\.9.*use that version or a later one") as raised:
        lit_run()
    assert "\n" not in str(raised.value)
    assert len(list_snapshots(warehouse)) == 1


def test_a_run_of_the_daemon_does_not_replace_newer_tables(settings: Settings, warehouse: Warehouse) -> None:
    publish_version(warehouse, SCHEMA_VERSION + 1)
    assert not execute(settings).success
    assert len(list_snapshots(warehouse)) == 1


def test_an_older_warehouse_becomes_what_a_new_one_would_be(settings: Settings, warehouse: Warehouse) -> None:
    assert execute(settings).success
    as_new = tables(warehouse)
    with_older_columns(warehouse)
    assert execute(settings).success
    assert [name for name, table in tables(warehouse).items() if not table.equals(as_new[name])] == []
    runs = published_frame(warehouse, "pipeline_runs").sort("published_at")
    assert runs["schema_version"].to_list() == [0, SCHEMA_VERSION]
    assert [store.name for store in warehouse.segments.iterdir() if store.name.endswith(OLD_COLUMNS)] == []


def test_runs_of_before_have_no_value_in_a_column_that_came_later(
    settings: Settings, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(PipelineRuns):
        """One row a published snapshot."""

        n_new = dy.Int64(nullable=True, description="Came with a later version.")

    publish_version(warehouse, SCHEMA_VERSION)
    monkeypatch.setitem(PUBLISHED, "pipeline_runs", Later)
    monkeypatch.setattr(
        publish_asset, "pipeline_run", lambda *of: pipeline_run(*of).with_columns(n_new=pl.lit(7, pl.Int64))
    )
    assert execute(settings).success
    runs = published_frame(warehouse, "pipeline_runs").sort("published_at")
    assert runs["n_new"].to_list() == [None, 7]


def test_an_asset_alone_does_not_take_what_is_no_longer_stored_for_nothing(
    settings: Settings, warehouse: Warehouse
) -> None:
    assert execute(settings).success
    before = pl.read_parquet(warehouse.stage("mentions"))
    shutil.rmtree(Stores(warehouse).tagged.folder)
    assert not execute(settings, ["entities", "mentions"]).success
    assert pl.read_parquet(warehouse.stage("mentions")).equals(before)
    with pytest.raises(MissingRowsError, match="materialise everything"):
        Stores(warehouse).tagged.scan("spans", pl.DataFrame({KEY: ["a"]}))


def test_a_list_of_files_with_other_columns_is_made_anew(settings: Settings, warehouse: Warehouse) -> None:
    scan_landing_zone(settings.raw, settings.limits, warehouse)
    rewrite(warehouse.stage(MANIFEST), lambda frame: frame.drop("size_bytes"))
    assert len(scan_landing_zone(settings.raw, settings.limits, warehouse).files) == 1


def test_a_snapshot_that_was_copied_can_be_brought_back(
    settings: Settings, warehouse: Warehouse, tmp_path: Path
) -> None:
    publish_version(warehouse, SCHEMA_VERSION)
    snapshot = warehouse.database.resolve().parent
    restored = Warehouse(tmp_path / "restored")
    shutil.copytree(snapshot, restored.snapshots / snapshot.name)
    restored.database.symlink_to(f"snapshots/{snapshot.name}/{DATABASE_NAME}")
    assert execute(settings.model_copy(update={"warehouse": restored.root})).success
    runs = published_frame(restored, "pipeline_runs").sort("published_at")
    assert runs["code_version"].to_list()[0] == "7.8.9"
    assert len(runs) == 2


def test_the_version_rises_when_a_column_goes_or_changes_its_type() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    assert SCHEMA_VERSION == 1, "freeze the tables of the new version here"
    now = declared()
    changed = [
        f"{table}.{column}"
        for table, columns in frozen.items()
        for column, dtype in columns.items()
        if now.get(table, {}).get(column) != dtype
    ]
    assert changed == [], "SCHEMA_VERSION must rise, and docs/upgrading.md must say what changed"


def test_columns_of_runs_that_came_later_may_be_null() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))["pipeline_runs"]
    not_null = [name for name, column in PipelineRuns.columns().items() if name not in frozen and not column.nullable]
    assert not_null == [], "rows of older runs have no value there"


def declared() -> dict[str, dict[str, str]]:
    return {
        name: {column: str(dtype) for column, dtype in polars_schema(table).items()}
        for name, table in PUBLISHED.items()
    }
