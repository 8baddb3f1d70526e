"""A small feed-forward network that gives each candidate the probability of each type, or of none.

What belongs here: the network itself: standardising, the forward pass, training by Adam (Kingma and Ba 2015) with
dropout. Several networks of different seeds are averaged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float32]
Probabilities = NDArray[np.float64]

N_CLASSES = 5
"""None, and the four types."""

RARE_SHARE = 0.1
"""Evidence that a smaller share of the rows has is multiplied only where it is there."""

ROWS_AT_ONCE = 1024
"""Candidates that are judged at once: what the hidden units give stays in the processor's cache."""

HIDDEN_UNITS, BATCH = 128, 256
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.05
INPUT_DROPOUT, HIDDEN_DROPOUT = 0.15, 0.5
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.999, 1e-8
OUTLIER = 4.0
"""Standard deviations from the mean at which evidence is cut off."""

LEAST_DEVIATION = 0.05
"""Evidence that varies less counts as if it varied this much, so that a rare observation weighs no more than others."""


@dataclass(frozen=True)
class Networks:
    """Averaged networks.

    mean, deviation: of the evidence in training. hidden [networks, evidence, units], hidden_bias, output [networks,
    units, classes], output_bias: weights.
    """

    mean: Floats
    deviation: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats

    def probabilities(self, evidence: Floats) -> Probabilities:
        """Probability of each class [candidates, classes].

        In double precision: a product of matrices is rounded by the number of its rows, and what is said of a paper
        must not depend on its batch. On one thread: the matrices are small, and a second one would mostly wait.
        """
        layer = self._first_layer(evidence)
        probabilities = np.empty((len(evidence), N_CLASSES))
        with _linear_algebra().limit(limits=1, user_api="blas"):
            for start in range(0, len(evidence), ROWS_AT_ONCE):
                rows = slice(start, start + ROWS_AT_ONCE)
                probabilities[rows] = self._averaged(layer.active(evidence[rows]))
        return probabilities

    def _first_layer(self, evidence: Floats) -> "_FirstLayer":
        is_rare = np.count_nonzero(evidence, axis=0) < RARE_SHARE * len(evidence)
        rare, common = np.flatnonzero(is_rare), np.flatnonzero(~is_rare)
        hidden = np.concatenate(self.hidden, axis=1).astype(np.float64)
        absent = self._standardised(np.zeros_like(self.mean))
        bias = self.hidden_bias.astype(np.float64).ravel() + absent[rare] @ hidden[rare]
        return _FirstLayer(self._standardised, rare, common, absent[rare], hidden[rare], hidden[common], bias)

    def _standardised(self, evidence: Floats) -> Probabilities:
        return _standardised(evidence, self.mean, self.deviation).astype(np.float64)

    def _averaged(self, active: Probabilities) -> Probabilities:
        """Mean probabilities, from what the hidden units of all networks, side by side, give."""
        total = np.zeros((len(active), N_CLASSES))
        of_networks = np.split(active, len(self.output), axis=1)
        for units, output, output_bias in zip(of_networks, self.output, self.output_bias, strict=True):
            scores = units @ output.astype(np.float64) + output_bias
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            total += powers / powers.sum(axis=1, keepdims=True)
        return total / len(self.output)


@cache
def _linear_algebra() -> ThreadpoolController:
    """The libraries of linear algebra that are loaded."""
    return ThreadpoolController()


@dataclass(frozen=True)
class _FirstLayer:
    """Hidden units of all networks, side by side, for evidence that is mostly zero.

    rare, common: positions of the evidence that few and that many rows have. absent: rare evidence of zero,
    standardised; the `bias` [units] holds what it adds. of_rare, of_common [evidence, units]: weights.
    """

    standardised: Callable[[Floats], Probabilities]
    rare: NDArray[np.int64]
    common: NDArray[np.int64]
    absent: Probabilities
    of_rare: Probabilities
    of_common: Probabilities
    bias: Probabilities

    def active(self, evidence: Floats) -> Probabilities:
        """What the units give for each row of evidence."""
        inputs = self.standardised(evidence)
        units: Probabilities = np.asarray(sparse.csr_array(inputs[:, self.rare] - self.absent) @ self.of_rare)
        units += inputs[:, self.common] @ self.of_common
        units += self.bias
        return np.maximum(units, 0, out=units)


