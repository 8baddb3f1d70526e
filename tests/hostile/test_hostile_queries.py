"""What people type and what they see: queries only read, and no text from elsewhere commands a terminal or a page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import duckdb
import polars as pl
import pytest
from rich.console import Console

from lit_pipeline.cli import query
from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.query import answer
from lit_pipeline.cli.tables import as_table
from lit_pipeline.cli.terminal import printable
from lit_pipeline.defs.assets.ingest import counts
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.snapshot import publish
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.published import PUBLISHED
from lit_pipeline.tables.schema import empty_frame

OBEYED = "\x1b[31m\x1b]8;;http://a\x07\x9b\r\x08\x00\u202e\u2066\u200f\u061c\u2028\ufeff\U000e0041\x7f"
FORBIDDEN = (
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from read_parquet('papers.parquet')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from glob('/*')",
    "select * from '/etc/passwd'",
    "select * from parquet_metadata('papers.parquet')",
    "select getenv('HOME')",
    "copy papers to 'out.csv'",
    "explain analyze copy papers to 'out.csv'",
    "export database 'out'",
    "import database 'out'",
    "attach 'other.duckdb'",
    "detach lit",
    "install httpfs",
    "load httpfs",
    "set threads = 1",
    "reset threads",
    "set enable_external_access = true",
    "pragma database_list",
    "pragma enable_profiling",
    "call pragma_version()",
    "use memory",
    "begin",
    "checkpoint",
    "vacuum",
    "prepare a as select 1",
    "create secret (type s3)",
    "create temp table a as select 1",
    "create or replace macro search(a) as table select 1",
    "insert into papers (paper_id) values ('a')",
    "update papers set title = 'a'",
    "delete from papers",
    "drop table papers",
    "select 1; select 2",
    "select 1; drop table papers",
)
ANSWERED = (
    "select 1 as n",
    "from papers",
    "with a as (select 1) select * from a",
    "describe papers",
    "show tables",
    "summarize papers",
    "explain select 1",
    "pivot papers on n_authors using count(*)",
    "select * from search('llama')",
    "select 'a;b' as n;",
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = Warehouse(tmp_path_factory.mktemp("warehouse"))
    warehouse.prepare()
    return publish(
        warehouse, {name: empty_frame(table).lazy() for name, table in PUBLISHED.items()}, datetime.now(UTC), 1
    )


@pytest.fixture
def published(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    monkeypatch.chdir(database.parent)
    with connect(database, read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_query_that_does_more_than_read_the_database_fails_in_a_line(
    published: duckdb.DuckDBPyConnection, database: Path, statement: str
) -> None:
    before = sorted(database.parent.iterdir())
    with pytest.raises(CommandError) as caught:
        answer(published, statement)
    assert str(caught.value).isprintable()
    assert sorted(database.parent.iterdir()) == before
    assert answer(published, "select 1")


@pytest.mark.parametrize("statement", ANSWERED)
def test_query_that_reads_is_answered(published: duckdb.DuckDBPyConnection, statement: str) -> None:
    assert answer(published, statement)


@pytest.mark.parametrize("statement", ["", ";", "-- nothing"])
def test_query_of_nothing_is_answered_with_nothing(published: duckdb.DuckDBPyConnection, statement: str) -> None:
    assert answer(published, statement) == ""


def test_text_in_an_error_commands_no_terminal(published: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(CommandError) as caught:
        answer(published, f"select cast('a{OBEYED.replace(chr(0), '')}\nb' as int)")
    assert printable(str(caught.value)) == str(caught.value)
    assert "\n" not in str(caught.value)


def test_cells_and_column_names_command_no_terminal(published: duckdb.DuckDBPyConnection) -> None:
    shown = answer(
        published, "select chr(27) || '[31m' || chr(8238) || chr(155) as \"a\x1b[2J\", chr(10) || chr(13) as b"
    )
    assert printable(shown) == shown


@pytest.mark.parametrize("mark", [*re.sub(r"[ -~]", "", OBEYED), "\x1b", "\ud800"])
def test_what_a_terminal_obeys_is_made_visible(mark: str) -> None:
    assert printable(f"a{mark}b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("text", ["a\tb\nc", "Tülu 3", "中文", "🦙", "می\u200cخواهم", "👩\u200d🔬"])
def test_what_people_read_stays(text: str) -> None:
    assert printable(text) == text


def test_tables_on_the_console_are_neither_markup_nor_commands() -> None:
    console = Console(width=200, record=True, force_terminal=True, no_color=True)
    with console.capture() as capture:
        console.print(as_table("Names", pl.DataFrame({"surface": [f"[bold red]a[/] [link=http://a]b {OBEYED}"]})))
    told = re.sub(r"\x1b\[[0-9;]*m", "", capture.get())
    assert "[bold red]a[/] [link=http://a]b" in told
    assert printable(told) == told


def test_error_line_of_any_command_commands_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise CommandError(f"step failed: {OBEYED}")

    main = import_module("lit_pipeline.cli.main")
    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit):
        main.main()
    told = capsys.readouterr().err
    assert printable(told) == told


def test_words_to_search_for_are_no_sql(
    published: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(query, "open_published", lambda: published)
    query.search(["'); drop table papers; --", "$1", "\x1b[31m"], top=5)
    assert printable(told := capsys.readouterr().out) == told


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a|b", "[a](javascript:b)", "a\n\n# b", "`a`", "https://a.b", f"a{OBEYED}b"]
)
def test_names_in_markdown_are_neither_markup_nor_html_nor_links(name: str) -> None:
    text = counts(pl.DataFrame({"reason": [name]}), "reason").md_str
    assert text is not None
    (row,) = text.split("\n")[2:]
    cell = row.removeprefix("| ").removesuffix(" | 1 |")
    assert "<" not in cell
    assert re.search(r"(?<!\\)[|`\[\]():#]", cell) is None
    assert cell.isprintable()
