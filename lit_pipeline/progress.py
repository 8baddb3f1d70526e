"""How far a run is: stage names and counts, on the console or in a log."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

Counter = Callable[[int], None]
"""Is told how many more units are done."""


class Progress(Protocol):
    """Something that can be told how far a run is."""

    def stage(self, name: str, unit: str, total: int) -> AbstractContextManager[Counter]:
        """Begin a stage of `total` units; the `with` block gets its counter."""


@dataclass(frozen=True)
class LogProgress:
    """Writes one line to a log when a stage begins and one when it ends."""

    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("lit_pipeline"))

    @contextmanager
    def stage(self, name: str, unit: str, total: int) -> Iterator[Counter]:
        """See `Progress.stage`."""
        self.logger.info("%s: %d %s", name, total, unit)
        yield lambda done: self.logger.debug("%s: %d more", name, done)
        self.logger.info("%s: done", name)


@dataclass(frozen=True)
class ConsoleProgress:
    """Draws a bar a stage on the console; where the console is a file, it prints a line a stage."""

    console: Console = field(default_factory=lambda: Console(stderr=True))

    @contextmanager
    def stage(self, name: str, unit: str, total: int) -> Iterator[Counter]:
        """See `Progress.stage`."""
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeElapsedColumn(),
        )
        with RichProgress(*columns, console=self.console, transient=False) as bars:
            task = bars.add_task(name, total=total)

            def count(done: int) -> None:
                bars.advance(task, done)

            yield count
