"""Makes text from elsewhere fit to be printed: what a terminal would obey becomes visible.

Commands print through `say`, or hand tables to the console whose cells were made `printable`.
"""

import re

import typer

OBEYED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls (all escape sequences begin with one) save tab and line feed, marks of direction, line separators,
invisible and tag characters, and surrogates, which no stream can encode."""


def printable(text: str) -> str:
    """The text with a replacement character in place of each character that a terminal obeys."""
    return OBEYED.sub("\N{REPLACEMENT CHARACTER}", text)


def say(text: str = "", *, err: bool = False, end: str = "\n") -> None:
    """Print a text, fit for a terminal; `err` on standard error."""
    typer.echo(printable(text) + end, err=err, nl=False)


def one_line(text: str) -> str:
    """The text in one line, fit for a terminal, so that a line end in a file's name can't begin a line of its own."""
    return " ".join(printable(text).split("\n"))
