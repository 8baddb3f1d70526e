"""Places where names of the vocabulary stand in texts.

What belongs here: matching (Aho and Corasick 1975) and word boundaries. Whether a name that is also a word means the
entity is decided in `rules`.
"""

import numpy as np
import polars as pl

from lit_pipeline.extraction.patterns import searchable
from lit_pipeline.extraction.texts import code_points, places_of
from lit_pipeline.extraction.vocabulary import Vocabulary

BOUNDARIES = (ord(" "), ord("\n"))
"""What may follow a name in searchable text."""


def vocabulary_matches(fields: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Every place where a known name stands between word boundaries; places may overlap.

    Args:
        fields: row, text (see `texts.fields_of`).
        vocabulary: the known names.

    Returns:
        row, start, end (code points), and the columns of `Vocabulary.patterns`.

    """
    texts = fields.select("row", text=searchable(pl.col("text")))
    patterns = vocabulary.patterns
    found = places_of(texts, "text", pl.lit(patterns["pattern"].unique(maintain_order=True).implode()))
    text = code_points(texts["text"])
    at, end = found["at"].to_numpy(), found["end"].to_numpy()
    whole = found.filter(pl.Series(np.isin(text.points[text.starts[at] + end], BOUNDARIES)))
    return whole.select(texts["row"].gather(whole["at"]), "start", pl.col("end") - 1, pattern="found").join(
        patterns, on="pattern", how="inner", maintain_order="left"
    )
