"""Segments: outputs that are computed once for a key (a file, a text) and kept for later runs.

A store is a folder of immutable segments, each a folder of Parquet files of one or more tables. A run writes the
rows of all its new keys into one segment, which counts, with all its tables, from the moment its folder is renamed
into place. Keys that hold no rows are listed too, so that they are not computed again. A segment may supersede
others, which then no longer count. A segment is sealed: one that was damaged on the disk is dropped, and its keys are
computed again.
"""

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lit_pipeline.storage.atomic import TEMPORARY_MARK, remove_leftovers, temporary_folder
from lit_pipeline.storage.seal import FOLDER_SEAL, damaged_files, seal_folder

KEY = "segment_key"
KEYS_FILE = "keys.parquet"
SUPERSEDES_FILE = "supersedes.txt"

MAX_SEGMENTS = 32
"""Segments above which `compact` rewrites them into one: with a segment a day, once a month."""

MAX_DEAD_SHARE = 0.5
"""Share of keys no longer in use above which `compact` rewrites the segments, so that a store is at most doubled."""

ROWS_A_FILE = 20_000
"""Rows that a writer gathers before it writes a Parquet file: thousands of small files give a few, not thousands."""

FRAMES_HELD = 256
"""Frames that a writer holds before it makes one of them: a frame costs some kilobytes, however few its rows are."""

KEYS_SCHEMA = pl.Schema({KEY: pl.String})


@dataclass
class SegmentWriter:
    """Collects the rows of new keys, batch by batch, in a folder that is not yet a segment."""

    folder: Path
    schemas: Mapping[str, pl.Schema]
    keys: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    n_files: int = 0
    _gathered: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    _n_gathered: Counter[str] = field(default_factory=Counter)

    def append(self, table: str, rows: pl.DataFrame) -> None:
        """Take a batch of rows; its column `segment_key` says what key each row belongs to."""
        if rows.is_empty():
            return
        gathered = self._gathered[table]
        gathered.append(rows)
        if len(gathered) == FRAMES_HELD:
            self._gathered[table] = [pl.concat(gathered, how="vertical_relaxed", rechunk=True)]
        self._n_gathered[table] += len(rows)
        if self._n_gathered[table] >= ROWS_A_FILE:
            self._write(table)

    def done(self, keys: Iterable[str]) -> None:
        """Say that all rows of these keys are appended."""
        self.keys.extend(keys)

    def drop(self, key: str) -> None:
        """Take back the rows of a key that can't be finished; it counts as never computed."""
        self.dropped.add(key)

    def close(self) -> None:
        """Write what is still gathered, without the rows of dropped keys."""
        for table in list(self._gathered):
            self._write(table)
        if self.dropped:
            kept = ~pl.col(KEY).is_in(sorted(self.dropped))
            for path in self.folder.glob("*.parquet"):
                pl.read_parquet(path, glob=False).filter(kept).write_parquet(path, compression="zstd")

    def _write(self, table: str) -> None:
        columns = (pl.col(name).cast(dtype) for name, dtype in self.schemas[table].items())
        rows = pl.concat(self._gathered.pop(table), how="vertical_relaxed").select(KEY, *columns)
        del self._n_gathered[table]
        rows.write_parquet(self.folder / f"{table}-{self.n_files:06d}.parquet", compression="zstd")
        self.n_files += 1


@dataclass(frozen=True)
class SegmentStore:
    """Rows of some tables, grouped by key, over all segments of a folder."""

    folder: Path
    schemas: Mapping[str, pl.Schema]

    def keys(self) -> pl.Series:
        """Keys whose rows are stored, each once, sorted."""
        paths = [segment / KEYS_FILE for segment in self._segments()]
        stored = pl.read_parquet(paths, glob=False) if paths else pl.DataFrame(schema=KEYS_SCHEMA)
        return stored[KEY].unique().sort()

    def missing(self, keys: pl.Series) -> pl.Series:
        """Those of `keys` that are not stored, in their order."""
        return keys.filter(~keys.is_in(self.keys().implode()))

    @contextmanager
    def writer(self) -> Iterator[SegmentWriter]:
        """Open a new segment; it counts once the `with` block ends without an error."""
        with self._new_folder() as folder:
            writer = SegmentWriter(folder, self.schemas)
            yield writer
            if writer.keys:
                writer.close()
                self._commit(folder, pl.Series(KEY, writer.keys, dtype=pl.String), supersedes=[])

    def scan(self, table: str, keys: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
        """Rows of the given keys in one table.

        Args:
            table: name of the table.
            keys: frame with a column `segment_key`, each key once; its other columns are joined to the rows.

        """
        paths = [path for segment in self._segments() for path in sorted(segment.glob(f"{table}-*.parquet"))]
        if paths:
            rows = pl.scan_parquet(paths, glob=False)
        else:
            rows = pl.LazyFrame(schema=pl.Schema({KEY: pl.String(), **self.schemas[table]}))
        return rows.join(keys.lazy(), on=KEY, how="inner", maintain_order="left")

    def compact(self, live: pl.Series) -> bool:
        """Rewrite the segments into one that holds the `live` keys alone, where that is worth it.

        A kill at any moment leaves either the old segments or the new one counting. Frames that `scan` gave before
        and that were not collected yet can't be collected after it.
        """
        stored, segments = self.keys(), self._segments()
        kept = stored.filter(stored.is_in(live.implode()))
        n_dead = len(stored) - len(kept)
        if len(segments) <= MAX_SEGMENTS and n_dead <= MAX_DEAD_SHARE * len(stored):
            return False
        with self._new_folder() as folder:
            for table in self.schemas:
                rows = self.scan(table, kept.to_frame(KEY))
                rows.sink_parquet(folder / f"{table}-000000.parquet", compression="zstd")
            self._commit(folder, kept, supersedes=[segment.name for segment in segments])
        self._segments()
        return True

    def drop_damaged(self) -> list[Path]:
        """Remove segments that are not what was sealed, so that their keys are computed again; returns their paths."""
        if not self.folder.is_dir():
            return []
        segments = sorted(path for path in self.folder.glob("[!.]*") if path.is_dir())
        damaged = [segment for segment in segments if damaged_files(segment)]
        for segment in damaged:
            shutil.rmtree(segment)
        return damaged

    def _segments(self) -> list[Path]:
        """Folders of the segments that count; removes those that another one supersedes."""
        if not self.folder.is_dir():
            return []
        segments = sorted(path.parent for path in self.folder.glob(f"[!.]*/{FOLDER_SEAL}"))
        superseded = {
            name
            for segment in segments
            if (segment / SUPERSEDES_FILE).exists()
            for name in (segment / SUPERSEDES_FILE).read_text(encoding="utf-8").split()
        }
        for segment in segments:
            if segment.name in superseded:
                shutil.rmtree(segment)
        return [segment for segment in segments if segment.name not in superseded]

    @contextmanager
    def _new_folder(self) -> Iterator[Path]:
        remove_leftovers(self.folder)
        with temporary_folder(self.folder / f"{TEMPORARY_MARK}new") as folder:
            yield folder

    def _commit(self, folder: Path, keys: pl.Series, supersedes: list[str]) -> None:
        keys.to_frame(KEY).write_parquet(folder / KEYS_FILE)
        if supersedes:
            (folder / SUPERSEDES_FILE).write_text("\n".join(supersedes), encoding="utf-8")
        seal_folder(folder)
        content = "\n".join([*supersedes, "", *keys.sort()])
        folder.replace(self.folder / hashlib.sha256(content.encode()).hexdigest()[:16])
