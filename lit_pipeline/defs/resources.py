"""Resources that assets share: the settings, the warehouse with its lock, the vocabulary."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import dagster as dg
import polars as pl

from lit_pipeline.extraction.extract import Tagger
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary
from lit_pipeline.progress import LogProgress, Progress
from lit_pipeline.publish.versions import refuse_newer
from lit_pipeline.settings import Settings
from lit_pipeline.stages.stores import Stores
from lit_pipeline.storage.warehouse import Warehouse

LOCK_TIMEOUT_SECONDS = 3600
"""How long a run waits for another one to leave the warehouse."""


@dataclass
class Workbench:
    """What every stage works with."""

    settings: Settings
    progress: Progress = field(default_factory=LogProgress)

    @property
    def warehouse(self) -> Warehouse:
        """Layout of the warehouse folder."""
        return Warehouse(self.settings.warehouse)

    @property
    def stores(self) -> Stores:
        """Segment stores of the warehouse."""
        return Stores(self.warehouse)

    def stored(self, asset: str) -> pl.LazyFrame:
        """Latest output of an asset."""
        return pl.scan_parquet(self.warehouse.stage(asset))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The package's vocabulary with the user's own."""
        return load_vocabulary(self.settings.vocabulary)

    @cached_property
    def tagger(self) -> Tagger:
        """The trained tagger."""
        return load_tagger()


def workbench_resource(settings: Settings, progress: Progress) -> dg.ResourceDefinition:
    """Resource that holds the warehouse's lock as long as a run lasts."""

    @dg.resource(description="Settings, stores and vocabulary; holds the warehouse's lock while a run lasts.")
    @contextmanager
    def workbench(_context: dg.InitResourceContext) -> Iterator[Workbench]:
        bench = Workbench(settings, progress)
        with bench.warehouse.lock(LOCK_TIMEOUT_SECONDS):
            refuse_newer(bench.warehouse)
            yield bench

    return workbench
