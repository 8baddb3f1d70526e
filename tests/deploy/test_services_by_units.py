"""The services, started as the units say: a run that is asked for at the UI succeeds, and nothing else is written to.

`pytest -m load -rP tests/deploy/test_services_by_units.py` also shows the memory that they take once they are up.
"""

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.deploy.conftest import PAGE, PROJECT

SCRIPT = PROJECT / "tests" / "deploy" / "services_as_units.py"
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child")
SECONDS = 500

pytestmark = pytest.mark.load


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the services did, as seen from within their namespaces."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("unshare and setpriv are not installed (Debian: util-linux)")
    if subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("new namespaces need root")
    raw = tmp_path_factory.mktemp("raw")
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own script
        [*NAMESPACES, sys.executable, SCRIPT, raw], capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr[-4000:]
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_a_run_that_is_asked_for_at_the_ui_succeeds(told: dict[str, Any]) -> None:
    assert told["run"] == "SUCCESS"


def test_the_warehouse_alone_can_be_written_to(told: dict[str, Any]) -> None:
    assert told["writable"] == ["/var/lib/lit_pipeline"]


def test_all_that_is_written_is_the_services_own_and_closed_to_others(told: dict[str, Any]) -> None:
    assert told["owners"] == ["lit"]
    assert told["for_others"] == []


def test_the_services_tell_their_memory(told: dict[str, Any]) -> None:
    for name, mebibytes in told["resident_mebibytes"].items():
        print(f"lit {name}: {mebibytes} MiB resident once it is up")
        assert mebibytes > 0
