"""Acronyms that a paper spells out otherwise than the vocabulary does: 'Scalable Active Metamaterial (SAM)'.

What belongs here: noticing them. By which name they go is decided in `naming`.
"""

import polars as pl

from lit_pipeline.extraction.canonical import kind_of
from lit_pipeline.extraction.names import fold
from lit_pipeline.extraction.vocabulary import Vocabulary

STEM = 4
"""First letters of a word by which two words count as one."""

LONG_FORM = r"\p{L}[ -]\p{L}"
"""A name of several words."""


def homonyms(defined: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Acronyms whose long form shares no word with any long form of the entity that the vocabulary knows them as.

    Entities without a long form in the vocabulary are left alone: nothing tells what their letters stand for.

    Args:
        defined: paper_id, acronym, long_form.
        vocabulary: the known names.

    Returns:
        paper_id, kind ('system' or 'data'), folded (of the acronym), long_form (of several, the first by alphabet): one
        row an acronym of a paper and kind.

    """
    spelled = defined.select("paper_id", "long_form", folded=fold(pl.col("acronym")), stems=_stems("long_form")).filter(
        ~fold(pl.col("long_form")).str.starts_with(pl.col("folded").str.extract(r"^(\p{L}+)"))
    )
    known = vocabulary.terms.select("folded", "entity_id", kind=kind_of(pl.col("type"))).unique()
    meant = spelled.join(known, on="folded").join(_spelled_out(vocabulary), on=["entity_id", "folded"])
    apart = meant.with_columns(shared=pl.col("stems").list.set_intersection("known_stems").list.len() > 0)
    told = apart.group_by("paper_id", "kind", "folded").agg(pl.col("shared").any(), pl.col("long_form").min())
    return told.filter(~pl.col("shared")).drop("shared").sort("paper_id", "kind", "folded")


def _spelled_out(vocabulary: Vocabulary) -> pl.DataFrame:
    """Words of the long forms that an entity has beside each of its short forms: entity_id, folded, known_stems."""
    terms = vocabulary.terms.select("entity_id", "surface", "folded")
    long = terms.filter(pl.col("surface").str.contains(LONG_FORM)).select(
        "entity_id", long_folded="folded", known_stems=_stems("surface")
    )
    beside = terms.join(long, on="entity_id").filter(
        ~pl.col("long_folded").str.contains(pl.col("folded"), literal=True) & (pl.col("known_stems").list.len() > 1)
    )
    return beside.group_by("entity_id", "folded").agg(pl.col("known_stems").list.explode().unique())


def _stems(column: str) -> pl.Expr:
    """First letters of the words of a long form."""
    words = pl.col(column).str.to_lowercase().str.extract_all(rf"\p{{L}}{{{STEM},}}")
    return words.list.eval(pl.element().str.head(STEM)).list.unique()
