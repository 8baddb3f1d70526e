"""Gathers the commands, and turns expected errors into one line and an exit code."""

import sys

import typer

from lit_pipeline.cli import bench, describe, digest, doctor, evaluate, explain, query, run, serve, status, train
from lit_pipeline.cli.errors import CommandError, InterruptedCommandError
from lit_pipeline.cli.terminal import one_line
from lit_pipeline.settings import SettingsError

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
"""What shells say of a program that ended with Ctrl-C."""

app = typer.Typer(
    name="lit",
    help="Turns raw captures of machine-learning papers into a database of models, benchmarks and results.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("sql")(query.sql)
app.command("search")(query.search)
app.command("ui")(serve.ui)
app.command("webserver")(serve.webserver)
app.command("daemon")(serve.daemon)
app.command("code-server")(serve.code_server)
app.command("status")(status.status)
app.command("doctor")(doctor.doctor)
app.command("digest")(digest.digest)
app.add_typer(evaluate.app, name="evaluate")
app.command("explain")(explain.explain)
app.command("train")(train.train)
app.command("bench")(bench.bench)
app.command("dictionary")(describe.dictionary)
app.command("cookbook")(describe.cookbook)


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app()
    except SettingsError as error:
        _leave(f"wrong setting: {error}", WRONG_USAGE)
    except InterruptedCommandError as error:
        _leave(str(error), INTERRUPTED)
    except CommandError as error:
        _leave(str(error), FAILED)


def _leave(message: str, code: int) -> None:
    sys.stderr.write(f"lit: {one_line(message)}\n")
    sys.exit(code)
