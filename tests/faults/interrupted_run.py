"""Is `lit run` that sends its own process a signal at a call of a function: MODULE:NAME CALL SIGNAL.

The pipeline itself has no hooks for tests: the function is replaced here before the command begins.
"""

import importlib
import itertools
import os
import signal
import sys
from typing import Any

from lit_pipeline.cli.main import main


def interrupt(target: str, call: int, sent: signal.Signals) -> None:
    """Have the `call`-th call of a function, counted from 1, begin with a signal."""
    module, _, name = target.partition(":")
    owner = importlib.import_module(module)
    function = getattr(owner, name)
    calls = itertools.count(1)

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            os.kill(os.getpid(), sent)
        return function(*args, **kwargs)

    setattr(owner, name, interrupted)


if __name__ == "__main__":
    interrupt(sys.argv[1], int(sys.argv[2]), signal.Signals[sys.argv[3]])
    sys.argv = ["lit", "run"]
    main()
