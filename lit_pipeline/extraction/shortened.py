"""Names that a paper writes in two ways: a long form beside its acronym, and the tail of a longer name.

What belongs here: which of a paper's own names stand for another of its names. Which entity a name stands for is
decided in `canonical`.
"""

import polars as pl

from lit_pipeline.extraction.beside import BEHIND, neighbours
from lit_pipeline.extraction.canonical import kind_of
from lit_pipeline.extraction.definitions import in_order, spells
from lit_pipeline.extraction.model_names import without_size_and_variant
from lit_pipeline.extraction.names import fold, singular
from lit_pipeline.extraction.vocabulary import Vocabulary

FEWEST_LETTERS = 8
"""Letters from which a name can be a long form."""

FEWEST_ORDERED, MOST_LETTERS = 2, 12
"""Letters that an acronym has at least and at most."""

FEWEST_CAPITALS = 5
"""Capitals from which a long form that begins with them is no accident."""

VERSION = r" [vV]?\d+(?:\.\d+)*$"
"""The version of an acronym: 'QTM 2.0'."""

NUMBERED = r"\d$"
"""An acronym that ends with its version: 'SD3.5'."""

MANY_WORDS = r"\S \S+ \S"
"""A long form of three words at least."""

ONLY_DEFINED, TAIL = 2, 3
"""Orders of an acronym that is no name found, and of the tail of a longer name: behind an acronym beside its long form
(0) and one that is spelled by it (1)."""

NAME = ("paper_id", "kind", "stem")


def fuller_names(
    spans: pl.DataFrame, texts: pl.DataFrame, defined: pl.DataFrame, vocabulary: Vocabulary
) -> pl.DataFrame:
    """The name under which a paper's other name is looked up.

    A long form goes by its acronym, unless the vocabulary knows the long form alone ('Stable Diffusion (SD)'); the tail
    of a longer name goes by the longer one ('R1' beside 'DeepSeek-R1').

    Args:
        spans: paper_id, field, start, end, surface, kind ('system' or 'data'), folded (of the surface).
        texts: columns of `fields_of`: row, paper_id, field, text.
        defined: paper_id, acronym, long_form, of the same papers.
        vocabulary: the known names.

    Returns:
        paper_id, kind, folded, fuller (a surface form): one row a name that goes by another one.

    """
    stemmed = spans.with_columns(stem=_stem("surface"))
    names = stemmed.select(*NAME, "surface").unique().sort(*NAME, "surface")
    known = vocabulary.terms.select(stem=_stem("surface"), kind=kind_of(pl.col("type"))).unique()
    told = names.join(known.with_columns(known=True), on=["stem", "kind"], how="left").with_columns(
        pl.col("known").fill_null(value=False)
    )
    named = [_acronyms(told, stemmed, texts, defined), _only_defined(told, defined), _tails(told, known)]
    fuller = pl.concat(named).filter(pl.col("stem") != _stem("fuller"))
    chosen = fuller.sort(*NAME, "order", "fuller").unique(NAME, keep="first", maintain_order=True)
    written = stemmed.select(*NAME, "folded").unique()
    return chosen.join(written, on=NAME).select("paper_id", "kind", "folded", "fuller")


def _stem(name: str) -> pl.Expr:
    """What a name and its plural have in common."""
    return fold(singular(pl.col(name)))


def _acronyms(names: pl.DataFrame, spans: pl.DataFrame, texts: pl.DataFrame, defined: pl.DataFrame) -> pl.DataFrame:
    """Long forms that go by their acronym, and acronyms that go by a known long form: `NAME`, order, fuller."""
    pairs = _pairs(names, spans, texts, defined)
    meant = pairs.filter(_beside() | _spelled()).with_columns(order=(~_beside()).cast(pl.Int8))
    by_long_form = pl.col("long_known") & ~pl.col("short_known")
    abridged = pl.col("same_start") & pl.col("in_order") & ~pl.col("stem").str.contains(r"\d")
    return pl.concat(
        [
            meant.filter(~by_long_form).select("paper_id", "kind", "order", stem="long_stem", fuller="acronym"),
            meant.filter(by_long_form & abridged).select("paper_id", "kind", "order", "stem", fuller="long_form"),
        ]
    ).select(*NAME, "order", "fuller")


def _pairs(names: pl.DataFrame, spans: pl.DataFrame, texts: pl.DataFrame, defined: pl.DataFrame) -> pl.DataFrame:
    """A paper's longer names, each with the short ones that may stand for it, and what speaks for that.

    Returns:
        paper_id, kind; acronym, stem, short_known, one_word; long_form, long_stem, long_known; way (see `beside`, or
        null), defined, same_start, in_order (the letters), same_numbers, initials.

    """
    long = names.filter(pl.col("stem").str.len_chars() >= FEWEST_LETTERS).select(
        "paper_id", "kind", long_form="surface", long_stem="stem", long_known="known"
    )
    blanks = pl.col("surface").str.replace(VERSION, "").str.count_matches(" ")
    short = names.filter(pl.col("surface").str.contains(r"\p{Lu}") & (blanks <= 1)).select(
        *NAME, acronym="surface", short_known="known", one_word=blanks == 0
    )
    told = defined.select("paper_id", stem=_stem("acronym"), long_stem=_stem("long_form"), defined=True).unique()
    pair = ["paper_id", "stem", "long_stem"]
    pairs = (
        long.join(short, on=["paper_id", "kind"])
        .filter(_may_spell())
        .sort("paper_id", "kind", "long_form", "acronym")
        .join(neighbours(spans, texts), on=pair, how="left", maintain_order="left")
        .join(told, on=pair, how="left", maintain_order="left")
        .with_columns(
            pl.col("defined").fill_null(value=False),
            same_start=pl.col("stem").str.head(1) == pl.col("long_stem").str.head(1),
            same_numbers=_same_numbers(),
        )
    )
    return pairs.with_columns(in_order=_in_order(pairs), initials=spells(pairs) | _begins_with_capitals(pairs))


