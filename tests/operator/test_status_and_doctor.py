"""`lit status`, `lit doctor`, `lit digest` and `lit sql --stages` as a user runs them."""

import json
import os
import socket
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import dagster as dg
import pytest

from lit_pipeline.cli.doctor import (
    Level,
    alert_addresses,
    disk_space,
    landing_zone,
    lock_free,
    port_free,
    published_database,
    send_test_message,
    stages_readable,
    vocabulary_valid,
    warehouse_writable,
)
from lit_pipeline.cli.instance import last_run
from lit_pipeline.cli.main import main
from lit_pipeline.cli.status import gather, told
from lit_pipeline.ingest.landing import LandingZoneError
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.operator.conftest import PAGE, QUIET, Runs, Webhook, small_settings


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def lit(*arguments: str, of: Settings, **further: str) -> Done:
    """Run the console script's own entry point, in this process."""
    environment = {"LIT_RAW": str(of.raw), "LIT_WAREHOUSE": str(of.warehouse), **further}
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["lit", *arguments]),
        redirect_stdout(StringIO()) as out,
        redirect_stderr(StringIO()) as err,
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    return small_settings(tmp_path)


def test_a_fresh_database_is_told_with_exit_code_0(runs: Runs) -> None:
    done = lit("status", "--json", of=runs.settings)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["stale"] is False
    assert facts["counts"]["n_papers"] == 2
    assert facts["landing_zone"]["waiting"] == 0
    assert facts["disk"]["used_bytes"] > 0


def test_nothing_published_is_stale_and_leaves_no_trace(empty: Settings) -> None:
    done = lit("status", of=empty)
    assert done.returncode == 1
    assert "nothing yet" in done.stdout
    assert done.stderr == ""
    assert not empty.warehouse.exists()


def test_an_old_database_is_stale(runs: Runs) -> None:
    later = datetime.now(UTC) + timedelta(hours=runs.settings.fresh_hours + 1)
    facts = gather(runs.settings, later)
    assert facts["stale"]
    assert "STALE" in told(facts)


