"""The layout of the warehouse folder, and the lock that lets one run at a time write to it.

lit.duckdb -> snapshots/<stamp>/lit.duckdb    what people query
snapshots/<stamp>/                            published database and the same tables as Parquet
stages/<asset>.parquet                        latest output of each asset
segments/<store>/                             incremental outputs, computed once a file or text
.dagster/                                     Dagster's runs, events and logs
.lock, .holder                                held by the run that writes; its id
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lit_pipeline.storage.atomic import atomic_path, remove_leftovers

DATABASE_NAME = "lit.duckdb"


class WarehouseError(RuntimeError):
    """The warehouse can't be used; the message names the path and the reason."""


class WarehouseHeldError(WarehouseError):
    """Another run holds the warehouse."""


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
            raise self._unwritable(error) from error

    @contextmanager
    def lock(self, timeout_seconds: float) -> Iterator[None]:
        """Hold the warehouse for one run; waits for another run to end, at most `timeout_seconds`.

        What a run that died left unfinished is removed.

        Raises:
            WarehouseError: another run still holds it after that time, or it can't be written to.

        """
        self.prepare()
        try:
            held = FileLock(self.root / ".lock", timeout=timeout_seconds).acquire()
        except Timeout as error:
            raise WarehouseHeldError(
                f"another run holds the warehouse {self.root}; waited {timeout_seconds:.0f} seconds for it"
            ) from error
        except OSError as error:
            raise self._unwritable(error) from error
        with held:
            self._remove_leftovers()
            yield

    @contextmanager
    def held_by(self, run_id: str) -> Iterator[None]:
        """Note, within `lock`, which run holds the warehouse; the note outlives a run that is killed.

        Raises:
            WarehouseError: the warehouse can't be written to.

        """
        try:
            with atomic_path(self._holder) as temporary:
                temporary.write_text(run_id, encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield
        finally:
            self.forget_holder()

    def holder(self) -> str | None:
        """Run that holds the warehouse, or that was killed while it did; None after a run that ended."""
        try:
            return self._holder.read_text(encoding="utf-8")
        except OSError:
            return None

    def forget_holder(self) -> None:
        """Remove the note of `held_by`."""
        self._holder.unlink(missing_ok=True)

    @property
    def _holder(self) -> Path:
        return self.root / ".holder"

    def _unwritable(self, error: OSError) -> WarehouseError:
        return WarehouseError(f"the warehouse {self.root} can't be written to: {error.strerror}")

    def _remove_leftovers(self) -> None:
        stores = [path for path in self.segments.iterdir() if path.is_dir()]
        for folder in (self.root, self.snapshots, self.stages, *stores):
            remove_leftovers(folder)
