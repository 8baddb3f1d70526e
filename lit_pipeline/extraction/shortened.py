"""Names that a paper writes in two ways: a long form beside its acronym, and the tail of a longer name.

What belongs here: which of a paper's own names stand for another of its names. Which entity a name stands for is
decided in `canonical`.
"""

import polars as pl

from lit_pipeline.extraction.canonical import kind_of
from lit_pipeline.extraction.definitions import in_order, spells
from lit_pipeline.extraction.names import fold, without_size_and_variant
from lit_pipeline.extraction.vocabulary import Vocabulary

FEWEST_LETTERS = 8
"""Letters from which a name can be a long form."""

FEWEST_ORDERED, MOST_LETTERS = 2, 12
"""Letters that an acronym has at least and at most."""

FEWEST_CAPITALS = 5
"""Capitals from which a long form that begins with them is no accident."""

VERSION = r" [vV]?\d+(?:\.\d+)*$"
"""The version of an acronym: 'QTM 2.0'."""

BRACKET = r"^[\"”’']*(?: (?:model|network|framework|architecture|benchmark|dataset))? \([\"“‘']?$"
"""What stands between a long form and the acronym that follows it."""

CLOSED = r"^[\"”’']?\)"
"""What follows an acronym that fills its brackets."""

APPOSED = r"^(?:: |, an? | \()$"
"""What stands between a name and its long form: 'LoFo: Long Form', 'LoFo, a Long Form', 'LoFo (Long Form'."""

WIDEST_GAP = 17
"""Characters of the widest of these."""

TAIL = 2
"""Order of the tail of a longer name: behind an acronym beside its long form (0) and one that is spelled by it (1)."""

NAME = ("paper_id", "kind", "folded")


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
    names = spans.select(*NAME, "surface").unique().sort(*NAME, "surface")
    known = vocabulary.terms.select(folded="folded", kind=kind_of(pl.col("type"))).unique().with_columns(known=True)
    told = names.join(known, on=["folded", "kind"], how="left").with_columns(pl.col("known").fill_null(value=False))
    tails = _tails(told, known)
    acronyms = _acronyms(told, spans, texts, defined)
    fuller = pl.concat([acronyms, tails], how="vertical").filter(pl.col("folded") != fold(pl.col("fuller")))
    return fuller.sort(*NAME, "order", "fuller").unique(NAME, keep="first", maintain_order=True).drop("order")


def _acronyms(names: pl.DataFrame, spans: pl.DataFrame, texts: pl.DataFrame, defined: pl.DataFrame) -> pl.DataFrame:
    """Long forms that go by their acronym, and acronyms that go by a known long form."""
    long = names.filter(pl.col("folded").str.len_chars() >= FEWEST_LETTERS).select(
        "paper_id", "kind", long_form="surface", long_folded="folded", long_known="known"
    )
    one_word = ~pl.col("surface").str.replace(VERSION, "").str.contains(" ")
    short = names.filter(pl.col("surface").str.contains(r"\p{Lu}") & one_word).rename(
        {"surface": "acronym", "known": "short_known"}
    )
    pairs = (
        long.join(short, on=["paper_id", "kind"]).filter(_may_spell()).sort("paper_id", "kind", "long_form", "acronym")
    )
    beside = _stand_together(pairs, spans, texts) | _defined(pairs, defined)
    spelled = (spells(pairs) | _begins_with_capitals(pairs)) & _in_order(pairs)
    meant = pairs.with_columns(order=(~beside).cast(pl.Int8)).filter(spelled | beside)
    by_long_form = pl.col("long_known") & ~pl.col("short_known")
    return pl.concat(
        [
            meant.filter(~by_long_form).select("paper_id", "kind", "order", folded="long_folded", fuller="acronym"),
            meant.filter(by_long_form).select("paper_id", "kind", "order", "folded", fuller="long_form"),
        ]
    )


def _may_spell() -> pl.Expr:
    """Whether a name is longer than its acronym, more than a variant of it, and has no number that it lacks.

    A known long form is not that of a version: 'Segment Anything Model' is not SAM 2.
    """
    long_folded, folded = pl.col("long_folded"), pl.col("folded")
    longer = long_folded.str.len_chars() > folded.str.len_chars()
    numbers = long_folded.str.replace_all(r"[^\d]", "")
    same_number = (numbers == folded.str.replace_all(r"[^\d]", "")) & pl.col("long_form").str.contains(" ")
    return (
        longer
        & ~long_folded.str.starts_with(folded)
        & ~long_folded.str.ends_with(folded)
        & ~(pl.col("long_known") & pl.col("acronym").str.contains(VERSION))
        & ((numbers == "") | same_number)
    )


