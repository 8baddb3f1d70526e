"""Days of records: what a listing page prints, the year it leaves out, the day its counts were observed.

A listing page prints the year of a paper only when it is not the year of the capture. A date without a year therefore
belongs to the capture's year, which is at least the latest year printed on the page plus one. A yearless date that
then lies after the page's own day keeps that year all the same: the two can only be reconciled by a guess, and the
date is flagged as inferred. 29 February in a year that has none is no date.
"""

import polars as pl

FORMATS = ("%B %d %Y", "%d %B %Y", "%Y-%m-%d", "%Y/%m/%d")
"""Chrono reads 'Sep' and 'September' alike as %B."""

FOUR_DIGITS = r"(?:^|[^0-9])[0-9]{4}(?:[^0-9]|$)"
TIME_OF_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ].*$"
ORDINAL = r"([0-9])(?:st|nd|rd|th)"


def printed_day(printed: pl.Expr, year: pl.Expr) -> pl.Expr:
    """The day of a date as printed: 'Sep 13, 2024', 'Jul 1', '13 September 2024', '2024-09-13'.

    Args:
        printed: the text.
        year: year of the dates that have none.

    Returns:
        A date; null for a text that is none, or for a day its month does not have.
    """
    spelt = _spelt(printed)
    full = pl.when(has_year(printed)).then(spelt).otherwise(pl.format("{} {}", spelt, year))
    return pl.coalesce(full.str.to_date(form, strict=False) for form in FORMATS)


def has_year(printed: pl.Expr) -> pl.Expr:
    """Whether a date as printed carries its year."""
    return printed.str.contains(FOUR_DIGITS)


def capture_year(latest_printed_year: pl.Expr, captured_on: pl.Expr, file_modified_on: pl.Expr) -> pl.Expr:
    """Year of the capture of a listing page: a lower bound where the page prints years.

    Args:
        latest_printed_year: latest year printed anywhere on the page.
        captured_on: day of the capture, where it is known.
        file_modified_on: day of the file's modification time.
    """
    return pl.coalesce(latest_printed_year + 1, captured_on.dt.year(), file_modified_on.dt.year()).cast(pl.Int64)


def observed_on(metrics: list[pl.Expr], days: list[pl.Expr]) -> pl.Expr:
    """The first of `days` that is known, where any of `metrics` was observed; else null."""
    return pl.when(pl.any_horizontal(metric.is_not_null() for metric in metrics)).then(pl.coalesce(days))


def _spelt(printed: pl.Expr) -> pl.Expr:
    """Words of a date with one space between them, without commas, ordinal endings and time of day."""
    return (
        printed.str.strip_chars()
        .str.replace(TIME_OF_DAY, "${1}")
        .str.replace_all(ORDINAL, "${1}")
        .str.replace_all(r"(?i)\bsept\b", "Sep")
        .str.replace_all(r"[,.\s]+", " ")
        .str.strip_chars()
    )
