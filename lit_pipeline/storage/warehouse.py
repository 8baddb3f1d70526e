"""The layout of the warehouse folder, and the lock that lets one run at a time write to it.

lit.duckdb -> snapshots/<stamp>/lit.duckdb    what people query
snapshots/<stamp>/                            published database and the same tables as Parquet
stages/<asset>.parquet                        latest output of each asset
segments/<store>/                             incremental outputs, computed once a file or text
.dagster/                                     Dagster's runs, events and logs
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

DATABASE_NAME = "lit.duckdb"


class WarehouseError(RuntimeError):
    """The warehouse can't be used; the message names the path and the reason."""


@dataclass(frozen=True)
class Warehouse:
    """Paths inside one warehouse folder."""

    root: Path

    @property
    def database(self) -> Path:
        """Symbolic link to the published database."""
        return self.root / DATABASE_NAME

    @property
    def snapshots(self) -> Path:
        """Folder of published snapshots."""
        return self.root / "snapshots"

    @property
    def stages(self) -> Path:
        """Folder of the latest output of each asset."""
        return self.root / "stages"

    @property
    def segments(self) -> Path:
        """Folder of incremental outputs."""
        return self.root / "segments"

    @property
    def fetched(self) -> Path:
        """Folder that remembers which days were fetched."""
        return self.root / "fetched"

    @property
    def dagster_home(self) -> Path:
        """Folder of Dagster's own state."""
        return self.root / ".dagster"

    def stage(self, asset: str) -> Path:
        """File with the latest output of an asset."""
        return self.stages / f"{asset}.parquet"

    def prepare(self) -> None:
        """Create the folders.

        Raises:
            WarehouseError: the folder can't be written to.

        """
        try:
            for folder in (self.snapshots, self.stages, self.segments, self.dagster_home):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WarehouseError(f"the warehouse {self.root} can't be written to: {error.strerror}") from error

    @contextmanager
    def lock(self, timeout_seconds: float) -> Iterator[None]:
        """Hold the warehouse for one run; waits for another run to end, at most `timeout_seconds`.

        Raises:
            WarehouseError: another run still holds it after that time.

        """
        self.prepare()
        try:
            with FileLock(self.root / ".lock", timeout=timeout_seconds):
                yield
        except Timeout as error:
            raise WarehouseError(
                f"another run holds the warehouse {self.root}; waited {timeout_seconds:.0f} seconds for it"
            ) from error
