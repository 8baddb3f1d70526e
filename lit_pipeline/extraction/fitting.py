"""Fits the weights of `rules` to labelled papers.

What belongs here: multinomial logistic regression with a ridge penalty, and hiding a part of the vocabulary while it
is fitted, so that names it doesn't hold are judged by what the text says of them. Run once a change of the
observations, not in the pipeline.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.features import KEY, features_of
from lit_pipeline.extraction.names import fold
from lit_pipeline.extraction.rules import ALWAYS, probabilities
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.entities import ENTITY_TYPES

Floats = NDArray[np.float64]

PENALTY = 1 / 0.6
"""Weight of half the squared weights; chosen by five-fold cross-validation among 1.7, 3.3 and 6.7."""

HIDDEN_SHARE = 0.25
"""Share of known benchmarks and datasets that are shown without what the vocabulary tells of them: it knows more of
the names in the papers it was written beside than of those in others, by about this share."""

OF_VOCABULARY = ("known_", "ambiguous_", "attached_")
HIDDEN_TYPES = ("benchmark", "dataset")
MOST_ROUNDS = 500
DECIMALS = 3


def fit_weights(texts: pl.DataFrame, labels: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Weights of every observation, as `rule_weights.csv` holds them.

    Args:
        texts: columns of `Texts`.
        labels: paper_id, surface, type.
        vocabulary: the known names.

    Returns:
        observation, and a column a type: natural-log odds against "no name"; first row `always`.

    """
    fields = fields_of(texts)
    features = features_of(candidates_of(fields, vocabulary), fields)
    observed = features.drop(KEY)
    shown, shares, rows = hide_known(observed.to_numpy().astype(np.float64), observed.columns)
    weights = _ridge(np.column_stack([np.ones(len(shown)), shown]), _classes(features, labels)[rows], shares)
    table = pl.DataFrame(weights.round(DECIMALS), schema=list(ENTITY_TYPES))
    return table.select(pl.Series("observation", [ALWAYS, *observed.columns]), *ENTITY_TYPES)


def hide_known(observed: Floats, names: list[str]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Rows as they are and, of those the vocabulary knows as benchmark or dataset, without what it tells of them.

    Returns:
        The rows, how much each counts, and the position of the row each was made from.

    """
    of_vocabulary = np.array([name.startswith(OF_VOCABULARY) for name in names])
    deciding = of_vocabulary & [any(kind in name for kind in HIDDEN_TYPES) for name in names]
    known = np.flatnonzero(observed[:, deciding].any(axis=1))
    hidden = observed[known] * ~of_vocabulary
    shares = np.ones(len(observed) + len(known))
    shares[known] -= HIDDEN_SHARE
    shares[len(observed) :] = HIDDEN_SHARE
    return np.vstack([observed, hidden]), shares, np.concatenate([np.arange(len(observed)), known])


def _classes(features: pl.DataFrame, labels: pl.DataFrame) -> NDArray[np.int64]:
    """Number of each name's class: 0 where it isn't labelled, else 1 + position of its type."""
    number = pl.col("type").cast(pl.String).replace_strict({kind: at + 1 for at, kind in enumerate(ENTITY_TYPES)})
    told = labels.select("paper_id", fold(pl.col("surface")).alias("folded"), number.alias("number"))
    first = told.group_by("paper_id", "folded").agg(pl.col("number").min())
    joined = features.select(KEY).join(first, on=["paper_id", "folded"], how="left", maintain_order="left")
    return joined["number"].fill_null(0).to_numpy().astype(np.int64)


def _ridge(observed: Floats, classes: NDArray[np.int64], shares: Floats) -> Floats:
    """Weights [1 + observations, types] of the highest penalised likelihood; the first row carries no penalty."""
    shape = (observed.shape[1], len(ENTITY_TYPES))
    wanted = np.eye(len(ENTITY_TYPES) + 1)[classes]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        chances = probabilities(observed @ weights)
        penalised = weights.copy()
        penalised[0] = 0
        likelihood = shares @ np.log(chances[np.arange(len(classes)), classes])
        slope = observed.T @ (shares[:, None] * (chances - wanted)[:, 1:]) + PENALTY * penalised
        return float(PENALTY / 2 * (penalised**2).sum() - likelihood), slope.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": MOST_ROUNDS})
    return np.asarray(found.x.reshape(shape))
