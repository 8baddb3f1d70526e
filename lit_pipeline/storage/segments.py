"""Segments: outputs that are computed once for a key (a file, a text) and kept for later runs.

A store is a folder of immutable segments, each a folder of Parquet files of one or more tables. A run writes the
rows of all its new keys into one segment, which counts, with all its tables, from the moment its folder is renamed
into place. Keys that hold no rows are listed too, so that they are not computed again. A segment may supersede
others, which then no longer count.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lit_pipeline.storage.atomic import TEMPORARY_MARK

KEY = "segment_key"
KEYS_FILE = "keys.parquet"
SUPERSEDES_FILE = "supersedes.txt"

MAX_SEGMENTS = 32
"""Segments above which `compact` rewrites them into one."""

MAX_DEAD_SHARE = 0.5
"""Share of keys no longer in use above which `compact` rewrites the segments."""

KEYS_SCHEMA = pl.Schema({KEY: pl.String})


@dataclass
class SegmentWriter:
    """Collects the rows of new keys, batch by batch, in a folder that is not yet a segment."""

    folder: Path
    schemas: Mapping[str, pl.Schema]
    keys: list[str] = field(default_factory=list)
    n_batches: int = 0

    def append(self, table: str, rows: pl.DataFrame) -> None:
        """Write a batch of rows; its column `segment_key` says what key each row belongs to."""
        if rows.is_empty():
            return
        schema = self.schemas[table]
        path = self.folder / f"{table}-{self.n_batches:06d}.parquet"
        rows.select(KEY, *(pl.col(name).cast(dtype) for name, dtype in schema.items())).write_parquet(
            path, compression="zstd"
        )
        self.n_batches += 1

    def done(self, keys: Iterable[str]) -> None:
        """Say that all rows of these keys are written."""
        self.keys.extend(keys)


@dataclass(frozen=True)
class SegmentStore:
    """Rows of some tables, grouped by key, over all segments of a folder."""

    folder: Path
    schemas: Mapping[str, pl.Schema]

    def keys(self) -> pl.Series:
        """Keys whose rows are stored, each once, sorted."""
        paths = [segment / KEYS_FILE for segment in self._segments()]
        stored = pl.read_parquet(paths) if paths else pl.DataFrame(schema=KEYS_SCHEMA)
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
                self._commit(folder, pl.Series(KEY, writer.keys, dtype=pl.String), supersedes=[])

    def scan(self, table: str, keys: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
        """Rows of the given keys in one table.

        Args:
            table: name of the table.
            keys: frame with a column `segment_key`, each key once; its other columns are joined to the rows.

        """
        paths = [path for segment in self._segments() for path in sorted(segment.glob(f"{table}-*.parquet"))]
        if paths:
            rows = pl.scan_parquet(paths)
        else:
            rows = pl.LazyFrame(schema=pl.Schema({KEY: pl.String(), **self.schemas[table]}))
        return rows.join(keys.lazy(), on=KEY, how="inner", maintain_order="left")

    def compact(self, live: pl.Series) -> bool:
        """Rewrite the segments into one that holds the `live` keys alone, where that is worth it."""
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

    def _segments(self) -> list[Path]:
        """Folders of the segments that count; removes those that another one supersedes."""
        if not self.folder.is_dir():
            return []
        segments = sorted(path.parent for path in self.folder.glob(f"[!.]*/{KEYS_FILE}"))
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
        for leftover in self.folder.glob(f"{TEMPORARY_MARK}*"):
            shutil.rmtree(leftover)
        folder = self.folder / f"{TEMPORARY_MARK}new"
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _commit(self, folder: Path, keys: pl.Series, supersedes: list[str]) -> None:
        keys.to_frame(KEY).write_parquet(folder / KEYS_FILE)
        if supersedes:
            (folder / SUPERSEDES_FILE).write_text("\n".join(supersedes), encoding="utf-8")
        content = "\n".join([*supersedes, "", *keys.sort()])
        folder.replace(self.folder / hashlib.sha256(content.encode()).hexdigest()[:16])
