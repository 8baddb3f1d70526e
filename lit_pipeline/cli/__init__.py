"""The console script `lit`. Exit codes: 0 done, 1 failed with one clear line, 2 wrong usage."""

from lit_pipeline.cli.main import main

__all__ = ["main"]
