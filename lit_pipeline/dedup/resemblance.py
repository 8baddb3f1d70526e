"""Near-duplicates: whether a compared pair is one paper. Which pairs are compared is decided in `match`.

The columns of a pair are those of its first record, and those of its second with `_other`; an expression here reads
both. Figures behind the thresholds, and how they were measured, stand in docs/deduplication.md.
"""

import polars as pl

TITLE_FORMS = (
    "title_key",
    "title_stem",
    "title_core",
    "title_rest",
    "title_name",
    "name_stem",
    "n_title_words",
)
"""Columns of signatures that are read here, of both records of a pair."""

COMPARED_FORMS = ("title_key", "title_core", "title_rest", "title_name")
"""Forms of a title that make a pair worth comparing where they are equal."""

SAME_ABSTRACT = 0.45
"""Jaccard similarity from which two abstracts are one, whatever the titles. Among 26,000 abstracts, different papers
that are no two of a series reach 0.44."""

SAME_ABSTRACT_BY_TITLE = 0.3
"""The same where the titles share the name before the colon, or what follows it."""

SAME_EXCERPT = 0.8
"""Share of the shorter abstract from which it is a cut-off copy of the longer one."""

EXCERPT_SHINGLES = 20
"""Shingles from which an abstract shows what it is a copy of."""

SUPPORTING_SHARE = 0.6
"""Share of a remark or a summary that supports titles which are nearly the same."""

SUPPORTING_SHINGLES = 8
"""Shingles from which so weak a likeness is no accident."""

TELLING_WORDS = 6
"""Words of a title from which the words it links them with may differ."""

REMARK_SHINGLES = 40
"""Shingles below which an abstract is rather a remark or a summary, which says nothing against nearly equal titles."""

SHARED_WORDS = 5
"""Distinctive words that a rewritten abstract shares with its earlier version, at the least."""

REWRITTEN_UNDER_ONE_NAME = 0.42
"""Jaccard similarity of distinctive words from which papers that name the same thing before the colon are one. Of 860
pairs of different papers that do, the most alike with `SHARED_WORDS` in common reaches 0.35."""

REWRITTEN_WITH_ONE_FIGURE = 0.25
"""The same for abstracts that state the same exact figure; the most alike of different papers reaches 0.21."""


def resembles() -> pl.Expr:
    """Whether a pair is one paper.

    Columns read: `TITLE_FORMS` of both records, jaccard, containment, n_smaller (shingles of the shorter abstract),
    n_distinctive, n_shared_distinctive, n_shared_figures.
    """
    alike = pl.any_horizontal(
        _same_abstract(),
        _same_excerpt(),
        _title_in_part(),
        _title_but_for_link_words(),
        _weak_title(),
        _rewritten(),
    )
    return alike & ~_two_of_a_series()


def _same(form: str) -> pl.Expr:
    return (pl.col(form) == pl.col(f"{form}_other")).fill_null(value=False)


def _two_of_a_series() -> pl.Expr:
    """Whether the titles, or the names they open with, differ in nothing but what numbers the members of a series."""
    titles = _same("title_stem") & ~_same("title_key")
    names = _same("name_stem") & ~_same("title_name")
    return titles | names


def _same_abstract() -> pl.Expr:
    return (pl.col("jaccard") >= SAME_ABSTRACT) & (pl.col("n_smaller") >= EXCERPT_SHINGLES)


def _same_excerpt() -> pl.Expr:
    return (pl.col("containment") >= SAME_EXCERPT) & (pl.col("n_smaller") >= EXCERPT_SHINGLES)


def _supported() -> pl.Expr:
    """Whether the abstracts are alike enough for titles that are nearly the same."""
    alike = (pl.col("jaccard") >= SAME_ABSTRACT_BY_TITLE) | (pl.col("containment") >= SUPPORTING_SHARE)
    return alike & (pl.col("n_smaller") >= SUPPORTING_SHINGLES)


def _title_in_part() -> pl.Expr:
    """Whether the titles share the name before the colon or what follows it, or one is what follows in the other."""
    whole = pl.col("title_key") == pl.col("title_rest_other")
    other_whole = pl.col("title_rest") == pl.col("title_key_other")
    same_rest = _same("title_rest") | whole.fill_null(value=False) | other_whole.fill_null(value=False)
    return (same_rest | _same("title_name")) & _supported()


def _title_but_for_link_words() -> pl.Expr:
    telling = pl.min_horizontal("n_title_words", "n_title_words_other") >= TELLING_WORDS
    remark = pl.col("n_smaller") < REMARK_SHINGLES
    return _same("title_core") & telling & (remark | _supported())


def _weak_title() -> pl.Expr:
    return _same("title_key") & _supported()


def _rewritten() -> pl.Expr:
    shared = pl.col("n_shared_distinctive")
    likeness = shared / (pl.col("n_distinctive") - shared)
    under_one_name = _same("title_name") & (likeness >= REWRITTEN_UNDER_ONE_NAME)
    with_one_figure = (pl.col("n_shared_figures") > 0) & (likeness >= REWRITTEN_WITH_ONE_FIGURE)
    return (shared >= SHARED_WORDS) & (under_one_name | with_one_figure)
