"""One measurement: a task in a process of its own, its time and peak memory; or a note that a library is missing."""

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeVar

T = TypeVar("T")
Row = dict[str, object]


@dataclass
class Stopwatch:
    """Adds up the time spent in its `with` blocks.

    `seconds` is wall-clock time; `cpu_seconds`, of all threads together, is what busy neighbours disturb less.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def __enter__(self) -> None:
        self.seconds -= time.perf_counter()
        self.cpu_seconds -= time.process_time()

    def __exit__(self, *error: object) -> None:
        self.seconds += time.perf_counter()
        self.cpu_seconds += time.process_time()


def in_own_process(task: Callable[[], T]) -> T:
    """Run the task in a new process, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(task).result()


def measured_or_noted(library: str, module: str | None, task: Callable[[], Row]) -> Row:
    """What a task measures in a process of its own.

    Args:
        library: name of the library that the task measures.
        module: module that it imports; None where it needs nothing beside this package.
        task: gives a row of figures.

    Returns:
        The row, or a note alone where the module isn't installed.

    """
    if module is not None and find_spec(module) is None:
        return {"note": f"{library} is not installed; it is in the extra 'bench'"}
    return in_own_process(task)
