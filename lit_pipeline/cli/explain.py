"""`lit explain`: the names found in a text, and why."""

import textwrap
from shutil import get_terminal_size
from typing import Annotated, Final

import polars as pl
import typer

from lit_pipeline.cleaning.text import repair_frame
from lit_pipeline.cli.terminal import say
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.extraction.explain import explain as explained
from lit_pipeline.settings import load_settings

ACCOUNT: Final = ("surface", "type", "name", "confidence", "found_by", "evidence")
INDENT: Final = " " * 8
NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def explain(
    title: Annotated[str, typer.Argument(help="Title, or any text.")],
    abstract: Annotated[str | None, typer.Argument(help="Abstract.")] = None,
) -> None:
    """Print the names found in a title and abstract, with the evidence for each."""
    bench = Workbench(load_settings())
    texts = pl.DataFrame({"title": [title], "abstract": [abstract]}, schema={"title": pl.String, "abstract": pl.String})
    repaired = repair_frame(texts, ("title", "abstract")).row(0, named=True)
    found = explained(repaired["title"], repaired["abstract"], bench.vocabulary, bench.tagger)
    accounts = found.group_by(ACCOUNT, maintain_order=True).agg(pl.col("field").unique(maintain_order=True))
    for told in accounts.iter_rows(named=True):
        say(f"{told['surface']}  ({', '.join(told['field'])})")
        say(f"    {told['type']} {told['name']}, {told['confidence']:.3f}, {told['found_by']}")
        say(_wrapped(told["evidence"]))
    if accounts.is_empty():
        say("no names found")


def _wrapped(evidence: list[str]) -> str:
    """Observations in lines as wide as the terminal, broken between them only."""
    held = ", ".join(told.replace(" ", NO_BREAK) for told in evidence) or "the tagger alone"
    lines = textwrap.wrap(held, get_terminal_size().columns, initial_indent=INDENT, subsequent_indent=INDENT)
    return "\n".join(lines).replace(NO_BREAK, " ")
