"""`lit bench`: run the benchmarks and write their page."""

from pathlib import Path
from typing import Annotated

import typer

from lit_pipeline.bench.report import heading, sections
from lit_pipeline.bench.texts import texts_of, time_stages
from lit_pipeline.cli.terminal import say
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.settings import load_settings


def bench(
    only: Annotated[list[str] | None, typer.Option(help="Section to run: texts, names, dedup or marts.")] = None,
    page: Annotated[Path, typer.Option(help="Page to write.")] = Path("docs/benchmarks.md"),
) -> None:
    """Run the benchmarks and write their tables to a page; about ten minutes on two cores."""
    workbench = Workbench(load_settings())
    all_sections = sections(
        lambda: time_stages(texts_of(workbench.settings.raw), workbench.vocabulary, workbench.tagger)
    )
    wanted = only or list(all_sections)
    unknown = [name for name in wanted if name not in all_sections]
    if unknown:
        raise typer.BadParameter(f"no section {', '.join(unknown)}; there are {', '.join(all_sections)}")
    parts = [heading()]
    for name in wanted:
        for part in all_sections[name]():
            say(part)
            parts.append(part)
    page.write_text("\n".join(parts), encoding="utf-8")
