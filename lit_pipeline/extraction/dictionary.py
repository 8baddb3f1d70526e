"""Finds the vocabulary's names in texts.

What belongs here: matching (Aho and Corasick 1975), word boundaries, casing. Whether a name that is also a word means the
entity is decided in `context`; what a rule can tell of unseen names in `rules`.
"""

import numpy as np
import polars as pl

from lit_pipeline.extraction.patterns import name_patterns, searchable
from lit_pipeline.extraction.texts import code_point_offsets, code_points, fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary


BOUNDARIES = (ord(" "), ord("\n"))
"""What may follow a name in searchable text."""


def vocabulary_matches(fields: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Every place where a known name stands between word boundaries; places may overlap.

    Args:
        fields: row, text (see `texts.fields_of`).
        vocabulary: the known names.

    Returns:
        row, start, end (code points), surface (as in the text), and the columns of `Vocabulary.terms` under which it is
        known, its own surface form as `known_as`.

    """
    patterns = name_patterns(vocabulary.terms.rename({"surface": "known_as"}), "known_as")
    found = _found(fields.select("row", searchable(pl.col("text")).alias("text")), patterns["pattern"].unique(maintain_order=True))
    surfaces = found.join(fields.select("row", "text"), on="row", how="left", maintain_order="left")
    return surfaces.with_columns(surface=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))).drop(
        "text"
    ).join(patterns, on="pattern", how="inner", maintain_order="left")


def _found(texts: pl.DataFrame, patterns: pl.Series) -> pl.DataFrame:
    """Places of patterns in searchable texts: row, pattern, start, end (code points of the text without its first blank)."""
    names = pl.lit(patterns.implode())
    hits = texts.select(
        pl.col("row").cast(pl.Int64),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("at"),
        pl.col("text").str.find_many(names, overlapping=True).alias("byte"),
        pl.col("text").str.extract_many(names, overlapping=True).alias("pattern"),
    ).explode("byte", "pattern").drop_nulls("byte")
    at = hits["at"].to_numpy()
    start = code_point_offsets(texts["text"], at, hits["byte"].to_numpy().astype("int64"))
    placed = hits.select("row", "at", "pattern", pl.Series("start", start)).with_columns(
        end=pl.col("start") + pl.col("pattern").str.len_chars().cast(pl.Int64) - 1
    )
    text = code_points(texts["text"])
    following = text.points[text.starts[at] + placed["end"].to_numpy() + 1]
    return placed.filter(pl.Series(np.isin(following, BOUNDARIES))).drop("at")
