"""Whether Dagster itself works: the daemon's signs of life, and how schedules and sensors ticked last.

What belongs here: what Dagster's instance knows of them. What does not: whom to tell, and in which words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol

import dagster as dg

SILENT_AFTER = timedelta(minutes=5)
"""Silence after which a daemon counts as dead. It beats every 30 seconds; Dagster itself waits for half an hour."""

TICKS_READ = 5
"""Ticks of each schedule or sensor that are looked at; the newest may not have ended."""

STARTED = "STARTED"
FAILURE = "FAILURE"


class ToldError(Protocol):
    """An error as Dagster keeps it; it exports no name for the class."""

    @property
    def message(self) -> str:
        """Class and text of the error, perhaps of several lines."""

    @property
    def cause(self) -> "ToldError | None":
        """The error that led to it."""


class Life(Enum):
    """Whether there is a daemon."""

    ALIVE = "alive"
    DEAD = "dead"
    NEVER = "never"


@dataclass(frozen=True)
class Pulse:
    """The daemon: whether it lives, its last sign of life (UTC; of its parts the oldest), and errors it tells of."""

    life: Life
    last_at: datetime | None = None
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class Ticking:
    """A schedule or sensor that is switched on.

    Args:
        name: its name.
        kind: 'schedule' or 'sensor'.
        last_at: its newest tick (UTC).
        failed: whether the last tick that has ended failed.
        reason: why it failed, in one line; empty where it did not.

    """

    name: str
    kind: str
    last_at: datetime
    failed: bool
    reason: str


def pulse(instance: dg.DagsterInstance | None, now: datetime) -> Pulse:
    """The daemon's signs of life in Dagster's instance; without an instance, it has never run."""
    beats = instance.get_daemon_heartbeats() if instance else {}
    required = instance.get_required_daemon_types() if instance else set()
    found = [beats[name] for name in sorted(required) if name in beats]
    if not found:
        return Pulse(Life.NEVER)
    last_at = datetime.fromtimestamp(min(beat.timestamp for beat in found), UTC)
    is_alive = len(found) == len(required) and now - last_at <= SILENT_AFTER
    errors = [innermost_line(error) for beat in found for error in beat.errors or ()]
    return Pulse(Life.ALIVE if is_alive else Life.DEAD, last_at, errors)


def last_ticks(instance: dg.DagsterInstance, since: datetime) -> list[Ticking]:
    """How the schedules and sensors that are switched on ticked last, by name.

    Those without a tick since a time are left out: they may be gone from the code. An instance in memory keeps none.
    """
    if instance.schedule_storage is None:
        return []
    found = []
    for state in instance.all_instigator_state():
        origin, selector = state.instigator_origin_id, state.selector_id
        ticks = instance.get_ticks(origin, selector, after=since.timestamp(), limit=TICKS_READ)
        if not state.is_running or not ticks:
            continue
        ended = next((tick for tick in ticks if tick.status.value != STARTED), None)
        failed = ended is not None and ended.status.value == FAILURE
        reason = innermost_line(ended.error) if ended and failed else ""
        last_at = datetime.fromtimestamp(ticks[0].timestamp, UTC)
        found.append(Ticking(state.name, state.instigator_type.value.lower(), last_at, failed, reason))
    return sorted(found, key=lambda ticking: ticking.name)


def innermost_line(error: ToldError | None) -> str:
    """First line of the error that led to all others."""
    while error and error.cause:
        error = error.cause
    return error.message.strip().partition("\n")[0] if error else "unknown error"
