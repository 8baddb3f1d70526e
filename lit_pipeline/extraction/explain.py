"""Why the names of one paper were found: every name with the observations that weighed most.

What belongs here: the account of a decision, for people. It takes the same steps as `extract` and changes none.
"""

import numpy as np
import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.extract import Tagger, extract_spans
from lit_pipeline.extraction.features import KEY, features_of, keyed
from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.rules import shipped_weights
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.entities import ENTITY_TYPES

PAPER = "text"
MOST_OBSERVATIONS = 6
"""Observations told of a name: the ones that weigh most for its type."""


def explain(title: str, abstract: str | None, vocabulary: Vocabulary, tagger: Tagger | None = None) -> pl.DataFrame:
    """Names in one paper, and why they are taken for names.

    Args:
        title: repaired title.
        abstract: repaired abstract, or None.
        vocabulary: the known names.
        tagger: a trained tagger.

    Returns:
        field, start, end, surface, type, name (canonical), entity_id, confidence, found_by, evidence (list of
        'observation +weight', the heaviest first; empty where only the tagger saw the name); in the order of the text.

    """
    texts = pl.DataFrame(
        {"paper_id": [PAPER], "title": [title], "abstract": [abstract]},
        schema={"paper_id": pl.String, "title": pl.String, "abstract": pl.String},
    )
    spans = extract_spans(texts, vocabulary, tagger)
    linked = link(spans, texts.with_columns(published_on=pl.lit(None, pl.Date)), vocabulary)
    names = linked.entities.select("entity_id", "name")
    told = linked.mentions.join(names, on="entity_id", how="left", maintain_order="left")
    observed = _evidence(texts, vocabulary, told)
    columns = ("field", "start", "end", "surface", "type", "name", "entity_id", "confidence", "found_by", "evidence")
    return observed.sort("field", "start").select(columns)


def _evidence(texts: pl.DataFrame, vocabulary: Vocabulary, told: pl.DataFrame) -> pl.DataFrame:
    """Mentions with `evidence`."""
    fields = fields_of(texts)
    candidates = candidates_of(fields, vocabulary)
    places = keyed(candidates, fields).select("field", "start", "end", *KEY).unique(["field", "start", "end"])
    features = features_of(candidates, fields)
    table = shipped_weights()
    observed = features.select(table.names).to_numpy()
    accounts = [
        features.select(KEY).with_columns(
            type=pl.lit(kind, pl.Enum(ENTITY_TYPES)), evidence=pl.Series(_accounts(observed, table.names, weights))
        )
        for kind, weights in zip(ENTITY_TYPES, table.weights.T, strict=True)
    ]
    placed = told.drop("paper_id").join(places, on=["field", "start", "end"], how="left", maintain_order="left")
    joined = placed.join(pl.concat(accounts), on=[*KEY, "type"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("evidence").fill_null([]))


def _accounts(observed: np.ndarray, names: tuple[str, ...], weights: np.ndarray) -> pl.Series:
    """The heaviest observations of each row, as text."""
    accounts = []
    for row in observed:
        held = np.flatnonzero(row)
        heaviest = held[np.argsort(-np.abs(weights[held]), kind="stable")][:MOST_OBSERVATIONS]
        accounts.append([f"{names[at]} {weights[at]:+.1f}" for at in heaviest])
    return pl.Series(accounts, dtype=pl.List(pl.String))
