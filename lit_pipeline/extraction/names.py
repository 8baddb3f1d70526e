"""Names as strings: how they are compared and which identifier they get.

What belongs here: the one definition of "the same name" (`fold`), and slugs. What a name stands for is the
vocabulary's and the linker's business.
"""

import polars as pl

# Marks that carry meaning in a name ('EvTexture++' is not 'EvTexture'), and what a slug says for them.
MEANT_MARKS = {"+": "plus"}

STARRED = r"\b(\p{L})\*"
"""A letter alone with a star: 'V* Bench' is not VBench."""


def fold(column: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits of a name, and '+', without accents: two names are one when their folds are.

    >>> pl.select(fold(pl.Series(["LLaMA-3.2", "Tülu 3", "EvTexture++", "A*"]))).to_series().to_list()
    ['llama32', 'tulu3', 'evtexture++', 'astar']
    """
    spelled = column.str.replace_all(STARRED, "${1}star").str.normalize("NFKD").str.to_lowercase()
    return spelled.str.replace_all(r"[^\p{L}\p{N}+]", "")


def slug(name: pl.Expr) -> pl.Expr:
    """ASCII letters, digits and single hyphens that tell a name: 'Llama 3' -> 'llama-3'.

    A plus is spelled ('EvTexture++' -> 'evtexture-plus-plus'). A letter outside ASCII stands as its code point ('β'
    -> 'u3b2'), so that names which differ in it stay apart.
    """
    plain = name.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"\p{M}", "")
    told = plain.str.replace_all("+", "-plus-", literal=True)
    spelled = pl.when(told.str.contains(r"[^\x00-\x7F]")).then(_spelled(told)).otherwise(told)
    return spelled.str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")


def _spelled(name: pl.Expr) -> pl.Expr:
    """Letters and digits outside ASCII replaced by their code points in hexadecimal; other marks by hyphens."""
    return name.map_elements(spell_code_points, return_dtype=pl.String)


def spell_code_points(name: str) -> str:
    """One name with each letter or digit outside ASCII as '-u<code point>-'."""
    return "".join(mark if mark.isascii() else f"-u{ord(mark):x}-" if mark.isalnum() else "-" for mark in name)


PLURAL = r"(\p{L})s$"


def singular(name: pl.Expr) -> pl.Expr:
    """A name without the s at its end; not every such name is a plural, so that this is for comparing."""
    return name.str.replace(PLURAL, "$1")
