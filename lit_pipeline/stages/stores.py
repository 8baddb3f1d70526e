"""The segment stores of the warehouse: what is kept for each file, record and text between runs.

A store's folder is named after its tables' columns too: rows of other columns, which another version of the code has
stored, are never read together with those of this one.
"""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import polars as pl
import polars_hash as plh

from lit_pipeline.dedup.signatures import SIGNATURE_SCHEMA
from lit_pipeline.evaluation.entities import ERRORS
from lit_pipeline.evaluation.release import RELEASE_SCORES
from lit_pipeline.storage.segments import KEY, SegmentStore
from lit_pipeline.storage.warehouse import Warehouse
from lit_pipeline.tables.entities import Results
from lit_pipeline.tables.extraction import NamedSpans
from lit_pipeline.tables.records import CleanRecords, RawRecords, RejectedRecords
from lit_pipeline.tables.schema import polars_schema


class ReadOutcomes(dy.Schema):
    """One row a raw file that was opened: what it gave, or why it gave nothing."""

    source_format = dy.String(nullable=True, description="Name of the reader that recognised the content.")
    reader_version = dy.Int64(nullable=True, description="Version of that reader.")
    n_records = dy.Int64(description="Records read, taken or rejected.")
    reason = dy.String(nullable=True, description="Why the file was not read, or not to its end; null where it was.")
    place = dy.String(nullable=True, description="Place in the file that shows the reason.")
    detail = dy.String(nullable=True, description="The reason in one sentence.")


SCORED_SCHEMA = pl.Schema(
    {**RELEASE_SCORES, "extractor_version": pl.String(), "sample": pl.String(), "scored_at": pl.Datetime("us")}
)

KEY_DIGITS = 32
"""Hexadecimal digits of a key: 128 bits, so that keys of different content don't meet."""

COLUMNS_DIGITS = 8
"""Hexadecimal digits in a store's name: 32 bits, for the few sets of columns that a store ever has."""


class MissingRowsError(RuntimeError):
    """A stage asks for rows that are not stored; the message says what to do."""


class StageStore(SegmentStore):
    """Segments of a stage, whose rows are asked for once all of them are stored."""

    def scan(self, table: str, keys: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
        """Rows of the given keys in one table, see `SegmentStore.scan`.

        Raises:
            MissingRowsError: a key has nothing stored, as after a change of version, and would be missed silently.

        """
        missing = self.missing(keys.lazy().select(KEY).collect()[KEY])
        if len(missing):
            raise MissingRowsError(
                f"{len(missing)} keys have nothing stored in {self.folder}, as after a change of version: "
                "materialise everything, not this asset alone"
            )
        return super().scan(table, keys)


@dataclass(frozen=True)
class Stores:
    """All segment stores of one warehouse."""

    warehouse: Warehouse

    @property
    def files(self) -> StageStore:
        """What each raw file gave: `outcomes`, `records`, `rejected`; without its name, since it may be renamed."""
        schemas = {
            "outcomes": polars_schema(ReadOutcomes),
            "records": polars_schema(RawRecords, without=("source_file",)),
            "rejected": polars_schema(RejectedRecords, without=("source_file",)),
        }
        return self._store("files", schemas)

    @property
    def cleaned(self) -> StageStore:
        """What cleaning made of a file's records: `records`, `rejected`."""
        schemas = {
            "records": polars_schema(CleanRecords),
            "rejected": polars_schema(RejectedRecords, without=("source_file",)),
        }
        return self._store("cleaned", schemas)

    @property
    def signatures(self) -> StageStore:
        """`signatures` of a file's cleaned records."""
        return self._store("signatures", {"signatures": SIGNATURE_SCHEMA})

    @property
    def tagged(self) -> StageStore:
        """`spans` of a text with their names, whichever paper it stands in."""
        schemas = {"spans": polars_schema(NamedSpans, without=("paper_id",))}
        return self._store("tagged", schemas)

    @property
    def results(self) -> StageStore:
        """`results` found in a text with its mentions, whichever paper it stands in."""
        schemas = {"results": polars_schema(Results, without=("paper_id",))}
        return self._store("results", schemas)

    @property
    def scored(self) -> StageStore:
        """`scores` of a version of the extractor on the labelled sample, and its commonest `errors`."""
        return self._store("scored", {"scores": SCORED_SCHEMA, "errors": ERRORS})

    @property
    def every(self) -> tuple[StageStore, ...]:
        """All of them."""
        return (self.files, self.cleaned, self.signatures, self.tagged, self.results, self.scored)

    def drop_damaged(self) -> list[Path]:
        """Remove the segments of all stores that were damaged on the disk; returns their paths."""
        return [segment for store in self.every for segment in store.drop_damaged()]

    def remove_outdated(self) -> None:
        """Remove the stores that another version of the code has left, whose columns are no longer these."""
        current = {store.folder for store in self.every}
        for folder in self.warehouse.segments.iterdir():
            if folder.is_dir() and folder not in current:
                shutil.rmtree(folder)

    def _store(self, name: str, schemas: Mapping[str, pl.Schema]) -> StageStore:
        return StageStore(self.warehouse.segments / f"{name}-{_digest_of_columns(schemas)}", schemas)


def _digest_of_columns(schemas: Mapping[str, pl.Schema]) -> str:
    columns = (f"{table}.{name} {dtype}" for table, schema in schemas.items() for name, dtype in schema.items())
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:COLUMNS_DIGITS]


def segment_key(*parts: pl.Expr | str) -> pl.Expr:
    """Stable key of some text columns and literal versions: 32 hexadecimal digits of a SHA-256.

    Each part is preceded by its length, so that parts can't run together; null differs from empty text.
    """
    columns = [pl.lit(part) if isinstance(part, str) else part for part in parts]
    measured = [
        pl.concat_str(column.str.len_bytes().cast(pl.String).fill_null("null"), pl.lit(":"), column.fill_null(""))
        for column in columns
    ]
    digest: pl.Expr = plh.concat_str(*measured).chash.sha2_256()
    return digest.str.head(KEY_DIGITS).alias(KEY)
