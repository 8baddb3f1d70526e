"""How a known name may be written: the patterns under which it is looked for.

What belongs here: variants of separators ('Llama 3', 'Llama-3', 'Llama3'), in the form of text that `searchable` makes.
"""

import re
from itertools import pairwise, product

import polars as pl

MOST_OPTIONAL_SEPARATORS = 3
"""More of them and a name is written apart or glued as a whole: 2^3 variants of a name at most."""

SHORTEST_GLUED = 3
"""Letters and digits of a name that may be written without its separators; shorter ones meet other words ('S 4')."""


def searchable(text: pl.Expr) -> pl.Expr:
    """Text with a blank before it, in lower case, marks as blanks.

    After the first blank there is one code point for each of the text's. Pluses that end a word stay ('EvTexture++'),
    those that join two words don't ('BERT+CRF').
    """
    one_each = text.str.replace_all("İ", "I", literal=True).str.to_lowercase()
    ended = one_each.str.replace_all(r"\+([\p{L}\p{N}])", " $1")
    return pl.concat_str(pl.lit(" "), ended.str.replace_all(r"[^\p{L}\p{N}+ ]", " "))


def name_patterns(terms: pl.DataFrame, surface: str) -> pl.DataFrame:
    """Patterns of surface forms.

    Args:
        terms: the surface forms in the column `surface`, and any other columns.
        surface: name of that column.

    Returns:
        pattern (as in `searchable` text, with its leading blank) and the columns of `terms`; a pattern that two surface
        forms share has two rows; longest first.

    """
    words = terms.select(searchable(pl.col(surface))).to_series().to_list()
    return (
        terms.with_columns(pattern=pl.Series([_variants(word) for word in words], dtype=pl.List(pl.String)))
        .explode("pattern")
        .sort(pl.col("pattern").str.len_bytes(), "pattern", surface, descending=[True, False, False])
    )


def _variants(spaced: str) -> list[str]:
    """Patterns of one surface form, given as `searchable` text."""
    parts = spaced.split()
    gaps = [_joints(left, right) for left, right in pairwise(parts)]
    if sum(len(gap) > 1 for gap in gaps) > MOST_OPTIONAL_SEPARATORS or len("".join(parts)) < SHORTEST_GLUED:
        gaps = [gap[:1] for gap in gaps]
    spelled = {_spell(parts, choice) for choice in product(*gaps)}
    return [f" {each}" for each in sorted(spelled | {_split_digits(spelling) for spelling in spelled})]


def _joints(left: str, right: str) -> tuple[str, ...]:
    """What may stand between two parts: a blank, or nothing unless two numbers would run into one."""
    return (" ",) if left[-1:].isdigit() and right[:1].isdigit() else (" ", "")


def _spell(parts: list[str], joints: tuple[str, ...]) -> str:
    return "".join(part + joint for part, joint in zip(parts, (*joints, ""), strict=True))


def _split_digits(spelling: str) -> str:
    """The spelling with a blank between a word and the number glued to its end: 'qwen2 5' -> 'qwen 2 5'."""
    return re.sub(r"([^\W\d_]{2,})(\d)", r"\1 \2", spelling, count=1)
