"""`lit explain`: the names found in a text, and why."""

from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from lit_pipeline.cleaning.text import repair_frame
from lit_pipeline.cli.tables import as_table
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.extraction.explain import explain as explained
from lit_pipeline.settings import load_settings


def explain(
    title: Annotated[str, typer.Argument(help="Title, or any text.")],
    abstract: Annotated[str | None, typer.Argument(help="Abstract.")] = None,
) -> None:
    """Print the names found in a title and abstract, with the evidence for each."""
    bench = Workbench(load_settings())
    texts = pl.DataFrame({"title": [title], "abstract": [abstract]}, schema={"title": pl.String, "abstract": pl.String})
    repaired = repair_frame(texts, ("title", "abstract")).row(0, named=True)
    found = explained(repaired["title"], repaired["abstract"], bench.vocabulary, bench.tagger)
    columns = ("field", "surface", "type", "name", "confidence", "found_by", "evidence")
    told = found.select(columns).with_columns(pl.col("evidence").list.join(", "), pl.col("confidence").round(3))
    Console(highlight=False).print(as_table("Names", told))
