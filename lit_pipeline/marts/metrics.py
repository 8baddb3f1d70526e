"""Metrics: their names, the direction in which they are better, and values that they can't take.

The packaged table is `extraction/vocabulary/metrics.csv`; a user's `metrics.csv` adds rows or replaces them by name.
"""

from importlib.resources import files
from pathlib import Path

import polars as pl

FILE = "metrics.csv"
COLUMNS = ("name", "aliases", "direction", "unit", "bounded")
DIRECTIONS = ("up", "down")
UNNAMED = "score"
"""Metric of results whose text names none."""


class MetricsError(ValueError):
    """A metrics file can't be used; the message names the file, the line and the reason."""


def load_metrics(user_folder: Path | None = None) -> pl.DataFrame:
    """One row a name or alias: alias (folded), metric (name), higher_is_better, bounded.

    Raises:
        MetricsError: a file has a wrong header or a wrong value.
    """
    packaged = files("lit_pipeline").joinpath(f"extraction/vocabulary/{FILE}")
    rows = [_read(packaged.read_bytes(), FILE)]
    if user_folder is not None and (user_folder / FILE).exists():
        rows.insert(0, _read((user_folder / FILE).read_bytes(), str(user_folder / FILE)))
    return pl.concat(rows).unique("alias", keep="first", maintain_order=True)


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
    numbered = table.with_row_index("line", offset=2)
    wrong = numbered.filter(pl.col("name").is_null() | ~pl.col("direction").is_in(DIRECTIONS).fill_null(value=False))
    if not wrong.is_empty():
        raise MetricsError(f"{name}, line {wrong['line'][0]}: a name and a direction (up or down) are needed")
    aliases = pl.concat_list("name", pl.col("aliases").fill_null("").str.split("|"))
    return (
        table.select(
            aliases.alias("alias"),
            metric="name",
            higher_is_better=pl.col("direction") == "up",
            bounded=pl.col("bounded").fill_null("") == "yes",
        )
        .explode("alias")
        .with_columns(folded(pl.col("alias")))
        .filter(pl.col("alias") != "")
    )
