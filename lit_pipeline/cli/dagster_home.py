"""Gives Dagster its home inside the warehouse, so that no state lies anywhere else."""

import os
import shutil
from pathlib import Path

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = "dagster.yaml"


def prepare_home(settings: Settings) -> Path:
    """Create DAGSTER_HOME with the project's dagster.yaml and point Dagster at it.

    Raises:
        CommandError: the warehouse can't be written to, or dagster.yaml is missing.

    """
    warehouse = Warehouse(settings.warehouse)
    try:
        warehouse.prepare()
        shutil.copyfile(PROJECT / CONFIGURATION, warehouse.dagster_home / CONFIGURATION)
    except WarehouseError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{CONFIGURATION} can't be put into {warehouse.dagster_home}: {error.strerror}") from error
    os.environ["DAGSTER_HOME"] = str(warehouse.dagster_home)
    return warehouse.dagster_home