def _may_spell() -> pl.Expr:
    """Whether a name is longer than its acronym and more than a variant of it.

    A known long form is not that of a version: 'Segment Anything Model' is not SAM 2.
    """
    long_stem, stem = pl.col("long_stem"), pl.col("stem")
    longer = long_stem.str.len_chars() > stem.str.len_chars()
    of_version = pl.col("long_known") & pl.col("acronym").str.contains(NUMBERED)
    return longer & ~long_stem.str.starts_with(stem) & ~long_stem.str.ends_with(stem) & ~of_version


def _beside() -> pl.Expr:
    """Whether the text gives the acronym, or the two stand side by side and have letters in common.

    A new acronym behind several words, 'Long Form (LoFo)' or 'a Long Form named LoFo', begins as they do or has their
    letters in order, and needs neither behind three new words; one before a new long form, 'LoFo: A Long Form', begins
    as it does; a known one does both.
    """
    new, long_new = ~pl.col("short_known"), ~pl.col("long_known")
    same_start, in_order, same_numbers = pl.col("same_start"), pl.col("in_order"), pl.col("same_numbers")
    words, one_word = pl.col("long_form").str.contains(r"\S \S"), pl.col("one_word")
    behind = pl.col("way") == BEHIND
    alike = (
        (behind & new & words & (same_start | in_order) & same_numbers)
        | (behind & new & long_new & pl.col("long_form").str.contains(MANY_WORDS))
        | (new & long_new & words & same_start & same_numbers & one_word)
        | (same_start & in_order & one_word)
    )
    return (pl.col("way").is_not_null() & alike) | (pl.col("defined") & same_numbers)


def _spelled() -> pl.Expr:
    """Whether the long form spells the acronym, wherever the two stand; two known names are not one."""
    two_known = pl.col("long_known") & pl.col("short_known")
    return pl.col("initials") & pl.col("in_order") & pl.col("same_numbers") & pl.col("one_word") & ~two_known


def _same_numbers() -> pl.Expr:
    """Whether a long form has no number that its acronym lacks."""
    numbers = pl.col("long_stem").str.replace_all(r"[^\d]", "")
    same = (numbers == pl.col("stem").str.replace_all(r"[^\d]", "")) & pl.col("long_form").str.contains(" ")
    return (numbers == "") | same


def _begins_with_capitals(pairs: pl.DataFrame) -> pl.Series:
    """Whether the capitals of a long form begin with those of the acronym: 'FACTuality-Oriented Risk' and 'FACTOR'."""
    capitals = {name: pl.col(name).str.replace_all(r"[^\p{Lu}]", "") for name in ("long_form", "acronym")}
    told = pairs.select(**capitals, words=pl.col("long_form").str.contains(" "))
    return told.select(
        pl.col("words")
        & (pl.col("acronym").str.len_chars() >= FEWEST_CAPITALS)
        & pl.col("long_form").str.starts_with(pl.col("acronym"))
    ).to_series()


def _in_order(pairs: pl.DataFrame) -> pl.Series:
    """Whether the letters of an acronym stand in its long form in their order."""
    letters = pl.col("stem").str.replace_all(r"[^\p{L}]", "")
    told = pairs.select(letters=letters, rest="long_stem")
    return in_order(told, MOST_LETTERS) & told["letters"].str.len_chars().is_between(FEWEST_ORDERED, MOST_LETTERS)


def _only_defined(names: pl.DataFrame, defined: pl.DataFrame) -> pl.DataFrame:
    """New long forms that the text gives an acronym which was not found as a name: `NAME`, order, fuller."""
    told = defined.select("paper_id", stem=_stem("long_form"), fuller=singular(pl.col("acronym"))).unique()
    found = names.filter(~pl.col("known") & (pl.col("stem").str.len_chars() >= FEWEST_LETTERS)).join(
        told, on=["paper_id", "stem"]
    )
    return found.select(*NAME, pl.lit(ONLY_DEFINED, pl.Int8).alias("order"), "fuller")


def _tails(names: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Unknown names with a number that end a longer name of their paper, sizes and weights aside."""
    bare = (
        names.filter(pl.col("surface").str.contains(r"\d"))
        .with_columns(bare=without_size_and_variant(pl.col("surface")))
        .with_columns(bare_stem=_stem("bare"))
        .join(known.select("kind", bare_stem="stem", bare_known=True), on=["bare_stem", "kind"], how="left")
    )
    numbered = (
        ~pl.col("known")
        & pl.col("bare_known").is_null()
        & pl.col("bare").str.contains(r"\p{L}")
        & pl.col("bare").str.contains(r"\d")
    )
    longer = bare.select("paper_id", "kind", fuller="bare", longer_stem="bare_stem").unique()
    return (
        bare.filter(numbered)
        .join(longer, on=["paper_id", "kind"])
        .filter(
            pl.col("longer_stem") != pl.col("bare_stem"),
            pl.col("fuller").str.ends_with("-" + pl.col("bare")) | pl.col("fuller").str.ends_with(" " + pl.col("bare")),
        )
        .select(*NAME, pl.lit(TAIL, pl.Int8).alias("order"), "fuller")
    )
