"""Linear scorers over sparse integer features: how they score, and how they lie in one file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.results.features import Keys

Scores = NDArray[np.float64]
WEIGHTS_FILE: Final = "weights.npz"


@dataclass(frozen=True)
class LinearScorer:
    """Weights of features: `keys` sorted, `weights` of shape (features, classes), `bias` of shape (classes)."""

    keys: Keys
    weights: Scores
    bias: Scores

    def scores(self, keys: Keys) -> Scores:
        """Sum of the weights of each row's features (each counted once), plus bias: shape (rows, classes)."""
        ordered = np.sort(keys, axis=1)
        repeated = np.zeros(ordered.shape, dtype=bool)
        repeated[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
        place = np.minimum(np.searchsorted(self.keys, ordered), len(self.keys) - 1)
        known = (self.keys[place] == ordered) & ~repeated
        table = np.vstack([self.weights, np.zeros(self.weights.shape[1])])
        total: Scores = table[np.where(known, place, len(self.keys))].sum(axis=1)
        return total + self.bias


@dataclass(frozen=True)
class ResultModel:
    """All that was learnt for results: the known words and a scorer for each decision."""

    words: pl.Series
    scorers: Mapping[str, LinearScorer] = field(default_factory=dict)


def save_model(model: ResultModel, path: Path) -> None:
    """Write a model as one compressed numpy archive."""
    arrays: dict[str, np.ndarray] = {"words": model.words.to_numpy().astype(np.str_)}
    for name, scorer in model.scorers.items():
        arrays[f"{name}.keys"] = scorer.keys
        arrays[f"{name}.weights"] = scorer.weights.astype(np.float32)
        arrays[f"{name}.bias"] = scorer.bias
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load_model(path: Path) -> ResultModel:
    """Read a model that `save_model` wrote.

    Raises:
        OSError: the file is missing or damaged.
    """
    with np.load(path, allow_pickle=False) as arrays:
        names = sorted(name.removesuffix(".keys") for name in arrays.files if name.endswith(".keys"))
        scorers = {
            name: LinearScorer(
                arrays[f"{name}.keys"], arrays[f"{name}.weights"].astype(np.float64), arrays[f"{name}.bias"]
            )
            for name in names
        }
        return ResultModel(pl.Series("word", arrays["words"].tolist(), dtype=pl.String), scorers)


@cache
def shipped_model() -> ResultModel:
    """The model in the package."""
    with as_file(files("lit_pipeline.extraction.results") / WEIGHTS_FILE) as path:
        return load_model(path)


@cache
def weights_version() -> str:
    """Hash of the model in the package: 64 hexadecimal digits."""
    return hashlib.sha256((files("lit_pipeline.extraction.results") / WEIGHTS_FILE).read_bytes()).hexdigest()


def probability(scores: Scores) -> Scores:
    """Logistic function."""
    squashed: Scores = 1.0 / (1.0 + np.exp(-scores))
    return squashed
