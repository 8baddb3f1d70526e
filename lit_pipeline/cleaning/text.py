"""Repair of titles and abstracts: the chain of repairs, as an expression, for frames, and with the repairs named.

The repairs themselves stand in `characters`, `lost_backslashes`, `latex` and `typography`; how a chain runs, in
`repair`. Repairing a repaired text changes nothing.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from lit_pipeline.cleaning.characters import CHARACTER_REPAIRS
from lit_pipeline.cleaning.latex import LATEX_REPAIRS
from lit_pipeline.cleaning.lost_backslashes import LOST_ARROW_REPAIRS, LOST_BACKSLASH_REPAIRS
from lit_pipeline.cleaning.repair import Chain, Marks
from lit_pipeline.cleaning.typography import LINE_REPAIRS, SETTING_REPAIRS

CHAIN = Chain(
    (*CHARACTER_REPAIRS, *LINE_REPAIRS, *LOST_BACKSLASH_REPAIRS, *LATEX_REPAIRS, *LOST_ARROW_REPAIRS, *SETTING_REPAIRS)
)
"""All repairs of text, in the order they are applied."""


def repair_text(column: pl.Expr | str) -> pl.Expr:
    """A column of texts, repaired; null stays null, and an empty text stays empty."""
    return _expression(column).map_batches(_repaired, return_dtype=pl.String, is_elementwise=True)


def repair_frame(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with the texts of `columns` repaired."""
    return frame.with_columns(repair_text(column) for column in columns)


def repair_named(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with the texts of `columns` repaired, and `repairs`: the names of those that changed any of them."""
    marks = np.zeros(frame.height, dtype=np.uint64)
    repaired = []
    for column in columns:
        texts, changes = CHAIN.run(frame.get_column(column))
        marks |= changes
        repaired.append(texts)
    return frame.with_columns(*repaired, repairs=_names(marks))


def _expression(column: pl.Expr | str) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def _repaired(texts: pl.Series) -> pl.Series:
    return CHAIN.run(texts)[0]


def _names(marks: Marks) -> pl.Series:
    """Names of the repairs whose bit is set, in the order of the chain."""
    kinds, kind_of_row = np.unique(marks, return_inverse=True)
    names = [[name for bit, name in enumerate(CHAIN.names) if int(kind) >> bit & 1] for kind in kinds]
    return pl.Series("repairs", names, dtype=pl.List(pl.String)).gather(kind_of_row)
