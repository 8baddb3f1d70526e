"""Finds the names in a batch of texts, with the trained tagger or by vocabulary and rules alone.

What belongs here: which of the two judges. Row-local: what is found in a paper depends on nothing else in the batch.
"""

from typing import Protocol

import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.rules import judged
from lit_pipeline.extraction.spans import as_spans, best_apart, trimmed
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary

EXTRACTOR_VERSION = "5"
"""Rises when the code that finds and names spans changes what it finds or how it is named."""


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
        tagger: a trained tagger, which takes what vocabulary and rules say as evidence; None leaves it to them.

    Returns:
        Columns of `Spans`, sorted by paper_id, field and start; no two spans of a field overlap.

    """
    if tagger is not None:
        return trimmed(tagger.tag(texts, vocabulary))
    fields = fields_of(texts)
    return trimmed(as_spans(best_apart(judged(candidates_of(fields, vocabulary), fields))))
