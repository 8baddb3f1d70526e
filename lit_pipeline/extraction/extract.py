"""Finds the names in a batch of texts: vocabulary, rules and, where there is one, the trained tagger.

What belongs here: putting their spans together so that none overlap. Row-local: what is found in a paper depends on
nothing else in
the batch.
"""

from typing import Protocol

import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.rules import judged
from lit_pipeline.extraction.spans import as_spans, best_apart, without_overlaps
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary

EXTRACTOR_VERSION = "1"
"""Rises when the code that finds spans changes what it finds."""


class Tagger(Protocol):
    """A trained tagger."""

    version: str

    def tag(self, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
        """Spans (columns of `Spans`) of texts (columns of `Texts`)."""
        ...


def extract_spans(texts: pl.DataFrame, vocabulary: Vocabulary, tagger: Tagger | None = None) -> pl.DataFrame:
    """Names in texts.

    Args:
        texts: columns of `Texts`.
        vocabulary: the known names.
        tagger: a trained tagger; its judgement stands before that of vocabulary and rules where they overlap.

    Returns:
        Columns of `Spans`, sorted by paper_id, field and start; no two spans of a field overlap.

    """
    if tagger is None:
        return ruled_spans(texts, vocabulary)
    return merged(tagger.tag(texts, vocabulary), ruled_spans(texts, vocabulary))


def ruled_spans(texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Names that vocabulary and rules find in texts: columns of `Spans`, sorted by paper_id, field and start."""
    fields = fields_of(texts)
    return as_spans(best_apart(judged(candidates_of(fields, vocabulary), fields)))


def merged(tagged: pl.DataFrame, ruled: pl.DataFrame) -> pl.DataFrame:
    """Spans of the tagger, and of the rules those that overlap none of them: columns of `Spans`, sorted."""
    ordered = pl.concat([as_spans(tagged).with_columns(order=0), as_spans(ruled).with_columns(order=1)])
    numbered = ordered.with_columns(row=pl.struct("paper_id", "field").rank("dense").cast(pl.Int64))
    return as_spans(without_overlaps(numbered, "row", pl.col("order"), -pl.col("confidence")))
