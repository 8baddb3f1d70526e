"""Finds the names in a batch of texts: vocabulary, rules and, where there is one, the trained tagger.

What belongs here: weighing their judgements together so that no spans overlap. Row-local: what is found in a paper
depends on nothing else in the batch.
"""

from typing import Protocol

import numpy as np
import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.rules import PREFERENCE, THRESHOLD, judged
from lit_pipeline.extraction.spans import as_spans, best_apart
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.entities import ENTITY_TYPES

EXTRACTOR_VERSION = "1"
"""Rises when the code that finds spans changes what it finds."""


LEAST_OPINION = 0.1
"""Least probability with which the rules have a say on a span that the tagger sees too."""

SAME_SPAN = ("paper_id", "field", "start", "end", "surface")


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
        tagger: a trained tagger, whose judgement counts as much as that of vocabulary and rules.

    Returns:
        Columns of `Spans`, sorted by paper_id, field and start; no two spans of a field overlap.

    """
    fields = fields_of(texts)
    candidates = candidates_of(fields, vocabulary)
    if tagger is None:
        return as_spans(best_apart(judged(candidates, fields)))
    doubtful = judged(candidates, fields, least=LEAST_OPINION)
    return agreed(as_spans(doubtful), tagger.tag(texts, vocabulary))


def agreed(ruled: pl.DataFrame, tagged: pl.DataFrame) -> pl.DataFrame:
    """Spans on which two opinions agree enough: columns of `Spans`, sorted.

    The confidence is the mean of both, 0 standing for the one that doesn't see the span. The type is that of the surer
    one, a model being preferred as in `rules.PREFERENCE`; found_by is the rules' word where both see the span.

    Args:
        ruled: columns of `Spans`, doubtful ones too; they may overlap.
        tagged: columns of `Spans`.

    """
    both = ruled.join(as_spans(tagged), on=SAME_SPAN, how="full", coalesce=True, suffix="_tagged")
    rules, tagger = (pl.col(name).fill_null(0.0) for name in ("confidence", "confidence_tagged"))
    surer = tagger * _preference("type_tagged") > rules * _preference("type")
    joined = both.with_columns(
        type=pl.when(surer).then("type_tagged").otherwise("type"),
        confidence=(rules + tagger) / 2,
        found_by=pl.coalesce("found_by", "found_by_tagged"),
        row=pl.struct("paper_id", "field").rank("dense").cast(pl.Int64),
    )
    return as_spans(best_apart(joined.filter(pl.col("confidence") >= THRESHOLD)))


def _preference(kind: str) -> pl.Expr:
    """Factor of a confidence that prefers its type."""
    return (
        pl.col(kind)
        .cast(pl.String)
        .replace_strict(dict(zip(ENTITY_TYPES, np.exp(PREFERENCE), strict=True)), default=1.0)
    )
