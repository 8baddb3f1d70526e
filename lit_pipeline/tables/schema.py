"""What other parts ask of a table's declaration: its Polars schema, its key, its frame's faults."""

import dataframely as dy
import polars as pl


def polars_schema(table: type[dy.Schema], *, without: tuple[str, ...] = ()) -> pl.Schema:
    """Column names and types of a declared table, in order."""
    return pl.Schema({name: column.dtype for name, column in table.columns().items() if name not in without})


def empty_frame(table: type[dy.Schema]) -> pl.DataFrame:
    """A frame of the table with no rows."""
    return pl.DataFrame(schema=polars_schema(table))


def conform(frame: pl.LazyFrame, table: type[dy.Schema]) -> pl.LazyFrame:
    """Columns of `frame` that the table declares, in its order and of its types.

    Raises:
        polars.exceptions.ColumnNotFoundError: a declared column is missing (when collected).

    """
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def faults(frame: pl.DataFrame, table: type[dy.Schema]) -> dict[str, int]:
    """Rows that break each declared rule: nulls, ranges, duplicate keys; empty where all hold.

    A rule is named `column|rule`, as dataframely names it. Missing columns and wrong types count as one fault each.
    """
    declared = polars_schema(table)
    wrong = {
        f"{name}|{'missing' if name not in frame.schema else f'type is {frame.schema[name]}, not {dtype}'}": 1
        for name, dtype in declared.items()
        if frame.schema.get(name) != dtype
    }
    if wrong:
        return wrong
    _, failure = table.filter(frame)
    return dict(failure.counts())
