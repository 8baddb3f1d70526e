"""One measurement: a task in a process of its own, its time and peak memory; or a note that a library is missing."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Row = dict[str, object]

KIB_A_MIB = 1024.0


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


def peak_mib() -> float:
    """Peak resident memory of this process so far, in MiB.

    Linux counts the peak of the process that started this one in `ru_maxrss`, so its own status is read where there is
    one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) / KIB_A_MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB


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
