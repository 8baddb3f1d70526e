"""What `lit` prints commands no terminal, whatever files, folders and titles are called; every failure is one line."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lit_pipeline.cli.terminal import OBEYED, printable

LIT = Path(sys.executable).with_name("lit")
CLI = Path(__file__).resolve().parents[2] / "lit_pipeline" / "cli"
HOSTILE = "\x1b[31mred\x1b]0;title\x07\u202e"
PAGE = "\n\n".join(
    [
        "Daily Papers",
        f"ColourNet: A Model {HOSTILE} of Colours",
        f"We introduce ColourNet{HOSTILE}, a small model of colours, and measure 61.0% accuracy on MMLU.",
    ]
)


def lit(*arguments: str, raw: Path, warehouse: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIT_RAW": str(raw), "LIT_WAREHOUSE": str(warehouse)}
    return subprocess.run(  # noqa: S603 - our own script
        [LIT, *arguments], capture_output=True, text=True, env=environment, check=False, errors="surrogateescape"
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Landing zone and warehouse in a folder of a hostile name, with such a file and title."""
    folder = tmp_path_factory.mktemp("terminal") / f"folder {HOSTILE}\nlit: all is well"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / f"page {HOSTILE}.txt").write_text(PAGE, encoding="utf-8")
    return folder / "raw", folder / "warehouse"


@pytest.fixture(scope="module")
def run(hostile: tuple[Path, Path]) -> subprocess.CompletedProcess[str]:
    raw, warehouse = hostile
    return lit("run", raw=raw, warehouse=warehouse)


def test_a_run_prints_nothing_that_a_terminal_obeys(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stderr
    assert "folder \N{REPLACEMENT CHARACTER}[31mred" in run.stdout
    assert OBEYED.findall(run.stdout + run.stderr) == []


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("arguments", [("status",), ("doctor",), ("digest",), ("sql", "from papers")])
def test_what_tells_of_a_run_prints_nothing_that_a_terminal_obeys(
    hostile: tuple[Path, Path], arguments: tuple[str, ...]
) -> None:
    raw, warehouse = hostile
    done = lit(*arguments, raw=raw, warehouse=warehouse)
    assert done.stdout
    assert OBEYED.findall(done.stdout + done.stderr) == []


@pytest.mark.usefixtures("run")
def test_a_failure_is_one_line_whatever_the_folder_is_called(hostile: tuple[Path, Path]) -> None:
    raw, warehouse = hostile
    done = lit("run", raw=raw / "nowhere", warehouse=warehouse)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()[-1:]
    assert line.startswith("lit: ")
    assert line.endswith("nowhere does not exist")
    assert "lit: all is well" not in done.stderr.splitlines()
    assert OBEYED.findall(done.stderr) == []


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.name)
def test_commands_print_through_one_function(path: Path) -> None:
    calls = [ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    assert path.name == "terminal.py" or not {"print", "typer.echo", "sys.stdout.write"} & set(calls)


def test_line_ends_stay_in_text_of_several_lines() -> None:
    assert printable("a\nb") == "a\nb"
