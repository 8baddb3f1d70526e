"""What the UI shows of assets: numbers that plot over runs, freshness, and retries where they help."""

import errno
from collections.abc import Callable, Iterator
from datetime import timedelta

import dagster as dg
import duckdb
import polars as pl
import pytest

from lit_pipeline.defs.build import build_defs
from lit_pipeline.defs.errors import may_pass, retried_where_it_helps
from lit_pipeline.fetch.http import FetchError
from lit_pipeline.storage.warehouse import WarehouseError
from lit_pipeline.tables.published import PUBLISHED
from tests.operator.conftest import QUIET, Runs

NUMBERS = dg.IntMetadataValue | dg.FloatMetadataValue
Numbers = dict[str, set[str]]


def numbers(result: dg.ExecuteInProcessResult) -> Numbers:
    return {
        event.asset_key.to_user_string(): {
            name for name, value in event.materialization.metadata.items() if isinstance(value, NUMBERS)
        }
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }


def test_every_asset_has_numbers_that_are_the_same_every_run(runs: Runs) -> None:
    first, second = (numbers(result) for result in runs.results)
    assert set(first) >= set(PUBLISHED) - {"pipeline_runs"}
    assert [name for name, keys in first.items() if not keys] == []
    assert first == second


def test_numbers_tell_more_than_rows(runs: Runs) -> None:
    told = numbers(runs.results[0])
    assert told["raw_files"] >= {"records", "size_bytes", "files_read_now"}
    assert told["papers"] >= {"with_abstract", "with_published_on"}
    assert told["mentions"] >= {"n_models", "n_methods", "n_benchmarks", "n_datasets"}
    assert told["results"] >= {"n_scores", "n_gains", "with_benchmark"}


@pytest.fixture(scope="session")
def specs(runs: Runs) -> dict[str, dg.AssetSpec]:
    settings = runs.settings.model_copy(update={"fresh_hours": 48})
    return {spec.key.to_user_string(): spec for spec in build_defs(settings).resolve_all_asset_specs()}


@pytest.mark.parametrize("name", ["raw_files", "raw_records", "papers", "leaderboard", "published_database"])
def test_raw_and_published_tables_go_stale(specs: dict[str, dg.AssetSpec], name: str) -> None:
    expected = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=48), warn_window=timedelta(hours=36))
    assert specs[name].freshness_policy == expected


def test_a_fetched_day_does_not_go_stale(specs: dict[str, dg.AssetSpec]) -> None:
    assert specs["fetched_daily_papers"].freshness_policy is None


def test_every_asset_is_retried_where_that_helps(runs: Runs) -> None:
    assets = [asset for asset in build_defs(runs.settings).assets or [] if isinstance(asset, dg.AssetsDefinition)]
    assert len(assets) > 10
    assert [asset.op.name for asset in assets if asset.op.retry_policy is None] == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EIO, "input/output error"),
        OSError(errno.EBUSY, "busy"),
        TimeoutError(errno.ETIMEDOUT, "timed out"),
        MemoryError(),
        duckdb.IOException("could not write"),
    ],
)
def test_what_can_pass_may_be_tried_again(error: Exception) -> None:
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "no space left"),
        PermissionError(errno.EACCES, "permission denied"),
        FileNotFoundError(errno.ENOENT, "no such file"),
        WarehouseError("can't be written to"),
        FetchError("answered 404"),
        KeyError("x"),
        pl.exceptions.ColumnNotFoundError("title"),
        duckdb.ConstraintException("duplicate key"),
    ],
)
def test_what_stays_is_not_tried_again(error: Exception) -> None:
    assert not may_pass(error)


def materialise(error: Exception | None, *, generator: bool) -> tuple[int, dg.ExecuteInProcessResult]:
    """Materialise an asset that always raises; returns how often it was tried."""
    tries = 0

    def plain() -> int:
        nonlocal tries
        tries += 1
        if error:
            raise error
        return 1

    def yielding() -> Iterator[dg.Output[int]]:
        yield dg.Output(plain(), "numbers")

    compute: Callable[[], object] = yielding if generator else plain
    declare = dg.multi_asset(
        name="numbers", outs={"numbers": dg.AssetOut()}, retry_policy=dg.RetryPolicy(max_retries=2)
    )
    result = dg.materialize([declare(retried_where_it_helps(compute))], run_config=QUIET, raise_on_error=False)
    return tries, result


@pytest.mark.parametrize("generator", [True, False])
def test_tries_depend_on_the_error(*, generator: bool) -> None:
    assert materialise(OSError(errno.EIO, "i/o"), generator=generator)[0] == 3
    assert materialise(KeyError("x"), generator=generator)[0] == 1
    tries, result = materialise(None, generator=generator)
    assert (tries, result.success) == (1, True)


def test_a_failure_tells_its_reason_in_one_line() -> None:
    _, result = materialise(WarehouseError("the warehouse can't be written to"), generator=False)
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert failed.step_failure_data.user_failure_data is not None
    assert failed.step_failure_data.user_failure_data.description == "the warehouse can't be written to"
