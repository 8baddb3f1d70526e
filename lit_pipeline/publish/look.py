"""Queries that show what broke a table's declaration, to be pasted at a prompt."""

from collections.abc import Mapping

import dataframely as dy

from lit_pipeline.publish.database import quoted

BOUNDS = {"min": "<", "max": ">"}
"""Rules on a bound, with the comparison that finds what breaks them."""


def query_for_faults(name: str, table: type[dy.Schema], faults: Mapping[str, int]) -> str:
    """Query that shows the rows that break the most broken rule; all rows where none is broken.

    Args:
        name: name of the table.
        table: its declaration.
        faults: rows that break each rule, as `tables.schema.faults` gives them.

    """
    if not faults:
        return f"select * from {quoted(name)}"  # noqa: S608 - declared names
    worst = max(faults, key=lambda fault: (faults[fault], fault))
    if worst == "primary_key":
        keys = ", ".join(map(quoted, table.primary_key()))
        return f"select {keys}, count(*) as n_rows from {quoted(name)} group by all having count(*) > 1"  # noqa: S608
    column, _, rule = worst.partition("|")
    return _of_column(name, table, column, rule)


def _of_column(name: str, table: type[dy.Schema], column: str, rule: str) -> str:
    if rule == "nullability":
        return f"select * from {quoted(name)} where {quoted(column)} is null"  # noqa: S608
    if rule in BOUNDS:
        bound = getattr(table.columns()[column], rule)
        return f"select * from {quoted(name)} where {quoted(column)} {BOUNDS[rule]} {bound}"  # noqa: S608
    if rule == "missing" or rule.startswith("type is"):
        return f"describe {quoted(name)}"
    return f"select {quoted(column)}, count(*) as n_rows from {quoted(name)} group by all"  # noqa: S608
