"""Learns the weights from labelled papers; needs scikit-learn, which the pipeline itself does not."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.contexts import stream_of
from lit_pipeline.extraction.results.entities import located
from lit_pipeline.extraction.results.features import FIRST_WORD, HIGHEST_WORD, Keys
from lit_pipeline.extraction.results.labels import aligned_labels, pair_targets
from lit_pipeline.extraction.results.pairs import Flags
from lit_pipeline.extraction.results.scene import PAIRED, lengths_of, scene_of, with_digits
from lit_pipeline.extraction.results.scorer import LinearScorer, ResultModel
from lit_pipeline.extraction.results.tokens import tokens_of
from lit_pipeline.tables.entities import RESULT_KINDS

# Words and features seen less often in training are left out (times).
RAREST_WORD: Final = 2
RAREST_FEATURE: Final = 3
# One entity in so many is left out of the second view of each text.
UNSEEN_SHARE: Final = 3
# Features whose weights are smaller than this decide nothing and are not kept.
SMALLEST_WEIGHT: Final = 1e-3
# Inverse strength of the L2 prior on the weights, chosen by cross-validation on the training labels.
STRENGTHS: Final = {"result": 0.3, "kind": 0.3, "benchmark": 0.3, "model": 0.1, "metric": 0.1}


def train_results(texts: pl.DataFrame, mentions: pl.DataFrame, gold: pl.DataFrame) -> ResultModel:
    """Learn from labelled papers which numbers are results, of which kind, and what they belong to.

    Logistic regression on sparse features, one model a decision (for the kind, one a class against the rest).

    Args:
        texts: paper_id, title, abstract.
        mentions: paper_id, entity_id, type, surface, field, start, end; best the labelled ones.
        gold: paper_id, value, kind, model, benchmark (surface forms or null), metric, quote; one row a result, texts
            repaired as `texts` are.

    Returns:
        The model; `scorer.save_model` writes it.
    """
    stream = stream_of(tokens_of(with_digits(texts)), located(mentions.filter(pl.col("field") == "abstract"), texts))
    words = _frequent(stream["word"], RAREST_WORD).head(HIGHEST_WORD - FIRST_WORD)
    lessons = [_lessons(texts, view, gold, words) for view in _views(mentions)]
    return ResultModel(words, {name: fit(*_together(lessons, name), STRENGTHS[name]) for name in STRENGTHS})


def _views(mentions: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The mentions, then the mentions without one entity in `UNSEEN_SHARE`: names that an extractor would miss."""
    yield mentions
    entity = pl.struct("paper_id", "entity_id").rank("dense")
    yield mentions.filter(entity % UNSEEN_SHARE != 0)


def _lessons(
    texts: pl.DataFrame, mentions: pl.DataFrame, gold: pl.DataFrame, words: pl.Series
) -> dict[str, tuple[Keys, Flags]]:
    """Features and classes to learn from, for each decision."""
    scene = scene_of(tokens_of(with_digits(texts)), located(mentions, texts), lengths_of(texts), words)
    labels = aligned_labels(scene, texts, mentions, gold)
    keys = scene.number_keys()
    is_result = scene.candidates["row"].is_in(labels["row"].implode()).to_numpy()
    kinds = labels["kind_number"].to_numpy()[:, None] == np.arange(len(RESULT_KINDS))
    lessons = {"result": (keys, is_result[:, None]), "kind": (keys[is_result], kinds)}
    for paired in PAIRED:
        pairs, keys_of_pairs = scene.pairs(labels, paired)
        lessons[paired] = (keys_of_pairs, pair_targets(pairs, labels, scene, paired)[:, None])
    return lessons


def _together(lessons: list[dict[str, tuple[Keys, Flags]]], name: str) -> tuple[Keys, Flags]:
    """Lessons of all views for one decision."""
    keys, classes = zip(*(lesson[name] for lesson in lessons), strict=True)
    return np.concatenate(keys), np.concatenate(classes)


def fit(keys: Keys, classes: Flags, strength: float) -> LinearScorer:
    """Logistic regression of each column of `classes` on the features in `keys` (see `LinearScorer.scores`)."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - with scikit-learn, only where a model is trained
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    present, counts = np.unique(keys[keys >= 0], return_counts=True)
    known = present[counts >= RAREST_FEATURE]
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    hit = known[place] == keys
    rows = np.broadcast_to(np.arange(len(keys))[:, None], keys.shape)
    matrix = csr_matrix((np.ones(hit.sum()), (rows[hit], place[hit])), shape=(len(keys), len(known)))
    matrix.data[:] = 1.0
    fitted = [
        LogisticRegression(C=strength, solver="liblinear", random_state=0).fit(matrix, column) for column in classes.T
    ]
    weights = np.stack([model.coef_[0] for model in fitted], axis=1)
    used = np.abs(weights).max(axis=1) > SMALLEST_WEIGHT
    return LinearScorer(known[used], weights[used], np.array([model.intercept_[0] for model in fitted]))


def _frequent(values: pl.Series, least: int) -> pl.Series:
    """Distinct values that occur at least so often, sorted."""
    counts = values.value_counts(name="n")
    return counts.filter(pl.col("n") >= least)[values.name].sort()
