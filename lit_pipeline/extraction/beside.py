"""Names that stand side by side as a long form and its acronym do.

What belongs here: what stands between the two. Whether they are one name is decided in `shortened`.
"""

import polars as pl

BRACKET = r"^[\"”’']*(?: (?i:model|network|framework|architecture|benchmark|dataset)s?)? \([\"“‘']?$"
"""What stands between a long form and the acronym that follows it."""

CLOSED = r"^[\"”’']?\)"
"""What follows an acronym that fills its brackets."""

CALLED = (
    r"^[\"”’']*(?: (?i:model|network|framework|architecture))?,? "
    r"(?:(?:named|called|termed|dubbed|abbreviated)(?: as)?|namely|i\.e\.,) [\"“‘']?$"
)
"""What stands between a long form and the name it is given: 'a Long Form named LoFo'."""

APPOSED = r"^(?::(?: An?)? |, an? (?:novel |new )?| \()$"
"""What stands between a name and its long form: 'LoFo: A Long Form', 'LoFo, a Long Form', 'LoFo (Long Form'."""

WIDEST_GAP = 24
"""Characters of the widest of these."""

BEFORE, BEHIND = 0, 1
"""How an acronym stands beside its long form; what fills its brackets is behind."""


def neighbours(spans: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Pairs of names of which one may be the other's long form.

    Args:
        spans: paper_id, field, start, end, stem (what a name and its plural have in common).
        texts: paper_id, field, text.

    Returns:
        paper_id, stem (the acronym's), long_stem, way (`BEHIND` or `BEFORE` the long form); one row a pair.

    """
    ordered = spans.sort("paper_id", "field", "start").select(
        "paper_id",
        "field",
        "stem",
        "end",
        next_stem=pl.col("stem").shift(-1).over("paper_id", "field"),
        next_start=pl.col("start").shift(-1).over("paper_id", "field"),
        next_end=pl.col("end").shift(-1).over("paper_id", "field"),
    )
    width = pl.col("next_start") - pl.col("end")
    close = ordered.filter(width.is_between(1, WIDEST_GAP))
    between = close.join(texts.select("paper_id", "field", "text"), on=["paper_id", "field"]).with_columns(
        gap=pl.col("text").str.slice(pl.col("end"), width), after=pl.col("text").str.slice(pl.col("next_end"), 2)
    )
    bracketed, called = pl.col("gap").str.contains(BRACKET), pl.col("gap").str.contains(CALLED)
    behind = called | pl.col("after").str.contains(CLOSED)
    after_long = between.filter(bracketed | called).select(
        "paper_id", stem="next_stem", long_stem="stem", way=pl.when(behind).then(BEHIND).otherwise(BEFORE)
    )
    before_long = between.filter(pl.col("gap").str.contains(APPOSED)).select(
        "paper_id", "stem", long_stem="next_stem", way=pl.lit(BEFORE)
    )
    return pl.concat([after_long, before_long]).group_by("paper_id", "stem", "long_stem").agg(pl.col("way").max())
