"""Frames as tables on the console."""

import polars as pl
from rich.table import Table
from rich.text import Text

from lit_pipeline.cli.terminal import printable


def as_table(title: str, frame: pl.DataFrame) -> Table:
    """A frame as a table; texts are shown as they are, not as markup, free of control characters."""
    table = Table(title=title, title_justify="left")
    for name in frame.columns:
        table.add_column(name, overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(Text(_told(value)) for value in row))
    return table


def _told(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else printable(str(value))
