"""Names of people: repaired, trimmed, empty ones dropped; their order stays."""

import polars as pl

from lit_pipeline.cleaning.text import repair_text

NO_LETTER = r"^[^\p{L}]*$"


def clean_names(names: pl.Expr) -> pl.Expr:
    """Lists of names, repaired; null where no name is left."""
    repaired = names.list.eval(repair_text(pl.element()).str.strip_chars(" ,;"))
    named = repaired.list.eval(pl.element().filter(~pl.element().str.contains(NO_LETTER)))
    return pl.when(named.list.len() > 0).then(named)


def count_names(stated: pl.Expr, names: pl.Expr) -> pl.Expr:
    """Number of authors as stated, else as many as are named."""
    return pl.coalesce(pl.when(stated > 0).then(stated), names.list.len().cast(pl.Int64))
