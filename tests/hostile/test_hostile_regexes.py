"""No pattern and no function that reads prose has a catastrophic case.

The time limits are guards, not measurements: linear work on these strings takes a hundredth of them.
"""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hostile_guard import guarded  # type: ignore[import-not-found,unused-ignore]
from hostile_strings import PARTS, hostile_strings  # type: ignore[import-not-found,unused-ignore]

import lit_pipeline

CHARACTERS = 40_000
GUARD_CPU_SECONDS = 2.0
FEWEST_PATTERNS = 60
TEXT_CHARACTERS = 12_000

Pattern = re.Pattern[str] | re.Pattern[bytes]


class RanAway(Exception):  # noqa: N818 - what happened, not an error of the program
    """The guard stopped the work."""


def compiled(value: object) -> Iterator[Pattern]:
    """Patterns in a value of a module, in tuples and dictionaries too."""
    if isinstance(value, re.Pattern):
        yield value
    elif type(value) in (tuple, list, frozenset):
        for item in value:  # type: ignore[attr-defined]
            yield from compiled(item)
    elif type(value) is dict:
        yield from compiled(list(value.values()))


def all_patterns() -> dict[str, Pattern]:
    """Every compiled pattern of the package, by where it stands."""
    found: dict[Pattern, str] = {}
    for module in pkgutil.walk_packages(lit_pipeline.__path__, "lit_pipeline."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in compiled(value):
                found.setdefault(pattern, f"{module.name}.{name}")
    return {name: pattern for pattern, name in found.items()}


PATTERNS = all_patterns()


@contextmanager
def guard(seconds: float) -> Iterator[None]:
    """Stops work in this thread after so many seconds of processor time."""

    def stop(_signal: int, _frame: object) -> None:
        raise RanAway

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def try_all(pattern: re.Pattern[str], text: str) -> None:
    pattern.match(text)
    pattern.fullmatch(text)
    for _ in pattern.finditer(text):
        pass


def test_the_packages_patterns_are_found() -> None:
    assert len(PATTERNS) >= FEWEST_PATTERNS
    assert any("page_lines" in name for name in PATTERNS)


def test_the_guard_stops_a_pattern_that_runs_away() -> None:
    with pytest.raises(RanAway), guard(0.2):
        try_all(re.compile(r"(a+)+b"), "a" * 1000)


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_has_no_catastrophic_case(name: str) -> None:
    pattern = PATTERNS[name]
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    as_text = re.compile(source, pattern.flags & ~re.UNICODE)
    for text in hostile_strings(CHARACTERS):
        with guard(GUARD_CPU_SECONDS):
            try_all(as_text, text)


def test_functions_that_read_prose_have_no_catastrophic_case() -> None:
    assert guarded("hostile_texts.py", str(TEXT_CHARACTERS)).answer == len(PARTS)
