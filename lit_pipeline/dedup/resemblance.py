"""Near-duplicates: whether a compared pair is one paper. Which pairs are compared belongs to `candidates`."""

import polars as pl

SAME_ABSTRACT = 0.45
"""Jaccard similarity from which two abstracts are one, whatever the titles. Different papers of one group reach 0.14."""

SAME_EXCERPT = 0.8
"""Share of the shorter abstract from which it is a cut-off copy of the longer one."""

EXCERPT_SHINGLES = 20
"""Shingles from which an excerpt shows what it was cut from."""

SAME_SUBJECT = 0.35
"""Share of the shorter abstract that supports two titles of which one is the other behind a name and a colon."""

SUBJECT_SHINGLES = 8
"""Shingles from which so weak a likeness is no accident."""

TELLING_WORDS = 6
"""Words of a title from which the words it links them with may differ."""

NO_ABSTRACT_SHINGLES = 40
"""Shingles below which an abstract is rather a remark or a summary, that says little against equal titles."""

SAME_WEAK_TITLE = 0.2
"""Jaccard similarity that supports an equal short or generic title."""


def resembles() -> pl.Expr:
    """Whether a pair is one paper.

    Columns read: jaccard, containment, n_smaller (shingles of the shorter abstract), n_title_words (of the shorter
    title), same_title, same_stem, same_core, same_rest.
    """
    series = pl.col("same_stem") & ~pl.col("same_title")
    return ~series & (
        _same_abstract() | _same_excerpt() | _title_behind_a_name() | _title_but_for_link_words() | _weak_title()
    )


def _same_abstract() -> pl.Expr:
    return (pl.col("jaccard") >= SAME_ABSTRACT) & (pl.col("n_smaller") >= EXCERPT_SHINGLES)


def _same_excerpt() -> pl.Expr:
    return (pl.col("containment") >= SAME_EXCERPT) & (pl.col("n_smaller") >= EXCERPT_SHINGLES)


def _title_behind_a_name() -> pl.Expr:
    supported = (pl.col("containment") >= SAME_SUBJECT) & (pl.col("n_smaller") >= SUBJECT_SHINGLES)
    return pl.col("same_rest") & supported


def _title_but_for_link_words() -> pl.Expr:
    nothing_against = (pl.col("n_smaller") < NO_ABSTRACT_SHINGLES) | (pl.col("containment") >= SAME_SUBJECT)
    return pl.col("same_core") & (pl.col("n_title_words") >= TELLING_WORDS) & nothing_against


def _weak_title() -> pl.Expr:
    alike = (pl.col("jaccard") >= SAME_WEAK_TITLE) | (pl.col("containment") >= SAME_SUBJECT)
    return pl.col("same_title") & alike & (pl.col("n_smaller") >= SUBJECT_SHINGLES)
