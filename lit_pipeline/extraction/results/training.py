"""Learns the weights from labelled papers; needs scikit-learn, which the pipeline itself does not."""

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import FIRST_WORD, HIGHEST_WORD, Keys
from lit_pipeline.extraction.results.labels import aligned_labels, pair_targets
from lit_pipeline.extraction.results.scene import PAIRED, Scene, scene_of
from lit_pipeline.extraction.results.scorer import LinearScorer, ResultModel, Words
from lit_pipeline.extraction.results.contexts import stream_of
from lit_pipeline.extraction.results.entities import located
from lit_pipeline.extraction.results.tokens import tokens_of
from lit_pipeline.tables.entities import RESULT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Words and features seen less often in training are left out (times).
RAREST_WORD: Final = 2
RAREST_FEATURE: Final = 3
RAREST_METRIC_WORD: Final = 2
# Strength of the weights' prior (inverse of L2 regularisation), chosen by cross-validation on the training labels.
SMALLEST_WEIGHT: Final = 1e-3
# Words that may stand in a metric's name but would draw in its surroundings, and signs that stand inside names.
GRAMMAR: Final = ("of", "the", "in", "on", "for", "to", "a", "an", "and", "or", "by", "with", "per", "as", "at")
JOINTS: Final = pl.Series("text", ["-", "@"] * RAREST_METRIC_WORD)
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
    words = _words(texts, mentions, gold)
    scene = scene_of(texts, mentions, words)
    labels = aligned_labels(scene, texts, mentions, gold)
    keys = scene.number_keys()
    is_result = scene.candidates["row"].is_in(labels["row"].implode()).to_numpy()
    kinds = labels["kind_number"].to_numpy()
    scorers = {
        "result": fit(keys, is_result[:, None], STRENGTHS["result"]),
        "kind": fit(keys[is_result], kinds[:, None] == np.arange(len(RESULT_KINDS)), STRENGTHS["kind"]),
    }
    for paired in PAIRED:
        pairs, keys_of_pairs = scene.pairs(labels, paired)
        targets = pair_targets(pairs, labels, scene, paired)
        scorers[paired] = fit(keys_of_pairs, targets[:, None], STRENGTHS[paired])
    return ResultModel(words, scorers)


def fit(keys: Keys, classes: "NDArray[np.bool_]", strength: float) -> LinearScorer:
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


def _words(texts: pl.DataFrame, mentions: pl.DataFrame, gold: pl.DataFrame) -> Words:
    """Words seen often enough in the texts, and those of the labelled metrics' names."""
    names = located(mentions, texts)
    stream = stream_of(texts, names.filter(pl.col("field") == "abstract"))
    names_of_metrics = gold.select(pl.col("metric").drop_nulls().alias("abstract")).with_row_index("paper")
    tokens = tokens_of(names_of_metrics.with_columns(pl.col("paper").cast(pl.Int64)))
    words = tokens.filter(pl.col("text").str.contains(r"[\p{L}\d]") & ~pl.col("text").is_in(GRAMMAR))
    last = words.group_by("paper").agg(pl.col("text").last())
    return Words(
        known=_frequent(stream["word"], RAREST_WORD).head(HIGHEST_WORD - FIRST_WORD),
        metric_heads=_frequent(last["text"].drop_nulls(), RAREST_METRIC_WORD),
        metric_inner=_frequent(pl.concat([words["text"], JOINTS]), RAREST_METRIC_WORD),
    )


def _frequent(values: pl.Series, least: int) -> pl.Series:
    """Distinct values that occur at least so often, sorted."""
    counts = values.value_counts(name="n")
    return counts.filter(pl.col("n") >= least)[values.name].sort()
