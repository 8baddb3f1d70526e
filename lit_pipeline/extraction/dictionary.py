"""Spans of the vocabulary's names, with what is attached to them.

What belongs here: the vocabulary's share of what `extract` finds. A name that is also a word ('Adam', 'MATH') is a
span only where the text around it says so; what decides is the same weighing of observations as for unseen names
(`rules`).
"""

import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.rules import VOCABULARY_RULE, judged
from lit_pipeline.extraction.spans import as_spans, best_apart
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary


def dictionary_spans(texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Names of the vocabulary in texts.

    Args:
        texts: columns of `Texts`.
        vocabulary: the known names.

    Returns:
        Columns of `Spans`, sorted by paper_id, field and start; no two spans of a field overlap.

    """
    fields = fields_of(texts)
    named = judged(candidates_of(fields, vocabulary), fields)
    return as_spans(best_apart(named.filter(pl.col("found_by") == VOCABULARY_RULE)))
