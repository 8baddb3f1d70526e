"""Entry point of Dagster: all definitions, built from the settings in the environment."""

import dagster as dg

from lit_pipeline.defs.build import build_defs
from lit_pipeline.settings import load_settings


@dg.definitions
def defs() -> dg.Definitions:
    """Everything Dagster loads."""
    return build_defs(load_settings())
