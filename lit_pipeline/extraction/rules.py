"""Decides which candidates are names, and of what type, from weighed observations.

What belongs here: adding up what the observations of `features` weigh, and turning sums into probabilities. The
weights are data
(`rule_weights.csv`, one row an observation, in natural-log odds against "no name"); `fitting` made them from labelled
papers.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.features import KEY, features_of, keyed
from lit_pipeline.tables.entities import ENTITY_TYPES

Floats = NDArray[np.float64]

WEIGHTS_FILE = Path(__file__).with_name("rule_weights.csv")
ALWAYS = "always"
"""Row of the weights that counts for every candidate."""

THRESHOLD = 0.4
"""Least probability of being a name; the highest F1 over all types in cross-validation on the training papers."""

PREFERENCE = np.log([1.3, 1.0, 1.0, 1.0])
"""Added to the log odds of each type when one is chosen: a model that is told to be a method misleads more than the
reverse, and cross-validation on the training papers loses nothing by it."""

RULES = {
    "known_name_rule": ("known_", "ambiguous_", "attached_", "part_of_"),
    "title_rule": (
        "title_head",
        "opens_title",
        "colon_next",
        "model_title",
        "method_title",
        "benchmark_title",
        "dataset_title",
    ),
    "introduction_rule": (
        "presented",
        "introduced",
        "called",
        "after_our",
        "_called",
        "_apposed",
        "is_a",
        "own_",
        "plain_",
        "run_",
        "head_",
    ),
    "acronym_rule": (
        "acronym",
        "long_form",
        "defined_",
        "presented_defined",
        "opens_bracket",
        "closes_bracket",
        "opens_next",
    ),
    "type_word_rule": ("_before", "_after", "_second", "_listed", "_in_list"),
    "evaluation_rule": ("measured_on", "after_on", "score_next", "percent_next", "outperforms", "beats"),
}
"""Which observations make up each rule, by the beginning or the end of their names."""

VOCABULARY_RULE = "vocabulary"
"""What finds a name that the vocabulary holds with the type it has there."""

OTHER_RULE = "shape_rule"
"""The rule of all observations that `RULES` doesn't name: the shape of the name, how often it stands, its
neighbours."""


LEAST_WEIGHT = 0.7
"""Log odds: a rule that doubles the odds of the type is worth naming."""


@dataclass(frozen=True)
class Weights:
    """What observations weigh: names, weights [observations, types]; `always` [types] counts for every candidate."""

    names: tuple[str, ...]
    weights: Floats
    always: Floats


@cache
def shipped_weights() -> Weights:
    """The package's weights."""
    return read_weights(pl.read_csv(WEIGHTS_FILE))


@cache
def rules_version() -> str:
    """Hash of the package's weights: 64 hexadecimal digits."""
    return hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest()


def read_weights(table: pl.DataFrame) -> Weights:
    """Weights of a table: observation, and a column a type."""
    of_evidence = table.filter(pl.col("observation") != ALWAYS)
    always = table.filter(pl.col("observation") == ALWAYS).select(ENTITY_TYPES).to_numpy()[0]
    return Weights(tuple(of_evidence["observation"]), of_evidence.select(ENTITY_TYPES).to_numpy(), always)


def judged(candidates: pl.DataFrame, fields: pl.DataFrame, weights: Weights | None = None) -> pl.DataFrame:
    """Candidates that are probably names, with what they name.

    Args:
        candidates: see `candidates.candidates_of`.
        fields: row, paper_id, field, text.
        weights: what observations weigh; the package's where not given.

    Returns:
        The candidates' columns (`type` now is what the text says, `known_type` what the vocabulary does), with
        paper_id, field, confidence (probability that it is a name) and found_by (the rule that weighed most).

    """
    table = weights or shipped_weights()
    features = features_of(candidates, fields)
    told = features.select(*KEY, **_decisions(features, table))
    named = keyed(candidates.rename({"type": "known_type"}), fields).join(
        told, on=KEY, how="left", maintain_order="left"
    )
    of_vocabulary = pl.col("known_type") == pl.col("type").cast(pl.String)
    found_by = pl.when(of_vocabulary).then(pl.lit(VOCABULARY_RULE)).otherwise(pl.col("found_by"))
    return named.with_columns(found_by=found_by).filter(pl.col("confidence") >= THRESHOLD)


def _decisions(features: pl.DataFrame, table: Weights) -> dict[str, pl.Series]:
    """Type, confidence and found_by of each row of features."""
    observed = features.select(table.names).to_numpy().astype(np.float64)
    odds = observed @ table.weights + table.always
    best = (odds + PREFERENCE).argmax(axis=1)
    return {
        "type": pl.Series([ENTITY_TYPES[at] for at in best], dtype=pl.Enum(ENTITY_TYPES)),
        "confidence": pl.Series(1 - probabilities(odds)[:, 0]),
        "found_by": pl.Series(strongest(observed, table, best), dtype=pl.String),
    }


def probabilities(odds: Floats) -> Floats:
    """Probabilities of "no name" and of each type, from log odds against "no name" [names, types]."""
    padded = np.column_stack([np.zeros(len(odds)), odds])
    raised = np.exp(padded - padded.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def strongest(observed: Floats, table: Weights, best: NDArray[np.int64]) -> list[str]:
    """The rule whose observations weigh most for each row's type; `OTHER_RULE` where none weighs `LEAST_WEIGHT`.

    Args:
        observed: rows of observations, in the order of the table.
        table: what they weigh.
        best: position of each row's type in `ENTITY_TYPES`.

    """
    of_rule = np.array([rule_of(name) for name in table.names])
    rows = np.arange(len(best))
    sums = [(observed[:, of_rule == rule] @ table.weights[of_rule == rule])[rows, best] for rule in RULES]
    names = np.array([OTHER_RULE, *RULES])
    return list(names[np.stack([np.full(len(best), LEAST_WEIGHT), *sums]).argmax(axis=0)])


def rule_of(observation: str) -> str:
    """The rule that an observation is part of."""
    for rule, marks in RULES.items():
        if any(observation.startswith(mark) or (mark[0] == "_" and observation.endswith(mark)) for mark in marks):
            return rule
    return OTHER_RULE
