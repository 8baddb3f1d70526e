"""A sensor whose ticks fail is told, once; a dead daemon is told by the commands, since it can't tell itself."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import dagster as dg
import pytest

from lit_pipeline.cli.dagster_home import prepare_home
from lit_pipeline.cli.doctor import Level, daemon_alive, ticks_succeed
from lit_pipeline.cli.status import gather, told
from lit_pipeline.defs.alerts import alerts_sensor
from lit_pipeline.defs.pulse import SILENT_AFTER, Life, Pulse, last_ticks, pulse
from lit_pipeline.settings import Settings
from tests.daemon_work import WorkspaceProcessContext, add_sign_of_life, dagster_over, look_at_sensors
from tests.operator.conftest import Webhook, small_settings
from tests.operator.test_status_and_doctor import lit

NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)
INTERVAL_SECONDS = 1
DEFINITIONS = f"""
from pathlib import Path

import dagster as dg

@dg.job
def nothing():
    pass

@dg.sensor(
    job=nothing, minimum_interval_seconds={INTERVAL_SECONDS}, default_status=dg.DefaultSensorStatus.RUNNING
)
def watcher():
    if Path(__file__).with_name("broken").exists():
        raise OSError(28, "No space left on device")
    return dg.SkipReason("nothing new")

defs = dg.Definitions(sensors=[watcher])
"""


@pytest.fixture
def settings(webhook: Webhook, tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    return small_settings(tmp_path, alert_urls=[webhook.url])


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance in the warehouse, as the commands find it."""
    with mock.patch.dict(os.environ):
        prepare_home(settings)
        opened = dg.DagsterInstance.get()
    with opened:
        yield opened


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """While this file is there, the sensor raises."""
    flag = tmp_path / "broken"
    flag.touch()
    return flag


@pytest.fixture
def daemon(instance: dg.DagsterInstance, broken: Path) -> Iterator[WorkspaceProcessContext]:
    path = broken.with_name("watching.py")
    path.write_text(DEFINITIONS, encoding="utf-8")
    with dagster_over(instance, file=path) as context:
        yield context


def tick(daemon: WorkspaceProcessContext) -> None:
    look_at_sensors(daemon)
    time.sleep(INTERVAL_SECONDS)


def beat(instance: dg.DagsterInstance, at: datetime) -> None:
    for part in instance.get_required_daemon_types():
        add_sign_of_life(instance, part, at.timestamp())


def test_a_sensor_that_fails_is_told_once_and_once_when_it_works_again(
    daemon: WorkspaceProcessContext, broken: Path, settings: Settings, webhook: Webhook
) -> None:
    cursor = None

    def look() -> None:
        nonlocal cursor
        result = alerts_sensor(settings)(dg.build_sensor_context(instance=daemon.instance, cursor=cursor))
        assert isinstance(result, dg.SensorResult)
        cursor = result.cursor

    for _ in range(3):
        tick(daemon)
        look()
    assert webhook.titles == ["sensor watcher fails"]
    assert "No space left on device" in webhook.received[0]["message"]
    broken.unlink()
    for _ in range(2):
        tick(daemon)
        look()
    assert webhook.titles[1:] == ["Mended: sensor watcher fails"]


def test_ticks_of_long_ago_and_of_what_is_switched_off_are_no_news(daemon: WorkspaceProcessContext) -> None:
    look_at_sensors(daemon)
    assert [ticking.name for ticking in last_ticks(daemon.instance, YESTERDAY)] == ["watcher"]
    assert last_ticks(daemon.instance, datetime.now(UTC) + timedelta(seconds=1)) == []
    location = daemon.create_request_context().code_locations[0]
    (sensor,) = location.get_repository("__repository__").get_sensors()
    daemon.instance.stop_sensor(sensor.get_remote_origin_id(), sensor.selector_id, sensor)
    assert last_ticks(daemon.instance, YESTERDAY) == []


