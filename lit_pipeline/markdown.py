"""Frames as Markdown, for pages and for the Dagster UI."""

import polars as pl

MANY = 100
"""Numbers from here on are shown without decimals: three digits say enough."""


def as_markdown(frame: pl.DataFrame) -> str:
    """A frame as a Markdown table; numbers with three significant digits or thousands separated."""
    lines = [" | ".join(frame.columns), " | ".join("---" for _ in frame.columns)]
    lines += [" | ".join(_told(value) for value in row) for row in frame.iter_rows()]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= MANY else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
