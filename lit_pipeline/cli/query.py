"""`lit sql`: ask the published database, read-only."""

from typing import Annotated

import duckdb
import typer

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.terminal import printable, say
from lit_pipeline.publish.database import connect
from lit_pipeline.publish.unpublished import connect_to_stages
from lit_pipeline.publish.versions import note_on_versions
from lit_pipeline.settings import load_settings
from lit_pipeline.storage.warehouse import Warehouse

PROMPT = "lit> "
HINTS = ("Did you mean", "Candidate bindings")
MAX_ROWS = 1000
READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)
"""Kinds of statement that are answered; PIVOT is the one of several steps."""

READ_ONLY = "the database is read-only: one query at a time is answered (SELECT, FROM, DESCRIBE, SHOW, EXPLAIN, ...)"


def sql(
    query: Annotated[str, typer.Argument(help="Query to run; leave it out for a prompt.")] = "",
    stages: Annotated[bool, typer.Option("--stages", help="Ask the tables of the last run, published or not.")] = False,
) -> None:
    """Run one read-only query on the published database, or open a prompt."""
    with open_stages() if stages else open_published() as connection:
        if query.strip():
            say(answer(connection, query))
        else:
            _prompt(connection)


def search(
    words: Annotated[list[str], typer.Argument(help="Words to look for in titles and abstracts.")],
    top: Annotated[int, typer.Option(min=1, max=MAX_ROWS, help="Papers to show.")] = 10,
) -> None:
    """Search the papers' titles and abstracts, best match first (BM25)."""
    query = "select round(score, 2) as score, published_on, paper_id, title from search(?, top := ?)"
    with open_published() as connection:
        say(answer(connection, query, [" ".join(words), top]))


def open_stages() -> duckdb.DuckDBPyConnection:
    """Open the tables of the last run, published or not; nothing that is changed in them is kept."""
    return connect_to_stages(Warehouse(load_settings().warehouse))


def open_published() -> duckdb.DuckDBPyConnection:
    """Open the published database, read-only; where its tables are of another version, say so on standard error.

    Raises:
        CommandError: nothing is published yet, or the database can't be opened.

    """
    warehouse = Warehouse(load_settings().warehouse)
    database = warehouse.database
    if not database.exists():
        raise CommandError(f"there is no database at {database} yet; `make run` makes it")
    try:
        connection = connect(database.resolve(), read_only=True)
    except duckdb.Error as error:
        raise CommandError(f"the database {database} can't be opened: {_first_line(error)}") from error
    note = note_on_versions(warehouse)
    if note:
        say(f"lit: {note}", err=True)
    return connection


def answer(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None) -> str:
    """Result of one query as a table of text, free of control characters.

    Raises:
        CommandError: the query is wrong, or more than one, or does something else than read; one line.

    """
    try:
        statements = connection.extract_statements(query)
        if len(statements) > 1 or any(statement.type not in READING for statement in statements):
            raise CommandError(READ_ONLY)
        relation = connection.sql(query, params=parameters)
        return "" if relation is None else shown(relation)
    except duckdb.Error as error:
        raise CommandError(_first_line(error)) from error


def shown(relation: duckdb.DuckDBPyRelation) -> str:
    """Rows as a table of text, free of control characters."""
    return printable(str(relation))


def _prompt(connection: duckdb.DuckDBPyConnection) -> None:
    """Read queries until end of input; `.tables` lists the tables, `.quit` leaves."""
    say("Queries end with ';'. `.tables` lists the tables, `.quit` leaves.")
    pending = ""
    while True:
        try:
            line = input(PROMPT if not pending else "...> ")
        except EOFError:
            return
        if not pending and line.strip() == ".quit":
            return
        pending = "show tables;" if not pending and line.strip() == ".tables" else f"{pending}\n{line}"
        if pending.rstrip().endswith(";"):
            _try(connection, pending)
            pending = ""


def _try(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    try:
        say(answer(connection, query))
    except CommandError as error:
        say(str(error), err=True)


def _first_line(error: Exception) -> str:
    """What is wrong in one line, with the name that was perhaps meant, fit for a terminal."""
    first, *others = str(error).strip().split("\n") or [type(error).__name__]
    hints = [line.strip() for line in others if line.startswith(HINTS)]
    return printable(" ".join([first, *hints]))
