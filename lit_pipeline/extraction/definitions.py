"""Acronyms and the long forms that spell them out.

What belongs here: finding the pairs, 'Retrieval-Augmented Foo (RAFoo)' and 'RAFoo (Retrieval-Augmented Foo)'. A long
form is the shortest run of words before the bracket whose initials, or
whose
capitals, spell the acronym (after Schwartz and Hearst 2003, by initials instead of any letters).
"""

import polars as pl

from lit_pipeline.extraction.texts import places_of

ACRONYM = r"[\p{L}$][\p{L}\p{N}+-]{1,17}"
MOST_WORDS = 11
"""Words that a long form may have."""

REACH = 110
"""Characters before a bracket and after it in which the pair stands."""

OPENING = " ("
IN_BRACKET = rf"^[\"“']?({ACRONYM})[\"”']?[),;]"
BEFORE_BRACKET = rf"({ACRONYM})$"
PHRASE_BEFORE = r"([^.;:()\[\]]+)$"
PHRASE_IN_BRACKET = r"^([^()]{5,}?)\)"
SMALL = r"(?i)\b(?:of|and|for|the|in|with|to|via|on|from|by|a|an|as|at|through|using)\b"
FEWEST_LETTERS = 2


def definitions_of(fields: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an acronym and its long form: row, acronym, long_form; one row a pair of a text."""
    brackets = places_of(fields, "text", pl.lit(pl.Series([OPENING]).implode()))
    texts = fields["text"].gather(brackets["at"])
    reach = (brackets["start"] - REACH).clip(lower_bound=0)
    seen = pl.DataFrame(
        {
            "row": fields["row"].gather(brackets["at"]),
            "left": texts.str.slice(reach, brackets["start"] - reach),
            "right": texts.str.slice(brackets["end"], REACH),
        }
    )
    before = seen.select(
        "row", acronym=pl.col("right").str.extract(IN_BRACKET), phrase=pl.col("left").str.extract(PHRASE_BEFORE)
    )
    inside = seen.select(
        "row",
        acronym=pl.col("left").str.extract(BEFORE_BRACKET),
        long_form=pl.col("right").str.extract(PHRASE_IN_BRACKET),
        n_words=pl.lit(0, pl.Int64),
    )
    named = pl.col("acronym").str.contains(r"\p{Lu}")
    spelled = pl.concat([_endings(before.drop_nulls().filter(named)), inside.drop_nulls().filter(named)])
    return (
        spelled.filter(spells(pl.col("long_form"), pl.col("acronym")))
        .sort("row", "acronym", "n_words", "long_form")
        .unique(["row", "acronym"], keep="first", maintain_order=True)
        .select("row", "acronym", "long_form")
    )


def _endings(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each run of words at the end of `phrase`: row, acronym, long_form, n_words."""
    words = pairs.with_columns(words=pl.col("phrase").str.strip_chars().str.split(" ").list.tail(MOST_WORDS))
    counted = words.with_columns(n_words=pl.int_ranges(1, pl.col("words").list.len() + 1)).explode("n_words")
    long_form = pl.col("words").list.tail(pl.col("n_words")).list.join(" ")
    told = counted.select("row", "acronym", long_form=long_form, n_words=pl.col("n_words").cast(pl.Int64))
    return told.filter(_first_letter("long_form") == _first_letter("acronym"))


def _first_letter(name: str) -> pl.Expr:
    return pl.col(name).str.head(1).str.to_lowercase()


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
    return (
        phrase.str.replace_all(r"([\p{L}\p{N}])[\p{L}\p{N}\p{M}'’]*", "$1")
        .str.replace_all(r"[^\p{L}]", "")
        .str.to_lowercase()
    )
