"""Resources that assets share: the settings, the warehouse with its lock, the vocabulary."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
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
from lit_pipeline.storage.warehouse import Warehouse, WarehouseError, WarehouseHeldError

LOCK_TIMEOUT_SECONDS = 3600
"""How long a run waits for another one to leave the warehouse."""

logger = logging.getLogger(__name__)


@dataclass
class Workbench:
    """What every stage works with."""

    settings: Settings
    progress: Progress = field(default_factory=LogProgress)

    @property
    def warehouse(self) -> Warehouse:
        """Layout of the warehouse folder."""
        return Warehouse(self.settings.warehouse)

    @cached_property
    def stores(self) -> Stores:
        """Segment stores of the warehouse, without segments that were damaged on the disk."""
        stores = Stores(self.warehouse)
        for segment in stores.drop_damaged():
            logger.warning("%s was damaged and is removed; what it held is computed again", segment)
        return stores

    def stored(self, asset: str) -> pl.LazyFrame:
        """Latest output of an asset."""
        return pl.scan_parquet(self.warehouse.stage(asset), glob=False)

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
    def workbench(context: dg.InitResourceContext) -> Iterator[Workbench]:
        bench = Workbench(settings, progress)
        with _locked(bench):
            refuse_newer(bench.warehouse)
            if context.instance is None or context.run is None:
                yield bench
                return
            _fail_ended_runs(context.instance, bench.warehouse)
            with bench.warehouse.held_by(context.run.run_id):
                yield bench

    return workbench


@contextmanager
def _locked(bench: Workbench) -> Iterator[None]:
    """Hold the warehouse's lock; where another run holds it, say so and wait."""
    with ExitStack() as held:
        try:
            held.enter_context(bench.warehouse.lock(0))
        except WarehouseHeldError:
            with bench.progress.stage("Waiting for another run", "runs", 1) as count:
                held.enter_context(bench.warehouse.lock(LOCK_TIMEOUT_SECONDS))
                count(1)
        yield


def fail_dead_runs(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    """Have Dagster know of runs that were killed, which would else count as running and keep others queued."""
    if warehouse.is_noted():
        with suppress(WarehouseError), warehouse.lock(0):
            _fail_ended_runs(instance, warehouse)


def _fail_ended_runs(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    for run_id in warehouse.ended_runs():
        run = instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, "the process of the run ended without a word: killed, or with a full disk")
        warehouse.forget_run(run_id)