@dataclass(frozen=True)
class Judgements:
    """What networks learn from: evidence, probability of each class [candidates, classes], how much each row counts."""

    evidence: Floats
    targets: Floats
    counts: Floats

    def __len__(self) -> int:
        return len(self.evidence)


@dataclass(frozen=True)
class Schedule:
    """How many networks are trained, and how often each sees everything."""

    networks: int
    epochs: int


def train_networks(judgements: Judgements, schedule: Schedule, seed: int) -> Networks:
    """Networks that tell the classes from the evidence; the scale of the evidence is that of rows that count whole."""
    certain = judgements.evidence[judgements.counts == 1]
    mean, deviation = certain.mean(axis=0), np.maximum(certain.std(axis=0), LEAST_DEVIATION)
    scaled = Judgements(_standardised(judgements.evidence, mean, deviation), judgements.targets, judgements.counts)
    trained = [
        _trained(scaled, schedule.epochs, np.random.default_rng((seed, member))) for member in range(schedule.networks)
    ]
    return Networks(mean, deviation, *(np.stack(parts) for parts in zip(*trained, strict=True)))


def _standardised(evidence: Floats, mean: Floats, deviation: Floats) -> Floats:
    scaled: Floats = np.clip((evidence - mean) / deviation, -OUTLIER, OUTLIER).astype(np.float32, copy=False)
    return scaled


def _trained(judgements: Judgements, epochs: int, generator: np.random.Generator) -> list[Floats]:
    """Weights of one network."""
    n_inputs = judgements.evidence.shape[1]
    weights = [
        (generator.standard_normal((n_inputs, HIDDEN_UNITS)) * np.sqrt(2 / n_inputs)).astype(np.float32),
        np.zeros(HIDDEN_UNITS, np.float32),
        (generator.standard_normal((HIDDEN_UNITS, N_CLASSES)) / np.sqrt(4 * HIDDEN_UNITS)).astype(np.float32),
        np.zeros(N_CLASSES, np.float32),
    ]
    first = [np.zeros_like(weight) for weight in weights]
    second = [np.zeros_like(weight) for weight in weights]
    n_steps = epochs * -(-len(judgements) // BATCH)
    for step, batch in enumerate(_batches(len(judgements), epochs, generator), start=1):
        gradients = _gradients(judgements, batch, weights, generator)
        rate = LEARNING_RATE * (1 - step / n_steps)
        for weight, gradient, mean, square in zip(weights, gradients, first, second, strict=True):
            mean[...] = FIRST_MOMENT * mean + (1 - FIRST_MOMENT) * gradient
            square[...] = SECOND_MOMENT * square + (1 - SECOND_MOMENT) * gradient**2
            direction = mean / (1 - FIRST_MOMENT**step) / (np.sqrt(square / (1 - SECOND_MOMENT**step)) + TINY)
            decay = WEIGHT_DECAY * weight if weight.ndim > 1 else 0
            weight[...] -= rate * (direction + decay)
    return weights


def _batches(size: int, epochs: int, generator: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(epochs):
        order = generator.permutation(size)
        for start in range(0, size, BATCH):
            yield order[start : start + BATCH]


def _gradients(
    judgements: Judgements, batch: NDArray[np.int64], weights: list[Floats], generator: np.random.Generator
) -> list[Floats]:
    """Gradients of the mean cross-entropy with dropout."""
    inputs = judgements.evidence[batch]
    kept_inputs = inputs * _kept(inputs.shape, INPUT_DROPOUT, generator)
    hidden, hidden_bias, output, output_bias = weights
    before = kept_inputs @ hidden + hidden_bias
    kept = _kept(before.shape, HIDDEN_DROPOUT, generator)
    active = np.maximum(before, 0) * kept
    scores = active @ output + output_bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    share = judgements.counts[batch, None] / np.float32(len(batch))
    surplus = (powers / powers.sum(axis=1, keepdims=True) - judgements.targets[batch]) * share
    back = (surplus @ output.T) * kept * (before > 0)
    return [kept_inputs.T @ back, back.sum(axis=0), active.T @ surplus, surplus.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropout: float, generator: np.random.Generator) -> Floats:
    kept = generator.random(shape, dtype=np.float32) >= dropout
    return kept.astype(np.float32) / np.float32(1 - dropout)
