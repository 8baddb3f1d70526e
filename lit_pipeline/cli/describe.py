"""`lit dictionary`: describe the published tables."""

import typer

from lit_pipeline.publish.dictionary import data_dictionary


def dictionary() -> None:
    """Print the data dictionary as Markdown."""
    typer.echo(data_dictionary(), nl=False)
