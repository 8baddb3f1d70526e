"""Fixtures of the operator's tests: a webhook on loopback, and one small landing zone run three times."""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import dagster as dg
import pytest

from lit_pipeline.cli.dagster_home import prepare_home
from lit_pipeline.defs.build import build_defs
from lit_pipeline.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
PAGE = "\n\n".join(
    [
        "Daily Papers",
        "QuietNet: A Small Model for Loud Rooms",
        "We introduce QuietNet, a small model that listens in loud rooms and reaches 68.2% accuracy on MMLU.",
        "LoudNet: A Large Model for Quiet Rooms",
        "We present LoudNet, a large language model, and compare it with GPT-4o on GSM8K, where both do equally well.",
    ]
)


@dataclass
class Webhook:
    """Keeps what is posted to it; refuses while `down`."""

    down: bool = False
    received: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Address in Apprise's notation, with a token that must never be seen anywhere."""
        return f"json://joe:sekret@127.0.0.1:{self.port}/hook"

    @property
    def titles(self) -> list[str]:
        return [message["title"].removeprefix("lit_pipeline: ") for message in self.received]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not kept.down:
                kept.received.append(json.loads(body))
            self.send_response(503 if kept.down else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@dataclass
class Runs:
    """A landing zone run twice."""

    settings: Settings
    results: list[dg.ExecuteInProcessResult]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("operator")
    raw = folder / "raw"
    raw.mkdir()
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    settings = Settings(raw=raw, warehouse=folder / "warehouse")
    return Runs(settings, [run(settings), run(settings)])


def run(settings: Settings) -> dg.ExecuteInProcessResult:
    """Run everything as `lit run` does, on Dagster's instance in the warehouse."""
    with mock.patch.dict(os.environ):
        prepare_home(settings)
        instance = dg.DagsterInstance.get()
    with instance:
        job = build_defs(settings).resolve_job_def("refresh")
        return job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)


def small_settings(folder: Path, **values: object) -> Settings:
    return Settings.model_validate({"raw": folder / "raw", "warehouse": folder / "warehouse", **values})