def test_a_sensor_that_fails_is_a_failure_of_the_doctor(
    daemon: WorkspaceProcessContext, broken: Path, settings: Settings
) -> None:
    tick(daemon)
    verdict = ticks_succeed(settings)
    assert verdict.level == Level.FAIL
    assert verdict.told == "sensor watcher fails: OSError: [Errno 28] No space left on device"
    facts = gather(settings, datetime.now(UTC))
    assert "ticks      failed: sensor watcher: OSError" in told(facts)
    broken.unlink()
    look_at_sensors(daemon)
    assert ticks_succeed(settings).level == Level.OK


def test_a_daemon_that_lives_without_ticks_is_a_warning(
    daemon: WorkspaceProcessContext, broken: Path, settings: Settings
) -> None:
    broken.unlink()
    look_at_sensors(daemon)
    beat(daemon.instance, datetime.now(UTC))
    assert ticks_succeed(settings).level == Level.OK
    with mock.patch("lit_pipeline.cli.doctor.NO_TICK_AFTER", timedelta(0)):
        verdict = ticks_succeed(settings)
    assert verdict.level == Level.WARN
    assert "nothing has ticked since" in verdict.told


def test_without_an_instance_no_daemon_ever_ran() -> None:
    assert pulse(None, NOW) == Pulse(Life.NEVER)


def test_a_daemon_lives_as_long_as_all_its_parts_beat(instance: dg.DagsterInstance) -> None:
    assert pulse(instance, NOW).life is Life.NEVER
    beat(instance, NOW)
    assert pulse(instance, NOW + SILENT_AFTER).life is Life.ALIVE
    assert pulse(instance, NOW + SILENT_AFTER + timedelta(seconds=1)).life is Life.DEAD


def test_a_daemon_of_which_one_part_is_silent_is_dead(instance: dg.DagsterInstance) -> None:
    beat(instance, NOW)
    part = sorted(instance.get_required_daemon_types())[0]
    add_sign_of_life(instance, part, (NOW - timedelta(hours=2)).timestamp())
    found = pulse(instance, NOW)
    assert found.life is Life.DEAD
    assert found.last_at == NOW - timedelta(hours=2)


def test_a_dead_daemon_is_a_failure_with_what_to_do(instance: dg.DagsterInstance, settings: Settings) -> None:
    beat(instance, datetime.now(UTC) - timedelta(hours=3))
    done = lit("doctor", of=settings)
    (line,) = [line for line in done.stdout.splitlines() if line.split()[1] == "daemon"]
    assert line.startswith("fail  daemon        dead: last sign of life ")
    assert ", 3.0 hours ago -> start it: " in line
    assert done.returncode == 2
    status = lit("status", of=settings).stdout
    assert "daemon     DEAD, last sign of life " in status
    assert "nothing runs by itself; `lit doctor` says what to do" in status


def test_a_living_daemon_is_well(instance: dg.DagsterInstance, settings: Settings) -> None:
    beat(instance, datetime.now(UTC))
    assert daemon_alive(settings).level == Level.OK
    assert "daemon     alive, " in lit("status", of=settings).stdout


def test_a_daemon_that_tells_of_errors_is_a_warning(settings: Settings) -> None:
    with mock.patch("lit_pipeline.cli.doctor.pulse") as found:
        found.return_value = Pulse(Life.ALIVE, NOW, ["OSError: no space left"])
        (settings.warehouse / ".dagster").mkdir(parents=True)
        verdict = daemon_alive(settings)
    assert verdict.level == Level.WARN
    assert "OSError: no space left" in verdict.told


def test_the_exit_code_tells_whether_a_daemon_is_alive(instance: dg.DagsterInstance, settings: Settings) -> None:
    assert lit("daemon", "--check", of=settings).returncode == 1
    beat(instance, datetime.now(UTC))
    assert lit("daemon", "--check", of=settings).returncode == 0
