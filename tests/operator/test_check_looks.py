"""Each check shows how to look: a query that finds exactly the rows that break the rule, in the last run's tables."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from lit_pipeline.defs import release
from lit_pipeline.defs.checks import CHECKS, RULES, TableRule, contract_check
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.publish.look import query_for_faults
from lit_pipeline.publish.unpublished import connect_to_stages
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.entities import Mentions
from lit_pipeline.tables.papers import Papers
from lit_pipeline.tables.schema import faults
from tests.operator.conftest import Runs

QUERY = re.compile(r"```sql\n(.+);\n```", re.DOTALL)
Change = Callable[[pl.DataFrame], pl.DataFrame]


def set_to(**values: object) -> Change:
    """Change the first row."""
    first = pl.int_range(pl.len()) == 0
    return lambda frame: frame.with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(pl.col(name)).cast(frame.schema[name]).alias(name)
        for name, value in values.items()
    )


BREAKAGES: list[tuple[str, str, Change]] = [
    ("no_record_lost", "raw_files", set_to(n_records=99)),
    ("no_record_lost", "paper_records", lambda frame: frame.head(1)),
    ("papers_match_their_records", "papers", set_to(n_records=7)),
    ("papers_match_their_records", "papers", lambda frame: frame.head(1)),
    ("papers_match_their_records", "paper_records", set_to(matched_by="title")),
    ("aliases_lead_to_papers", "paper_aliases", lambda _: pl.DataFrame({"old_paper_id": ["x"], "paper_id": ["y"]})),
    ("offsets_give_surfaces", "mentions", set_to(surface="Somethingelse")),
    ("offsets_give_surfaces", "mentions", set_to(paper_id="nowhere")),
    ("mentions_have_entities", "mentions", set_to(entity_id="model:nowhere")),
    ("mentions_have_entities", "entities", lambda frame: frame.head(1)),
    ("results_stand_in_abstracts", "results", set_to(quote="never said")),
    ("results_stand_in_abstracts", "results", set_to(start=0, end=3)),
    ("results_have_entities", "results", set_to(model_id="model:nowhere")),
]


@pytest.fixture
def warehouse(runs: Runs, tmp_path: Path) -> Warehouse:
    """A copy of the stages of a sound run, to be broken."""
    copy = Warehouse(tmp_path)
    shutil.copytree(Warehouse(runs.settings.warehouse).stages, copy.stages)
    return copy


def rows_found(warehouse: Warehouse, query: str) -> int:
    with connect_to_stages(warehouse) as connection:
        return len(connection.sql(query).fetchall())


def rows_that_break(warehouse: Warehouse, rule: TableRule) -> int:
    frames = (pl.scan_parquet(warehouse.stage(table)) for table in rule.tables)
    return len(rule.rule(*frames).collect())


def rewrite(warehouse: Warehouse, table: str, change: Change) -> None:
    path = warehouse.stage(table)
    change(pl.read_parquet(path)).write_parquet(path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_on_sound_tables_a_query_finds_nothing(warehouse: Warehouse, rule: TableRule) -> None:
    assert rows_found(warehouse, rule.query) == 0


@pytest.mark.parametrize(("name", "table", "change"), BREAKAGES)
def test_a_query_finds_what_breaks_the_rule(warehouse: Warehouse, name: str, table: str, change: Change) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    rewrite(warehouse, table, change)
    broken = rows_that_break(warehouse, rule)
    assert broken > 0
    assert rows_found(warehouse, rule.query) == broken


@pytest.mark.parametrize(
    ("change", "n_rows"),
    [
        (set_to(title=None), 1),
        (set_to(n_records=0), 1),
        (lambda frame: pl.concat([frame, frame]), 2),
    ],
    ids=["null", "bound", "key"],
)
def test_a_broken_contract_names_its_rows(warehouse: Warehouse, change: Change, n_rows: int) -> None:
    rewrite(warehouse, "papers", change)
    found = faults(pl.read_parquet(warehouse.stage("papers")), Papers)
    assert found
    assert rows_found(warehouse, query_for_faults("papers", Papers, found)) == n_rows


@pytest.mark.parametrize(
    "fault", ["type|missing", "type|type is String, not Enum", "confidence|something_new", "confidence|max"]
)
def test_a_query_is_there_for_every_kind_of_fault(warehouse: Warehouse, fault: str) -> None:
    rows_found(warehouse, query_for_faults("mentions", Mentions, {fault: 1}))


def test_a_failed_contract_says_what_is_wrong_and_how_to_look(warehouse: Warehouse) -> None:
    rewrite(warehouse, "papers", set_to(title=None))
    bench = Workbench(Settings(raw=warehouse.root, warehouse=warehouse.root))
    check = contract_check("papers", Papers)
    result = check(bench)
    assert isinstance(result, dg.AssetCheckResult)
    assert not result.passed
    assert result.description == "Rows of papers that break a rule: title|nullability: 1."
    query = QUERY.search(str(result.metadata["look"].value))
    assert query is not None
    assert rows_found(warehouse, query[1]) == 1


def test_every_check_tells_how_to_look(runs: Runs) -> None:
    evaluations = runs.results[-1].get_asset_check_evaluations()
    looks = {(check.asset_key.to_user_string(), check.check_name): check.metadata.get("look") for check in evaluations}
    assert len(looks) == len([*CHECKS, *release.CHECKS])
    assert [name for name, look in looks.items() if look is None or not QUERY.search(str(look.value))] == []


def test_the_stages_are_all_that_can_be_reached(warehouse: Warehouse, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    with connect_to_stages(warehouse) as connection:
        for query in (f"select * from read_csv('{secret}')", f"copy papers to '{secret}'", "attach 'x.duckdb'"):
            with pytest.raises(duckdb.Error):
                connection.execute(query)


def test_a_stage_that_can_not_be_read_hides_no_other(warehouse: Warehouse) -> None:
    warehouse.stage("papers").write_bytes(b"broken")
    assert rows_found(warehouse, "select * from paper_records") == 2
