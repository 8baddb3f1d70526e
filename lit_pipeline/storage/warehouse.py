"""The layout of the warehouse folder, and the lock that lets one run at a time write to it.

lit.duckdb -> snapshots/<stamp>/lit.duckdb    what people query
snapshots/<stamp>/                            published database and the same tables as Parquet
stages/<asset>.parquet                        latest output of each asset
segments/<store>/                             incremental outputs, computed once a file or text
.dagster/                                     Dagster's runs, events and logs
.lock, .holder, .leaver                       held by the run that writes; its id; that of the one before
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lit_pipeline.storage.atomic import atomic_path, remove_leftovers

DATABASE_NAME = "lit.duckdb"

LEAVING_SECONDS = 60
"""Longest time between a run's leaving the warehouse and its last word to Dagster, which takes milliseconds."""


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
            self._holder.replace(self._leaver)
            self._leaver.touch()

    def is_noted(self) -> bool:
        """Whether a run has noted itself in `held_by`, be it still alive or not."""
        return self._holder.exists() or self._leaver.exists()

    def ended_runs(self) -> list[str]:
        """Within `lock`: runs that must have ended by now, killed while they held the warehouse or gone from it."""
        notes = [self._holder] if self._holder.exists() else []
        if self._leaver.exists() and abs(time.time() - self._leaver.stat().st_mtime) > LEAVING_SECONDS:
            notes.append(self._leaver)
        return [note.read_text(encoding="utf-8") for note in notes]

    def forget_run(self, run_id: str) -> None:
        """Within `lock`: remove what notes say of a run."""
        for note in (self._holder, self._leaver):
            if note.exists() and note.read_text(encoding="utf-8") == run_id:
                note.unlink()

    @property
    def _holder(self) -> Path:
        return self.root / ".holder"

    @property
    def _leaver(self) -> Path:
        return self.root / ".leaver"

    def _unwritable(self, error: OSError) -> WarehouseError:
        return WarehouseError(f"the warehouse {self.root} can't be written to: {error.strerror}")

    def _remove_leftovers(self) -> None:
        stores = [path for path in self.segments.iterdir() if path.is_dir()]
        for folder in (self.root, self.snapshots, self.stages, *stores):
            remove_leftovers(folder)
