"""Dagster's daemon at work within a test, one look at a time.

Dagster gives no public way to do this: all that the tests take from its own modules is taken here. Where an upgrade
moves it, the tests that work with it fail at their import.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._daemon.types import DaemonHeartbeat

__all__ = [
    "IN_THIS_PROCESS",
    "WorkspaceProcessContext",
    "add_sign_of_life",
    "dagster_over",
    "look_at_backfills",
    "look_at_sensors",
]

IN_THIS_PROCESS = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "run_coordinator": {
        "module": "dagster._core.run_coordinator",
        "class": "DefaultRunCoordinator",
    },
}
SILENT = logging.getLogger("daemon_work")
SILENT.setLevel(logging.CRITICAL + 1)


@contextmanager
def dagster_over(
    instance: dg.DagsterInstance, *, module: str | None = None, file: Path | None = None
) -> Iterator[WorkspaceProcessContext]:
    """What the daemon works with, over the definitions of a module or file, loaded in this process."""
    code = LoadableTargetOrigin(
        executable_path=sys.executable, module_name=module, python_file=str(file) if file else None
    )
    target = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(code, location_name="lit_pipeline"))
    with create_test_daemon_workspace_context(target, instance) as context:
        yield context


def look_at_backfills(context: WorkspaceProcessContext) -> None:
    """Let the daemon look at the backfills once."""
    list(execute_backfill_iteration(context, SILENT))


def look_at_sensors(context: WorkspaceProcessContext) -> None:
    """Let the daemon evaluate once the sensors that are due."""
    list(execute_sensor_iteration(context, SILENT, None, None))


def add_sign_of_life(instance: dg.DagsterInstance, part: str, timestamp: float) -> None:
    """Let a part of the daemon beat."""
    instance.add_daemon_heartbeat(DaemonHeartbeat(timestamp, part, None, None))
