"""Runs work in a process of its own, under limits that only runaway work meets, and tells what it took.

The limits guard, they don't measure: each is many times what the work needs.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lit_pipeline.memory import peak_mib

CPU_SECONDS = 60


@dataclass(frozen=True)
class Done:
    """What a job answered, and the most memory its process held, in MiB."""

    answer: Any
    peak_mebibytes: int


def guarded(script: str, *arguments: str) -> Done:
    """Run a script beside this file; it fails where the work runs away."""
    path = Path(__file__).with_name(script)
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(path), *arguments],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
    )
    assert done.returncode == 0, f"{script} {arguments} ended with {done.returncode}: {done.stderr[-2000:]}"
    return Done(**json.loads(done.stdout))


def tell(work: Callable[[], Any]) -> None:
    """Print a job's answer and its memory, for `guarded` to read."""
    answer = work()
    peak = int(peak_mib())
    sys.stdout.write(json.dumps({"answer": answer, "peak_mebibytes": peak}))