def test_files_that_were_not_read_wait(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for name, text in (("known.txt", PAGE), ("new.txt", f"{PAGE}\n\nMore")):
        (tmp_path / "raw" / name).write_text(text, encoding="utf-8")
    settings = runs.settings.model_copy(update={"raw": tmp_path / "raw"})
    facts = gather(settings, datetime.now(UTC))
    assert (facts["landing_zone"]["files"], facts["landing_zone"]["waiting"]) == (2, 1)


def test_a_missing_landing_zone_is_told(runs: Runs, tmp_path: Path) -> None:
    settings = runs.settings.model_copy(update={"raw": tmp_path / "nowhere"})
    facts = gather(settings, datetime.now(UTC))
    assert "does not exist" in facts["landing_zone"]["problem"]


def test_the_last_run_is_told(runs: Runs) -> None:
    facts = json.loads(lit("status", "--json", of=runs.settings).stdout)
    assert facts["last_run"]["status"] == "SUCCESS"
    assert facts["last_run"]["run_id"] == runs.results[-1].run_id
    assert facts["failed_checks"] == []


def test_failed_checks_of_the_last_run_are_told() -> None:
    @dg.asset
    def table() -> None:
        """A table."""

    @dg.asset_check(asset=table)
    def sound() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    job = dg.define_asset_job("refresh", selection=dg.AssetSelection.all())
    defs = dg.Definitions(assets=[table], asset_checks=[sound], jobs=[job])
    with dg.DagsterInstance.ephemeral() as instance:
        assert last_run(instance) is None
        defs.resolve_job_def("refresh").execute_in_process(instance=instance, run_config=QUIET)
        last = last_run(instance)
    assert last is not None
    assert last.failed_checks == ["table: sound"]


def test_the_doctor_tells_of_a_daemon_that_does_not_run(runs: Runs) -> None:
    doctor = lit("doctor", of=runs.settings)
    assert "ok    dagster home  2 runs kept" in doctor.stdout
    assert "warn  daemon" in doctor.stdout
    assert doctor.returncode == 1


def test_a_wrong_setting_is_a_failure_of_the_doctor(empty: Settings) -> None:
    done = lit("doctor", of=empty, LIT_ALERT_URLS='["mailto://joe:sekret@"]')
    assert done.returncode == 2
    assert "fail  settings" in done.stdout
    assert "sekret" not in done.stdout + done.stderr


def test_a_sound_warehouse_is_well(runs: Runs) -> None:
    settings = runs.settings
    for check in (landing_zone, warehouse_writable, disk_space, lock_free, published_database, stages_readable):
        assert check(settings).level == Level.OK, check.__name__
    assert vocabulary_valid(settings).level == Level.OK


def test_the_doctor_leaves_no_trace(empty: Settings) -> None:
    done = lit("doctor", of=empty)
    assert not empty.warehouse.exists()
    assert "Traceback" not in done.stderr


def test_a_missing_landing_zone_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(LandingZoneError):
        landing_zone(small_settings(tmp_path))


def test_an_empty_landing_zone_is_a_warning(empty: Settings) -> None:
    assert landing_zone(empty).level == Level.WARN


def test_a_broken_stage_is_named(empty: Settings) -> None:
    warehouse = Warehouse(empty.warehouse)
    warehouse.prepare()
    warehouse.stage("papers").write_bytes(b"PAR1 broken")
    verdict = stages_readable(empty)
    assert verdict.level == Level.FAIL
    assert "papers.parquet" in verdict.told


def test_a_running_run_is_told(empty: Settings) -> None:
    with Warehouse(empty.warehouse).lock(1):
        assert lock_free(empty).level == Level.WARN
    assert lock_free(empty).level == Level.OK


def test_a_port_in_use_is_told(empty: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = empty.model_copy(update={"ui_port": taken.getsockname()[1]})
        assert port_free(settings).level == Level.WARN
    assert port_free(settings).level == Level.OK


def test_a_broken_vocabulary_is_a_failure_in_one_line(empty: Settings, tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "names/models.csv").write_text("nothing,of,the,kind\n1,2,3,4\n", encoding="utf-8")
    done = lit("doctor", of=empty, LIT_VOCABULARY=str(tmp_path / "names"))
    (line,) = [line for line in done.stdout.splitlines() if line.split()[1] == "vocabulary"]
    assert line.startswith("fail")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_test_message_is_posted_on_demand(empty: Settings, webhook: Webhook) -> None:
    settings = small_settings(empty.raw.parent, alert_urls=[webhook.url])
    assert alert_addresses(settings).level == Level.OK
    assert send_test_message(settings).level == Level.OK
    assert webhook.titles == ["test message"]
    webhook.down = True
    assert send_test_message(settings).level == Level.FAIL


def test_nobody_to_tell_is_a_warning(empty: Settings) -> None:
    assert alert_addresses(empty).level == Level.WARN


def test_the_digest_is_printed_or_written(runs: Runs, tmp_path: Path) -> None:
    printed = lit("digest", of=runs.settings)
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("# What is new since ")
    written = lit("digest", "--html", "--out", str(tmp_path / "new.html"), of=runs.settings)
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "new.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_digest_without_a_database_names_the_way_to_one(empty: Settings) -> None:
    done = lit("digest", of=empty)
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert lit("digest", "--since", "yesterday", of=empty).returncode == 2


def test_the_tables_of_the_last_run_can_be_asked(runs: Runs) -> None:
    done = lit("sql", "--stages", "select count(*) as papers from papers", of=runs.settings)
    assert done.returncode == 0, done.stderr
    assert "2" in done.stdout


@pytest.mark.parametrize("value", ["[", '"json://x"', '["json://joe:sekret@x", "foo://sekret"]'])
def test_wrong_alert_addresses_are_wrong_usage_and_never_printed(empty: Settings, value: str) -> None:
    done = lit("sql", "select 1", of=empty, LIT_ALERT_URLS=value)
    assert done.returncode == 2
    assert done.stderr.startswith("lit: wrong setting: LIT_ALERT_URLS")
    assert "sekret" not in done.stderr
    assert "Traceback" not in done.stderr
