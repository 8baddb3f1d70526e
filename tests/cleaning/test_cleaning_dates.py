"""How printed dates are read, and which year the yearless ones get."""

from datetime import date

import polars as pl
import pytest

from lit_pipeline.cleaning.dates import capture_year, has_year, observed_on, printed_day


def read(printed: str | None, year: int = 2025) -> date | None:
    frame = pl.DataFrame({"printed": [printed]}, schema={"printed": pl.String})
    day: date | None = frame.select(printed_day(pl.col("printed"), pl.lit(year))).item()
    return day


@pytest.mark.parametrize(
    "printed",
    [
        "Sep 13, 2024",
        "September 13, 2024",
        "13 Sep 2024",
        "Sept 13 2024",
        "2024-09-13",
        "2024-09-13T08:00:00Z",
        " sep  13th, 2024",
    ],
)
def test_formats_with_a_year(printed: str) -> None:
    assert read(printed) == date(2024, 9, 13)


@pytest.mark.parametrize("printed", ["Jul 1", "July 1", "1 July", "jul 01"])
def test_a_date_without_year_gets_the_year_of_the_capture(printed: str) -> None:
    assert read(printed) == date(2025, 7, 1)


@pytest.mark.parametrize("printed", ["Feb 30, 2024", "Feb 29", "Jul 1 9", "yesterday", "", None, "2024-13-01"])
def test_what_is_no_date_is_null(printed: str | None) -> None:
    assert read(printed) is None


def test_29_february_is_a_day_of_a_leap_year() -> None:
    assert read("Feb 29", 2024) == date(2024, 2, 29)


def test_only_four_digits_are_a_year() -> None:
    frame = pl.DataFrame({"printed": ["Sep 13, 2024", "Sep 13", "2024-09-13"]})
    assert frame.select(has_year(pl.col("printed"))).to_series().to_list() == [True, False, True]


@pytest.mark.parametrize(
    ("latest", "captured", "expected"),
    [(2024, None, 2025), (2024, date(2026, 3, 1), 2025), (None, date(2026, 3, 1), 2026), (None, None, 2023)],
)
def test_capture_year_is_bound_by_printed_years_then_capture_then_file(
    latest: int | None, captured: date | None, expected: int
) -> None:
    frame = pl.DataFrame(
        {"latest": [latest], "captured": [captured], "modified": [date(2023, 5, 5)]},
        schema={"latest": pl.Int64, "captured": pl.Date, "modified": pl.Date},
    )
    assert frame.select(capture_year(pl.col("latest"), pl.col("captured"), pl.col("modified"))).item() == expected


def test_a_day_of_observation_needs_something_observed() -> None:
    frame = pl.DataFrame({"upvotes": [3, None], "day": [date(2024, 1, 2)] * 2})
    days = frame.select(observed_on([pl.col("upvotes")], [pl.col("day")])).to_series().to_list()
    assert days == [date(2024, 1, 2), None]
