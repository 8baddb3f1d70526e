"""Metrics: their names, units, the direction in which they are better, and values that they can't take.

The packaged table is `extraction/vocabulary/metrics.csv`; a user's `metrics.csv` adds rows or replaces them by alias.
"""

from importlib.resources import files
from pathlib import Path

import polars as pl

FILE = "metrics.csv"
COLUMNS = ("name", "aliases", "direction", "unit", "bounded")
DIRECTIONS = ("up", "down")
UNITS = ("%", "")
BOUNDED = ("yes", "")
UNNAMED = "score"
"""Metric of results whose text names none, or no more than this word."""


class MetricsError(ValueError):
    """A metrics file can't be used; the message names the file, the line and the reason."""


def load_metrics(user_folder: Path | None = None) -> pl.DataFrame:
    """Read the packaged table and, before it, the user's.

    Returns:
        One row an alias: alias (folded), metric (name), metric_unit ('%' or ''), higher_is_better, bounded (no
        percentage over 100). Words that mean no more than 'score' have this name, and null in all that follows.

    Raises:
        MetricsError: a file has a wrong header or a wrong value.

    """
    packaged = files("lit_pipeline").joinpath(f"extraction/vocabulary/{FILE}")
    tables = [_read(packaged.read_bytes(), FILE)]
    if user_folder is not None and (user_folder / FILE).is_file():
        tables.insert(0, _read((user_folder / FILE).read_bytes(), str(user_folder / FILE)))
    metrics = pl.concat(tables).unique("alias", keep="first", maintain_order=True)
    means_no_more = pl.col("metric").is_in(metrics.filter(alias=UNNAMED)["metric"].implode())
    return metrics.with_columns(
        pl.when(means_no_more).then(pl.lit(UNNAMED)).otherwise("metric").alias("metric"),
        pl.when(~means_no_more).then(pl.col("metric_unit", "higher_is_better", "bounded")),
    )


def folded(column: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits alone, with the signs that tell metrics apart (`@`, `+`)."""
    return column.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}@+]", "")


def _read(content: bytes, name: str) -> pl.DataFrame:
    try:
        table = pl.read_csv(content, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise MetricsError(f"{name} is no CSV table: {str(error).splitlines()[0]}") from error
    if tuple(table.columns) != COLUMNS:
        raise MetricsError(f"{name}, line 1: the columns are {', '.join(table.columns)}, not {', '.join(COLUMNS)}")
    table = table.fill_null("")
    _refuse_wrong_rows(table, name)
    return (
        table.select(
            pl.concat_list("name", pl.col("aliases").str.split("|")).alias("alias"),
            metric="name",
            metric_unit="unit",
            higher_is_better=pl.col("direction") == "up",
            bounded=pl.col("bounded") == "yes",
        )
        .explode("alias")
        .with_columns(folded(pl.col("alias")))
        .filter(pl.col("alias") != "")
    )


def _refuse_wrong_rows(table: pl.DataFrame, name: str) -> None:
    allowed = {"direction": DIRECTIONS, "unit": UNITS, "bounded": BOUNDED}
    reasons = [
        pl.when(~pl.col(column).is_in(values)).then(pl.lit(f"{column} is none of {', '.join(map(repr, values))}"))
        for column, values in allowed.items()
    ]
    no_name = pl.when(pl.col("name") == "").then(pl.lit("the name is missing"))
    wrong = table.select(reason=pl.coalesce(no_name, *reasons)).with_row_index("line", offset=2).drop_nulls("reason")
    if not wrong.is_empty():
        line, reason = wrong.row(0)
        raise MetricsError(f"{name}, line {line}: {reason}")
