"""Runs of the whole job, for the check that belongs to it."""

from tests.pipeline.conftest import run

__all__ = ["run"]
