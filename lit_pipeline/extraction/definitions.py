"""Acronyms and the long forms that spell them out.

What belongs here: finding the pairs, 'Retrieval-Augmented Foo (RAFoo)' and 'RAFoo (Retrieval-Augmented Foo)'. A long
form is the shortest run of words before the bracket whose initials, or whose capitals, spell the acronym (after
Schwartz and Hearst 2003, by initials instead of any letters).
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
FEWEST_ORDERED, MOST_ORDERED = 3, 8
"""Capitals of an acronym whose order among the initials is enough, and how many of them are looked at."""

MOST_EXTRA_WORDS = 2
"""Words of a long form beyond one a capital, where only the order speaks for it."""


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
        spelled.filter(spells(spelled))
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


def spells(pairs: pl.DataFrame) -> pl.Series:
    """Whether a long form's initials or capitals spell the acronym, or hold its capitals in order ('CSPENet').

    >>> spells(pl.DataFrame({"long_form": ["Retrieval-Augmented Foo"], "acronym": ["RAFoo"]})).to_list()
    [True]
    """
    long_form, acronym = pl.col("long_form"), pl.col("acronym")
    told = pairs.select(
        "long_form",
        "acronym",
        letters=acronym.str.replace(r"s$", "").str.replace_all(r"[^\p{L}]", "").str.to_lowercase(),
        capitals=acronym.str.replace_all(r"[^\p{Lu}]", ""),
        long_capitals=long_form.str.replace_all(r"[^\p{Lu}]", ""),
        initials=_initials(long_form),
        large_initials=_initials(long_form.str.replace_all(SMALL, "")),
    )
    letters, capitals = pl.col("letters"), pl.col("capitals")
    by_initials = letters.is_in(pl.concat_list("initials", "large_initials"))
    by_capitals = (pl.col("long_capitals") == capitals) & (capitals.str.len_chars() >= FEWEST_LETTERS)
    few_words = long_form.str.count_matches(r"\S+") <= capitals.str.len_chars() + MOST_EXTRA_WORDS
    ordered = in_order(told.select(letters=capitals.str.to_lowercase(), rest="initials"), MOST_ORDERED)
    by_order = ordered & (capitals.str.len_chars() >= FEWEST_ORDERED) & few_words
    same_start = long_form.str.head(1).str.to_lowercase() == letters.str.head(1)
    longer = long_form.str.len_chars() > acronym.str.len_chars() + FEWEST_LETTERS
    enough = (letters.str.len_chars() >= FEWEST_LETTERS) & (capitals != "")
    return told.select((by_initials | (same_start & (by_capitals | by_order))) & longer & enough).to_series()


def in_order(pairs: pl.DataFrame, most: int) -> pl.Series:
    """Whether the first `most` characters of `letters` stand in `rest` in their order, both in lower case.

    Taken letter by letter as columns: nested expressions would be evaluated twice a letter.
    """
    state = pairs.select("letters", "rest", found=pl.lit(value=True))
    for at in range(most):
        placed = state.with_columns(letter=pl.col("letters").str.slice(at, 1)).with_columns(
            place=pl.col("rest").str.find(pl.col("letter"), literal=True)
        )
        over = pl.col("letter") == ""
        state = placed.select(
            "letters",
            rest=pl.when(over).then("rest").otherwise(pl.col("rest").str.slice(pl.col("place") + 1)),
            found=pl.col("found") & (over | pl.col("place").is_not_null()),
        )
    return state["found"]


def _initials(phrase: pl.Expr) -> pl.Expr:
    """First letters of the words of a phrase, parts of hyphenated ones too, in lower case."""
    return (
        phrase.str.replace_all(r"([\p{L}\p{N}])[\p{L}\p{N}\p{M}'’]*", "$1")
        .str.replace_all(r"[^\p{L}]", "")
        .str.to_lowercase()
    )
