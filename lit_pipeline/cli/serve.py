"""`lit ui`: Dagster's UI and daemon."""

import os
import sys

from lit_pipeline.cli.dagster_home import PROJECT, prepare_home
from lit_pipeline.settings import load_settings


def ui() -> None:
    """Start the Dagster UI and daemon on this machine; schedules and sensors are on."""
    settings = load_settings()
    prepare_home(settings)
    os.environ |= {"LIT_RAW": str(settings.raw), "LIT_WAREHOUSE": str(settings.warehouse)}
    os.chdir(PROJECT)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "lit_pipeline.definitions"]
    os.execv(sys.executable, [*command, "-h", settings.ui_host, "-p", str(settings.ui_port)])  # noqa: S606 - no shell
