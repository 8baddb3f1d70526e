"""What happens beside a run: another run, a reader, a clock that is set back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from lit_pipeline.defs.assets import publish as publish_asset
from lit_pipeline.publish.database import connect
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import (
    digests,
    lit_run,
    n_runs,
    read_by_people,
    run_here,
)

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def test_two_runs_at_once_take_turns(settings: Settings, clean: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: lit_run(settings), range(2)))
    assert [run.returncode for run in done] == [0, 0], [run.stderr for run in done]
    assert [run for run in done if "Waiting for another run" in run.stderr] != []
    assert n_runs(settings) == 3
    assert digests(settings) == clean


def test_a_reader_with_an_open_transaction_hinders_no_run_and_sees_one_snapshot(
    settings: Settings, clean: dict[str, str]
) -> None:
    before_run = Warehouse(settings.warehouse).database.resolve()
    with connect(before_run, read_only=True) as reader:
        reader.execute("begin transaction")
        before = reader.sql("select * from paper_records order by all").pl()
        assert run_here(settings.model_copy(update={"keep_snapshots": 1})).success
        assert not before_run.exists()
        assert reader.sql("select * from paper_records order by all").pl().equals(before)
        reader.execute("commit")
    assert digests(settings) == clean


def test_a_clock_set_back_keeps_runs_in_order(
    settings: Settings, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Clock":  # noqa: ARG003
            return cls.fromtimestamp(LONG_AGO.timestamp(), UTC)

    first = Warehouse(settings.warehouse).database.resolve()
    monkeypatch.setattr(publish_asset, "datetime", Clock)
    assert run_here(settings).success
    assert Warehouse(settings.warehouse).database.resolve().parent.name > first.parent.name
    runs = read_by_people(settings)["pipeline_runs"].sort("published_at")
    assert runs["n_files"].to_list() == [1, 2]
    assert digests(settings) == clean