def _begins_with_capitals(pairs: pl.DataFrame) -> pl.Series:
    """Whether the capitals of a long form begin with those of the acronym: 'FACTuality-Oriented Risk' and 'FACTOR'."""
    capitals = {name: pl.col(name).str.replace_all(r"[^\p{Lu}]", "") for name in ("long_form", "acronym")}
    told = pairs.select(**capitals)
    return (told["acronym"].str.len_chars() >= FEWEST_CAPITALS) & told.select(
        pl.col("long_form").str.starts_with(pl.col("acronym"))
    ).to_series()


def _defined(pairs: pl.DataFrame, defined: pl.DataFrame) -> pl.Series:
    """Whether the text spells an acronym out, 'Retrieval-Augmented Foo (RAFoo)'."""
    told = (
        defined.select("paper_id", folded=fold(pl.col("acronym")), long_folded=fold(pl.col("long_form")))
        .unique()
        .with_columns(found=pl.lit(value=True))
    )
    beside = pairs.join(told, on=["paper_id", "folded", "long_folded"], how="left", maintain_order="left")
    return beside["found"].fill_null(value=False)


def _stand_together(pairs: pl.DataFrame, spans: pl.DataFrame, texts: pl.DataFrame) -> pl.Series:
    """Whether the two stand side by side and have letters in common.

    A new acronym that fills the brackets behind several words, 'Long Form (LoFo)', begins as they do or has their
    letters in order; a known one, or one before its long form, 'LoFo: Long Form', does both.
    """
    beside = _neighbours(spans, texts)
    told = pairs.join(beside, on=["paper_id", "folded", "long_folded"], how="left", maintain_order="left")
    same_start = pairs["folded"].str.head(1) == pairs["long_folded"].str.head(1)
    in_order = _in_order(pairs)
    bracketed = told["bracketed"].fill_null(value=False) & pairs["long_form"].str.contains(r"\S \S")
    new = ~pairs["short_known"]
    return (bracketed & new & (same_start | in_order)) | (told["bracketed"].is_not_null() & same_start & in_order)


def _in_order(pairs: pl.DataFrame) -> pl.Series:
    """Whether the letters of an acronym stand in its long form in their order."""
    letters = pl.col("folded").str.replace_all(r"[^\p{L}]", "").str.replace("s$", "")
    told = pairs.select(letters=letters, rest="long_folded")
    return in_order(told, MOST_LETTERS) & told["letters"].str.len_chars().is_between(FEWEST_ORDERED, MOST_LETTERS)


def _neighbours(spans: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Names side by side: paper_id, folded (the shorter), long_folded, bracketed (the shorter fills its brackets)."""
    ordered = spans.sort("paper_id", "field", "start").select(
        "paper_id",
        "field",
        "folded",
        "end",
        next_folded=pl.col("folded").shift(-1).over("paper_id", "field"),
        next_start=pl.col("start").shift(-1).over("paper_id", "field"),
        next_end=pl.col("end").shift(-1).over("paper_id", "field"),
    )
    width = pl.col("next_start") - pl.col("end")
    close = ordered.filter(width.is_between(1, WIDEST_GAP))
    between = close.join(texts.select("paper_id", "field", "text"), on=["paper_id", "field"]).with_columns(
        gap=pl.col("text").str.slice(pl.col("end"), width), after=pl.col("text").str.slice(pl.col("next_end"), 2)
    )
    after_long = between.filter(pl.col("gap").str.contains(BRACKET)).select(
        "paper_id", folded="next_folded", long_folded="folded", bracketed=pl.col("after").str.contains(CLOSED)
    )
    before_long = between.filter(pl.col("gap").str.contains(APPOSED)).select(
        "paper_id", "folded", long_folded="next_folded", bracketed=pl.lit(value=False)
    )
    both = pl.concat([after_long, before_long])
    return both.group_by("paper_id", "folded", "long_folded").agg(pl.col("bracketed").any())


def _tails(names: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Unknown names with a number that end a longer name of their paper, sizes and weights aside."""
    bare = (
        names.with_columns(bare=without_size_and_variant(pl.col("surface")))
        .with_columns(bare_folded=fold(pl.col("bare")))
        .join(
            known.select(bare_folded="folded", kind="kind", bare_known="known"), on=["bare_folded", "kind"], how="left"
        )
    )
    numbered = (
        ~pl.col("known")
        & pl.col("bare_known").is_null()
        & pl.col("bare").str.contains(r"\p{L}")
        & pl.col("bare").str.contains(r"\d")
    )
    longer = bare.select("paper_id", "kind", fuller="bare", longer_folded="bare_folded").unique()
    return (
        bare.filter(numbered)
        .join(longer, on=["paper_id", "kind"])
        .filter(
            pl.col("longer_folded") != pl.col("bare_folded"),
            pl.col("fuller").str.ends_with("-" + pl.col("bare")) | pl.col("fuller").str.ends_with(" " + pl.col("bare")),
        )
        .select("paper_id", "kind", pl.lit(TAIL, pl.Int8).alias("order"), "folded", "fuller")
    )
