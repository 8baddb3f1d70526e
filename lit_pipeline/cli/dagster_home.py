"""Gives Dagster its home inside the warehouse, so that its state lies there, or where a configuration says.

The configuration is the project's dagster.yaml; sections of the file that LIT_DAGSTER_YAML names take their place.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from filelock import FileLock

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.settings import Settings
from lit_pipeline.storage.atomic import atomic_path
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = "dagster.yaml"
LOCK = ".opening"

OPENING_SECONDS = 60
"""Longest wait for another process that opens the storage; one that makes its tables takes a second or two."""


def prepare_home(settings: Settings) -> Path:
    """Create DAGSTER_HOME with its dagster.yaml and point Dagster at it.

    Raises:
        CommandError: the warehouse can't be written to, or a configuration is missing or wrong.

    """
    warehouse = Warehouse(settings.warehouse)
    configuration = configured(settings.dagster_yaml)
    try:
        warehouse.prepare()
        with atomic_path(warehouse.dagster_home / CONFIGURATION) as temporary:
            temporary.write_text(yaml.safe_dump(configuration, sort_keys=False), encoding="utf-8")
    except WarehouseError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{CONFIGURATION} can't be put into {warehouse.dagster_home}: {error.strerror}") from error
    os.environ["DAGSTER_HOME"] = str(warehouse.dagster_home)
    return warehouse.dagster_home


def configured(own: Path | None) -> dict[str, Any]:
    """The project's configuration, with the sections of the user's `own` file in place of its own.

    Raises:
        CommandError: a file can't be read or holds no sections.

    """
    sections = _sections(PROJECT / CONFIGURATION)
    return sections if own is None else sections | _sections(own)


@contextmanager
def open_instance() -> Iterator[dg.DagsterInstance]:
    """Dagster's instance in DAGSTER_HOME, closed at the end of the block.

    The first to open a storage makes its tables; others wait for it, since two would be in each other's way.

    Raises:
        CommandError: its configuration is wrong, or its storage can't be reached.

    """
    try:
        with FileLock(Path(os.environ["DAGSTER_HOME"]) / LOCK, timeout=OPENING_SECONDS):
            instance = dg.DagsterInstance.get()
    except Exception as error:  # each storage raises errors of its own
        raise CommandError(f"Dagster's storage can't be opened: {_innermost_line(error)}") from error
    with instance:
        yield instance


def _sections(path: Path) -> dict[str, Any]:
    try:
        sections = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Dagster's configuration {path} can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"Dagster's configuration {path} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(sections, dict):
        raise CommandError(f"Dagster's configuration {path} holds no sections")
    return sections


def _innermost_line(error: BaseException) -> str:
    """First line of the error that began a chain of errors."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(error).strip().splitlines()[0]
