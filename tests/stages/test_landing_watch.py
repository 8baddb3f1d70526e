"""The sensor's cursor: one run for all that came or went, none for files that are still being written."""

import polars as pl

from lit_pipeline.stages.landing import Cursor, next_request, read_cursor, seen, unsettled, write_cursor

SECOND = 1_000_000_000
FILES = pl.DataFrame({"source_file": ["a.txt", "b.txt"], "source_sha256": ["aa", "bb"], "modified_ns": [1, 2]})


def test_new_files_ask_for_one_run() -> None:
    _, request = next_request(Cursor(), FILES)
    assert request is not None
    assert request.n_files == 2


def test_nothing_new_asks_for_nothing() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    assert next_request(cursor, FILES)[1] is None


def test_a_touched_or_renamed_file_asks_for_nothing() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    moved = FILES.with_columns(modified_ns=pl.lit(9), source_file=pl.Series(["c.txt", "d.txt"]))
    assert next_request(cursor, moved)[1] is None


def test_a_removed_file_asks_for_a_run() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    assert next_request(cursor, FILES.head(1))[1] is not None


def test_content_that_comes_back_later_asks_again() -> None:
    first, request_1 = next_request(Cursor(), FILES)
    second, _ = next_request(first, FILES.head(1))
    _, request_3 = next_request(second, FILES)
    assert request_1 is not None
    assert request_3 is not None
    assert request_1.run_key != request_3.run_key


def test_the_order_of_files_does_not_matter() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    assert next_request(cursor, FILES.reverse())[1] is None


def test_an_emptied_landing_zone_asks_for_nothing() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    assert next_request(cursor, FILES.clear())[1] is None


def test_a_cursor_survives_as_text() -> None:
    cursor, _ = next_request(Cursor(), FILES)
    assert read_cursor(write_cursor(cursor)) == cursor


def test_a_cursor_that_can_not_be_read_starts_anew() -> None:
    assert read_cursor("{not json") == Cursor()
    assert read_cursor(None) == Cursor()


def test_files_that_just_changed_are_waited_for() -> None:
    files = FILES.with_columns(modified_ns=pl.Series([100 * SECOND, 95 * SECOND]))
    assert unsettled(Cursor(), files, now_ns=103 * SECOND, settle_seconds=5) == ["a.txt"]


def test_files_that_just_changed_are_waited_for_however_many_ticks_saw_them() -> None:
    files = FILES.with_columns(modified_ns=pl.Series([100 * SECOND, 95 * SECOND]))
    assert unsettled(seen(Cursor(), files), files, now_ns=103 * SECOND, settle_seconds=5) == ["a.txt"]


def test_files_with_a_time_in_the_future_are_waited_for_until_a_tick_finds_them_unchanged() -> None:
    files = FILES.with_columns(modified_ns=pl.lit(500 * SECOND))
    before = seen(Cursor(), files)
    grown = files.with_columns(source_sha256=pl.Series(["aa", "b2"]))
    assert unsettled(Cursor(), files, now_ns=100 * SECOND, settle_seconds=5) == ["a.txt", "b.txt"]
    assert unsettled(before, grown, now_ns=100 * SECOND, settle_seconds=5) == ["a.txt", "b.txt"]
    assert unsettled(before, files, now_ns=100 * SECOND, settle_seconds=5) == []
