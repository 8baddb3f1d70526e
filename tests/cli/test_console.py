"""The console script: exit codes, one clear line on failure, a read-only prompt."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.query import answer
from lit_pipeline.publish.snapshot import publish
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import empty_frame

LIT = Path(sys.executable).with_name("lit")


def lit(*arguments: str, warehouse: Path, answers: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIT_WAREHOUSE": str(warehouse), **settings}
    return subprocess.run(  # noqa: S603 - our own script
        [LIT, *arguments], capture_output=True, text=True, env=environment, input=answers, check=False
    )


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    folder = tmp_path / "warehouse"
    published = Warehouse(folder)
    published.prepare()
    publish(published, {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}, datetime.now(UTC), 2)
    return folder


def test_a_query_is_answered(warehouse: Path) -> None:
    done = lit("sql", "select count(*) as papers from papers", warehouse=warehouse)
    assert done.returncode == 0
    assert "papers" in done.stdout


def test_a_wrong_query_fails_with_its_reason(warehouse: Path) -> None:
    done = lit("sql", "select * from nowhere", warehouse=warehouse)
    assert done.returncode == 1
    assert "nowhere does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_can_be_written(warehouse: Path) -> None:
    done = lit("sql", "delete from papers", warehouse=warehouse)
    assert done.returncode == 1
    assert "read-only" in done.stderr


def test_without_a_database_the_way_to_one_is_named(tmp_path: Path) -> None:
    done = lit("sql", "select 1", warehouse=tmp_path / "none")
    assert done.returncode == 1
    assert "make run" in done.stderr


def test_a_wrong_setting_is_wrong_usage(tmp_path: Path) -> None:
    done = lit("sql", "select 1", warehouse=tmp_path, LIT_KEEP_SNAPSHOTS="none")
    assert done.returncode == 2
    assert done.stderr.startswith("lit: wrong setting: LIT_KEEP_SNAPSHOTS")


@pytest.mark.parametrize("arguments", [("dance",), ("sql", "a", "b"), ("run", "--fast")])
def test_unknown_words_are_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert lit(*arguments, warehouse=tmp_path).returncode == 2


def test_a_missing_landing_zone_fails_with_one_line(tmp_path: Path) -> None:
    done = lit("run", warehouse=tmp_path / "warehouse", LIT_RAW=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert f"{tmp_path / 'nowhere'} does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_prompt_takes_queries_until_it_is_left(warehouse: Path) -> None:
    done = lit("sql", warehouse=warehouse, answers="select 40\n+ 2 as n;\nselect nothing;\n.tables\n.quit\n")
    assert done.returncode == 0
    assert "42" in done.stdout
    assert "daily_papers" in done.stdout
    assert "nothing" in done.stderr


def test_escape_sequences_in_data_do_not_reach_the_terminal() -> None:
    with duckdb.connect() as connection:
        shown = answer(connection, "select 'a\x1b[31mred' || chr(8238) as title")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "red" in shown


def test_a_wrong_statement_is_a_command_error() -> None:
    with duckdb.connect() as connection, pytest.raises(CommandError, match="selec"):
        answer(connection, "selec 1")


def test_names_in_a_text_are_explained(tmp_path: Path) -> None:
    done = lit("explain", "Llama-3 (8B) on GSM8K: A Small Study", warehouse=tmp_path, COLUMNS="60")
    assert done.returncode == 0
    assert "Llama-3 (8B)  (title)\n    model Llama 3, " in done.stdout
    assert re.search(r"\n        .*known_benchmark [+]\d", done.stdout)
    assert max(map(len, done.stdout.splitlines())) <= 60


def test_a_text_without_names_is_told(tmp_path: Path) -> None:
    assert lit("explain", "Nothing at all", warehouse=tmp_path).stdout == "no names found\n"


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_labels_that_are_missing_are_named(tmp_path: Path, command: str) -> None:
    done = lit(command, "--gold", str(tmp_path / "gold.jsonl"), warehouse=tmp_path)
    assert done.returncode == 1
    assert "gold.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_labels_of_another_shape_are_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"name": 1}\n', encoding="utf-8")
    done = lit("evaluate", "--gold", str(tmp_path / "gold.jsonl"), warehouse=tmp_path)
    assert done.returncode == 1
    assert "can't be used as labels" in done.stderr


def test_names_of_labels_are_shown_unless_they_are_to_stay_unseen(tmp_path: Path) -> None:
    paper = {"id": "h1", "title": "On tides", "abstract": "We use Zorbanette.", "results": [],
             "entities": [{"text": "Zorbanette", "type": "MODEL", "canonical": "Zorbanette"}]}  # fmt: skip
    (tmp_path / "gold.jsonl").write_text(json.dumps(paper), encoding="utf-8")
    shown, unseen = (
        lit(
            "evaluate",
            option,
            "--rules-only",
            "--gold",
            str(tmp_path / "gold.jsonl"),
            warehouse=tmp_path,
            COLUMNS="200",
        )
        for option in ("--errors", "--no-errors")
    )
    assert ("all_strict" in shown.stdout, "all_strict" in unseen.stdout) == (True, True)
    assert ("Commonest errors" in shown.stdout, "Commonest errors" in unseen.stdout) == (True, False)


def test_the_help_names_every_command(tmp_path: Path) -> None:
    done = lit("--help", warehouse=tmp_path)
    assert [
        name
        for name in ("run", "sql", "search", "ui", "evaluate", "train", "explain", "bench")
        if name not in done.stdout
    ] == []
