"""Acronyms and the long forms that spell them out: 'Retrieval-Augmented Foo (RAFoo)', 'RAFoo (Retrieval-Augmented Foo)'.

What belongs here: finding the pairs. A long form is the shortest run of words before the bracket whose initials, or whose
capitals, spell the acronym (after Schwartz and Hearst 2003, by initials instead of any letters).
"""

import polars as pl

WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’+-]*"
ACRONYM = r"[\p{L}\p{N}$][\p{L}\p{N}+-]{1,17}"
MOST_WORDS = 11
"""Words that a long form may have."""

BEFORE = rf"(?:{WORD},?[ ]){{1,{MOST_WORDS}}}\([\"“']?{ACRONYM}[\"”']?[),;]"
INSIDE = rf"{ACRONYM} \((?:{WORD},? ?){{2,{MOST_WORDS}}}\)"
SMALL = r"(?i)\b(?:of|and|for|the|in|with|to|via|on|from|by|a|an|as|at|through|using)\b"
FEWEST_LETTERS = 2


def definitions_of(fields: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an acronym and its long form: row, acronym, long_form; one row a pair of a text."""
    before = _matches(fields, BEFORE).with_columns(
        acronym=pl.col("match").str.extract(rf"\([\"“']?({ACRONYM})[\"”']?[),;]$"),
        phrase=pl.col("match").str.extract(r"^(.*) \([^(]*$"),
    )
    inside = _matches(fields, INSIDE).with_columns(
        acronym=pl.col("match").str.extract(rf"^({ACRONYM}) "), phrase=pl.col("match").str.extract(r"\((.*)\)$")
    )
    spelled = pl.concat([_endings(before), inside.with_columns(long_form="phrase", n_words=pl.lit(0, pl.Int64))], how="diagonal")
    return (
        spelled.filter(spells(pl.col("long_form"), pl.col("acronym")))
        .sort("row", "acronym", "n_words", "long_form")
        .unique(["row", "acronym"], keep="first", maintain_order=True)
        .select("row", "acronym", "long_form")
    )


def _matches(fields: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Each match of a pattern: row, match."""
    found = fields.lazy().select("row", match=pl.col("text").str.extract_all(pattern))
    return found.explode("match", empty_as_null=False).drop_nulls().collect()


def _endings(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each run of words at the end of `phrase` as `long_form`, with its number of words."""
    words = pl.col("phrase").str.split(" ")
    counted = pairs.with_columns(words=words, n_words=pl.int_ranges(1, words.list.len() + 1)).explode("n_words")
    return counted.with_columns(long_form=pl.col("words").list.tail(pl.col("n_words")).list.join(" ")).drop("words")


def spells(long_form: pl.Expr, acronym: pl.Expr) -> pl.Expr:
    """Whether the initials or the capitals of a long form spell the acronym.

    >>> pair = pl.DataFrame({"long_form": ["Retrieval-Augmented Foo"], "acronym": ["RAFoo"]})
    >>> pair.select(spells(pl.col("long_form"), pl.col("acronym"))).item()
    True
    """
    letters = acronym.str.replace(r"s$", "").str.replace_all(r"[^\p{L}]", "")
    wanted = letters.str.to_lowercase()
    capitals = acronym.str.replace_all(r"[^\p{Lu}]", "")
    no_small = long_form.str.replace_all(SMALL, "")
    by_initials = (_initials(long_form) == wanted) | (_initials(no_small) == wanted)
    by_capitals = (
        (long_form.str.replace_all(r"[^\p{Lu}]", "") == capitals)
        & (long_form.str.head(1).str.to_lowercase() == wanted.str.head(1))
        & (capitals.str.len_chars() >= FEWEST_LETTERS)
    )
    longer = long_form.str.len_chars() > acronym.str.len_chars() + FEWEST_LETTERS
    enough = letters.str.len_chars() >= FEWEST_LETTERS
    return (by_initials | by_capitals) & longer & enough & acronym.str.contains(r"\p{Lu}")


def _initials(phrase: pl.Expr) -> pl.Expr:
    """First letters of the words of a phrase, parts of hyphenated ones too, in lower case."""
    return phrase.str.replace_all(r"([\p{L}\p{N}])[\p{L}\p{N}\p{M}'’]*", "$1").str.replace_all(r"[^\p{L}]", "").str.to_lowercase()
