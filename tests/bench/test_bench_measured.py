"""What one measurement takes in, and what it leaves out."""

import os
from functools import partial

import pytest

from lit_pipeline.bench.measured import Stopwatch, in_own_process, measured_or_noted
from lit_pipeline.bench.words import spelled


def test_a_task_runs_in_a_process_of_its_own() -> None:
    assert in_own_process(os.getpid) != os.getpid()


def test_a_task_without_a_missing_library_gives_its_row() -> None:
    row = measured_or_noted("json", "json", partial(dict[str, object], seconds=1.0))
    assert row == {"seconds": 1.0}


def test_a_missing_library_gives_a_note_and_runs_nothing() -> None:
    def run() -> dict[str, object]:
        raise AssertionError

    row = measured_or_noted("Quux", "no_such_module", run)
    assert row == {"note": "Quux is not installed; it is in the extra 'bench'"}


def test_a_stopwatch_adds_up_its_blocks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 12.0, 100.0, 101.0])
    monkeypatch.setattr("lit_pipeline.bench.measured.time.perf_counter", lambda: next(clock))
    watch = Stopwatch()
    for _ in range(2):
        with watch:
            pass
    assert watch.seconds == 3.0


def test_distinct_numbers_are_distinct_words() -> None:
    assert len({spelled(number) for number in range(2_000)}) == 2_000
