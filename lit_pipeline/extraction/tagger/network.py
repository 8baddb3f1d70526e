"""A small feed-forward network that gives each candidate the probability of each type, or of none.

What belongs here: the network itself: standardising, the forward pass, training by Adam (Kingma and Ba 2015) with
dropout. Several networks of different seeds are averaged.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.tokens import Ints

Floats = NDArray[np.float64]

N_CLASSES = 5
"""None, and the four types."""

HIDDEN_UNITS, N_NETWORKS, EPOCHS, BATCH = 64, 8, 30, 128
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.01
INPUT_DROPOUT, HIDDEN_DROPOUT = 0.1, 0.3
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.999, 1e-8
OUTLIER = 4.0
"""Standard deviations from the mean at which evidence is cut off."""


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

    def probabilities(self, evidence: Floats) -> Floats:
        """Probability of each class [candidates, classes]."""
        inputs = _standardised(evidence, self.mean, self.deviation)
        total = np.zeros((len(evidence), N_CLASSES))
        for weights in zip(self.hidden, self.hidden_bias, self.output, self.output_bias, strict=True):
            total += _softmax(_forward(inputs, *weights)[1])
        return total / len(self.hidden)


def train_networks(evidence: Floats, classes: Ints, seed: int) -> Networks:
    """Networks that tell the classes from the evidence."""
    mean, deviation = evidence.mean(axis=0), evidence.std(axis=0) + TINY
    inputs = _standardised(evidence, mean, deviation)
    trained = [_trained(inputs, classes, np.random.default_rng((seed, member))) for member in range(N_NETWORKS)]
    return Networks(mean, deviation, *(np.stack(parts) for parts in zip(*trained, strict=True)))


def _standardised(evidence: Floats, mean: Floats, deviation: Floats) -> Floats:
    return np.clip((evidence - mean) / deviation, -OUTLIER, OUTLIER)


def _forward(
    inputs: Floats, hidden: Floats, hidden_bias: Floats, output: Floats, output_bias: Floats
) -> tuple[Floats, Floats]:
    active = np.maximum(inputs @ hidden + hidden_bias, 0)
    return active, active @ output + output_bias


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _trained(inputs: Floats, classes: Ints, generator: np.random.Generator) -> list[Floats]:
    """Weights of one network."""
    n_inputs = inputs.shape[1]
    weights = [
        generator.standard_normal((n_inputs, HIDDEN_UNITS)) * np.sqrt(2 / n_inputs),
        np.zeros(HIDDEN_UNITS),
        generator.standard_normal((HIDDEN_UNITS, N_CLASSES)) / np.sqrt(4 * HIDDEN_UNITS),
        np.zeros(N_CLASSES),
    ]
    targets = np.eye(N_CLASSES)[classes]
    first = [np.zeros_like(weight) for weight in weights]
    second = [np.zeros_like(weight) for weight in weights]
    n_steps = EPOCHS * -(-len(inputs) // BATCH)
    for step, batch in enumerate(_batches(len(inputs), generator), start=1):
        gradients = _gradients(inputs[batch], targets[batch], weights, generator)
        rate = LEARNING_RATE * (1 - step / n_steps)
        for weight, gradient, mean, square in zip(weights, gradients, first, second, strict=True):
            mean[...] = FIRST_MOMENT * mean + (1 - FIRST_MOMENT) * gradient
            square[...] = SECOND_MOMENT * square + (1 - SECOND_MOMENT) * gradient**2
            direction = mean / (1 - FIRST_MOMENT**step) / (np.sqrt(square / (1 - SECOND_MOMENT**step)) + TINY)
            decay = WEIGHT_DECAY * weight if weight.ndim > 1 else 0
            weight[...] -= rate * (direction + decay)
    return weights


def _batches(size: int, generator: np.random.Generator) -> Iterator[Ints]:
    for _ in range(EPOCHS):
        order = generator.permutation(size)
        for start in range(0, size, BATCH):
            yield order[start : start + BATCH]


def _gradients(inputs: Floats, targets: Floats, weights: list[Floats], generator: np.random.Generator) -> list[Floats]:
    """Gradients of the mean cross-entropy with dropout."""
    kept_inputs = inputs * _kept(inputs.shape, INPUT_DROPOUT, generator)
    hidden, hidden_bias, output, output_bias = weights
    before = kept_inputs @ hidden + hidden_bias
    kept = _kept(before.shape, HIDDEN_DROPOUT, generator)
    active = np.maximum(before, 0) * kept
    surplus = (_softmax(active @ output + output_bias) - targets) / len(inputs)
    back = (surplus @ output.T) * kept * (before > 0)
    return [kept_inputs.T @ back, back.sum(axis=0), active.T @ surplus, surplus.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropout: float, generator: np.random.Generator) -> Floats:
    return (generator.random(shape) >= dropout) / (1 - dropout)
