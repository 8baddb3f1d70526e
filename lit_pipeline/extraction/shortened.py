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

BRACKET, COLON = r"^(?: (?:model|network|framework|architecture|benchmark|dataset))? \($", r"^: $"
"""What stands between a long form and the acronym that follows it, and between a title's name and its long form."""

WIDEST_GAP = 15
"""Characters of the widest of these."""

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
    spelled = (spells(pairs) | _begins_with_capitals(pairs)) & _in_order(pairs)
    meant = pairs.filter(spelled | _stand_together(pairs, spans, texts) | _defined(pairs, defined))
    by_long_form = pl.col("long_known") & ~pl.col("short_known")
    order = pl.lit(0, pl.Int8)
    return pl.concat(
        [
            meant.filter(~by_long_form).select("paper_id", "kind", folded="long_folded", fuller="acronym", order=order),
            meant.filter(by_long_form).select("paper_id", "kind", "folded", fuller="long_form", order=order),
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
    return _found(pairs, told, ["paper_id", "folded", "long_folded"])


def _stand_together(pairs: pl.DataFrame, spans: pl.DataFrame, texts: pl.DataFrame) -> pl.Series:
    """Whether the two stand side by side, 'Long Form (LoFo)' or 'LoFo: Long Form', and letters are in order."""
    side_by_side = _found(pairs, _neighbours(spans, texts), ["paper_id", "folded", "long_folded"])
    same_start = pairs["folded"].str.head(1) == pairs["long_folded"].str.head(1)
    return side_by_side & same_start & _in_order(pairs)


def _in_order(pairs: pl.DataFrame) -> pl.Series:
    """Whether the letters of an acronym stand in its long form in their order."""
    letters = pl.col("folded").str.replace_all(r"[^\p{L}]", "").str.replace("s$", "")
    told = pairs.select(letters=letters, rest="long_folded")
    return in_order(told, MOST_LETTERS) & told["letters"].str.len_chars().is_between(FEWEST_ORDERED, MOST_LETTERS)


def _neighbours(spans: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Names with a bracket or a colon between them: paper_id, folded (the shorter), long_folded, found."""
    ordered = spans.sort("paper_id", "field", "start").select(
        "paper_id",
        "field",
        "folded",
        "end",
        next_folded=pl.col("folded").shift(-1).over("paper_id", "field"),
        next_start=pl.col("start").shift(-1).over("paper_id", "field"),
    )
    width = pl.col("next_start") - pl.col("end")
    close = ordered.filter(width.is_between(1, WIDEST_GAP))
    between = close.join(texts.select("paper_id", "field", "text"), on=["paper_id", "field"]).with_columns(
        gap=pl.col("text").str.slice(pl.col("end"), width)
    )
    after_bracket = between.filter(pl.col("gap").str.contains(BRACKET)).select(
        "paper_id", folded="next_folded", long_folded="folded"
    )
    after_colon = between.filter(
        pl.col("gap").str.contains(COLON) & (pl.col("field").cast(pl.String) == "title")
    ).select("paper_id", "folded", long_folded="next_folded")
    return pl.concat([after_bracket, after_colon]).unique().with_columns(found=pl.lit(value=True))


def _found(pairs: pl.DataFrame, told: pl.DataFrame, key: list[str]) -> pl.Series:
    return pairs.join(told, on=key, how="left", maintain_order="left")["found"].fill_null(value=False)


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
        .select(*NAME, "fuller", order=pl.lit(1, pl.Int8))
    )
