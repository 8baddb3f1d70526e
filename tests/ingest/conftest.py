"""Fixture of the ingest tests: a file of given bytes, scanned and read."""

from datetime import date
from pathlib import Path

import pytest
from ingest_reading import Read, Reading, read_landed  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.ingest.limits import Limits


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file into a landing zone of its own, scan it, read it."""

    def read_content(
        content: str | bytes, *, name: str = "capture", limits: Limits | None = None, captured_on: date | None = None
    ) -> Reading:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return read_landed(tmp_path, name, limits or Limits(), captured_on)

    return read_content
