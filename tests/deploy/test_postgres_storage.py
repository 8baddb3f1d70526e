"""Dagster's storage in a real Postgres: runs are recorded there and nowhere else, and the daemon beats there."""

from pathlib import Path

import pytest

from tests.deploy.conftest import Lit, Postgres, started, waited_for


@pytest.fixture(autouse=True)
def _empty_database(postgres: Postgres) -> None:
    postgres.ask("drop schema public cascade; create schema public")


def test_a_run_is_recorded_in_postgres_alone(lit: Lit, postgres: Postgres, tmp_path: Path) -> None:
    done = lit("run", **postgres.over_loopback)
    assert done.returncode == 0, done.stderr
    ((run_id, job, status),) = postgres.ask("select run_id, pipeline_name, status from runs")
    assert (job, status) == ("refresh", "SUCCESS")
    assert run_id in lit("sql", "select run_id from pipeline_runs").stdout
    assert list((tmp_path / "warehouse" / ".dagster").rglob("*.db")) == []


def test_the_daemon_beats_in_postgres_over_a_socket(
    postgres: Postgres, environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with started("daemon", environment=environment | postgres.over_socket, log=log):
        waited_for(lambda: _beats(postgres), log)


def test_a_dead_daemon_is_told_by_the_exit_code(lit: Lit, postgres: Postgres) -> None:
    assert lit("daemon", "--check", **postgres.over_socket).returncode == 1


def test_the_password_is_not_shown_where_postgres_cannot_be_reached(lit: Lit) -> None:
    done = lit("run", PGHOST="127.0.0.1", PGPORT="1", PGPASSWORD="secret")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("lit: Dagster's storage can't be opened: ")
    assert "127.0.0.1" in last
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def _beats(postgres: Postgres) -> bool:
    ((exists,),) = postgres.ask("select to_regclass('daemon_heartbeats') is not null")
    return exists and postgres.ask("select 1 from daemon_heartbeats where daemon_type = 'SENSOR'") != []
