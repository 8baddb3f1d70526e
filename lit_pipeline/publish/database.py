"""Builds one DuckDB database from Parquet files: typed tables, primary keys, comments, views."""

import re
from collections.abc import Mapping
from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

_SCALAR_TYPES: dict[type[pl.DataType] | pl.DataType, str] = {
    pl.String: "VARCHAR",
    pl.Enum: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
}

ALONE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
GLOB_CHARACTER = re.compile(r"[*?[]")
"""What `read_parquet` takes for a pattern in a path; in brackets it stands for itself."""

CLOSED = {"enable_external_access": "false", "lock_configuration": "true"}


def duckdb_type(dtype: pl.DataType) -> str:
    """DuckDB's name of a Polars type.

    Raises:
        KeyError: the type is not one that tables use.

    """
    if isinstance(dtype, pl.List):
        return f"{duckdb_type(dtype.inner)}[]"  # type: ignore[arg-type]
    return _SCALAR_TYPES[dtype.base_type()]


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database that can neither load extensions nor fetch anything.

    A read-only connection can't reach files outside the database either.
    """
    return duckdb.connect(str(path), read_only=read_only, config={**ALONE, **(CLOSED if read_only else {})})


def build_database(
    path: Path,
    tables: Mapping[str, type[dy.Schema]],
    parquet: Mapping[str, Path],
    *,
    views: Mapping[str, tuple[str, str]],
    macros: Mapping[str, tuple[str, str]],
) -> None:
    """Write a new database at `path`.

    Args:
        path: file to create; must not exist.
        tables: declared tables by name; they become typed tables with primary keys and comments.
        parquet: Parquet file that holds each table's rows.
        views: description and query of each view by name.
        macros: description and `CREATE MACRO` statement of each table macro by name.

    Raises:
        duckdb.Error: rows break a type, a not-null rule or a key.

    """
    with connect(path) as connection:
        for name, table in tables.items():
            connection.execute(create_table_sql(name, table))
            columns = ", ".join(map(quoted, table.column_names()))
            connection.execute(
                f"insert into {quoted(name)} by name select {columns} from read_parquet(?)",  # noqa: S608 - declared names
                [GLOB_CHARACTER.sub(r"[\g<0>]", str(parquet[name]))],
            )
            for statement in _comments(name, table):
                connection.execute(statement)
        for name, (description, query) in views.items():
            connection.execute(f"create view {quoted(name)} as {query}")
            connection.execute(f"comment on view {quoted(name)} is {literal(description)}")
        for name, (description, statement) in macros.items():
            connection.execute(statement)
            connection.execute(f"comment on macro table {quoted(name)} is {literal(description)}")
        connection.execute("checkpoint")


def create_table_sql(name: str, table: type[dy.Schema]) -> str:
    """`CREATE TABLE` statement of a declared table."""
    lines = [
        f"{quoted(column_name)} {duckdb_type(column.dtype)}{'' if column.nullable else ' not null'}"
        for column_name, column in table.columns().items()
    ]
    if table.primary_key():
        lines.append(f"primary key ({', '.join(map(quoted, table.primary_key()))})")
    return f"create table {quoted(name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _comments(name: str, table: type[dy.Schema]) -> list[str]:
    on_columns = [
        f"comment on column {quoted(name)}.{quoted(column_name)} is {literal(column.description or '')}"
        for column_name, column in table.columns().items()
    ]
    return [f"comment on table {quoted(name)} is {literal(table_description(table))}", *on_columns]


def table_description(table: type[dy.Schema]) -> str:
    """First line of a table's docstring."""
    return (table.__doc__ or "").strip().splitlines()[0]


def quoted(identifier: str) -> str:
    """An SQL identifier in quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
