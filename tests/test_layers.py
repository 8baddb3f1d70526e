"""Which module may import what: pure code knows no Dagster, and one place alone its inner modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "lit_pipeline"
INNER = "dagster._"
TAKES_FROM_INNER_DAGSTER = {"lit_pipeline/defs/inner_dagster.py", "tests/daemon_work.py"}
ORCHESTRATION = {"defs", "cli", "definitions.py"}


def imported(path: Path) -> Iterator[str]:
    """Names of the modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def files(folder: str) -> list[Path]:
    return sorted((PROJECT / folder).rglob("*.py"))


def test_two_files_alone_know_dagsters_inner_modules() -> None:
    found = {
        str(path.relative_to(PROJECT))
        for folder in ("lit_pipeline", "tests")
        for path in files(folder)
        if any(name.startswith(INNER) for name in imported(path))
    }
    assert found == TAKES_FROM_INNER_DAGSTER


def test_pure_code_knows_no_dagster() -> None:
    pure = [path for path in files("lit_pipeline") if path.relative_to(PACKAGE).parts[0] not in ORCHESTRATION]
    assert len(pure) > 100
    assert [path for path in pure for name in imported(path) if name.partition(".")[0] == "dagster"] == []
