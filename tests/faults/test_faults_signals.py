"""A run that is asked to stop says so in one line, and the database is as it was."""

import pytest

from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.faults.faults_setup import digests, interrupted_run, n_runs, unfinished


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
def test_an_interrupted_run_says_so_and_changes_nothing(settings: Settings, published: Settings, sent: str) -> None:
    done = interrupted_run(settings, "lit_pipeline.stages.extraction:extract_spans", 1, sent)
    assert done.returncode == 130
    assert done.stderr.strip().splitlines()[-1] == "lit: interrupted; the published database is as it was"
    assert "Traceback" not in done.stderr
    assert n_runs(settings) == 1
    assert digests(settings) == digests(published)
    with Warehouse(settings.warehouse).lock(timeout_seconds=0):
        assert unfinished(settings) == []
