"""`lit dictionary` and `lit cookbook`: keep the pages on tables and queries true."""

from pathlib import Path
from typing import Annotated

import typer

from lit_pipeline.cli.query import answer, open_published
from lit_pipeline.cli.terminal import say
from lit_pipeline.publish.cookbook import with_answers
from lit_pipeline.publish.dictionary import data_dictionary


def dictionary() -> None:
    """Print the data dictionary as Markdown."""
    say(data_dictionary(), end="")


def cookbook(
    page: Annotated[Path, typer.Argument(help="Markdown page of queries, each followed by its answer.")],
) -> None:
    """Print a page of queries with the answers that the published database gives."""
    text = page.read_text(encoding="utf-8")
    with open_published() as connection:
        say(with_answers(text, lambda query: answer(connection, query)), end="")
