"""Spans of text: which of overlapping ones stay.

What belongs here: operations on frames of spans that know nothing of names or types.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import polars_schema

Ints = NDArray[np.int64]

PLACE = ("paper_id", "field", "start")


def as_spans(found: pl.DataFrame) -> pl.DataFrame:
    """The columns of `Spans`, sorted by paper_id, field and start."""
    schema = polars_schema(Spans)
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(PLACE)


def best_apart(named: pl.DataFrame) -> pl.DataFrame:
    """Spans of each `row` of which none overlap; of those that do a longer and a surer one stays.

    Length counts by its root, so that 'Stable Diffusion XL' stays before 'Stable Diffusion', and a sure name before a
    long guess around it.
    """
    length = (pl.col("end") - pl.col("start")).cast(pl.Float64)
    return without_overlaps(named, "row", -pl.col("confidence") * length.sqrt())


def without_overlaps(spans: pl.DataFrame, group: str, *order: pl.Expr) -> pl.DataFrame:
    """Spans of which no two in one group overlap: the first in `order` stays and drops those it overlaps, and so on.

    Args:
        spans: `group` (a number), start, end (code points), and what `order` reads.
        group: column of the text that a span stands in.
        order: sort keys, the smallest first; then the leftmost, then the longest.

    Returns:
        The rows that stay, sorted by group and start.

    """
    ranked = spans.sort(*order, group, "start", -pl.col("end"), maintain_order=True).with_row_index("rank")
    placed = ranked.sort(group, "start", "rank")
    keep = _survivors(*(placed[name].to_numpy().astype(np.int64) for name in (group, "start", "end", "rank")))
    return placed.filter(pl.Series(keep)).drop("rank")


def _survivors(group: Ints, start: Ints, end: Ints, rank: Ints) -> NDArray[np.bool_]:
    """Whether each span stays; the spans are sorted by group and start.

    Each round closes every chain of overlapping spans around its best span, so there are few rounds.
    """
    keep = np.zeros(len(group), bool)
    alive = np.arange(len(group))
    while len(alive):
        chain = _chains(group[alive], start[alive], end[alive])
        best = np.full(int(chain[-1]) + 1, len(rank), np.int64)
        np.minimum.at(best, chain, rank[alive])
        is_best = rank[alive] == best[chain]
        keep[alive[is_best]] = True
        chosen = alive[is_best][chain]
        alive = alive[(end[alive] <= start[chosen]) | (start[alive] >= end[chosen])]
    return keep


def _chains(group: Ints, start: Ints, end: Ints) -> Ints:
    """Number of the chain of overlapping spans that each span is in."""
    shift = group * (int(end.max()) + 1)
    reach = np.maximum.accumulate(end + shift)
    opens = np.ones(len(group), bool)
    opens[1:] = (start + shift)[1:] >= reach[:-1]
    return np.cumsum(opens) - 1


LOOSE_END = r"[\s,;:.&~({\[–—-]+$"
"""What stands at the end of a span and belongs to the sentence."""

UNOPENED = r"^[^(\[]*[)\]]$"
"""A span that ends in a bracket which it doesn't open."""


CONFIDENCE_DECIMALS = 6
"""Decimals of a confidence; the last bits of its sums depend on the batch that a paper stands in."""


def trimmed(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans without the punctuation of the sentence at their ends: 'Gemini)' is 'Gemini', 'GPT-4o &' is 'GPT-4o'.

    Confidences are rounded to `CONFIDENCE_DECIMALS`.

    Args:
        spans: columns of `Spans`.

    """
    surface = pl.col("surface")
    closed = pl.when(surface.str.contains(UNOPENED)).then(surface.str.head(-1)).otherwise(surface)
    bare = spans.with_columns(
        surface=closed.str.replace(LOOSE_END, ""), confidence=pl.col("confidence").round(CONFIDENCE_DECIMALS)
    )
    return bare.with_columns(end=pl.col("start") + surface.str.len_chars().cast(pl.Int64)).filter(surface != "")
