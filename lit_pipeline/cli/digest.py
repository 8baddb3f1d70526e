"""`lit digest`: what is new, on one page."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.terminal import say
from lit_pipeline.publish.digest import digest as gather
from lit_pipeline.publish.digest_page import html_page, markdown_page
from lit_pipeline.settings import load_settings
from lit_pipeline.storage.atomic import atomic_path
from lit_pipeline.storage.warehouse import Warehouse

MAX_ITEMS = 1000


def digest(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day from which on things are new; without, the last day's publish."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=MAX_ITEMS, help="Most items a section.")] = 20,
    as_html: Annotated[bool, typer.Option("--html", help="Write HTML, not Markdown.")] = False,
    out: Annotated[Path | None, typer.Option(help="File to write instead of printing.")] = None,
) -> None:
    """Tell what is new: papers, models, benchmarks, best results, rising models."""
    warehouse = Warehouse(load_settings().warehouse)
    try:
        new = gather(warehouse, since.date() if since else None)
    except FileNotFoundError as error:
        raise CommandError(f"there is no database at {warehouse.database} yet; `make run` makes it") from error
    except duckdb.Error as error:
        raise CommandError(f"the snapshots can't be compared: {str(error).splitlines()[0]}") from error
    page = html_page(new, top) if as_html else markdown_page(new, top)
    if out is None:
        say(page, end="")
        return
    try:
        with atomic_path(out) as temporary:
            temporary.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{out} can't be written: {error.strerror}") from error
