"""A linear-chain conditional random field over packed sequences: likelihood and marginals.

What belongs here: the mathematics of the chain (Lafferty, McCallum and Pereira 2001; forward-backward with scaling as
in Rabiner 1989). It knows labels only by number and features only as weights.

Sequences are packed: all first tokens, then all second tokens, .., each step with the longest sequences first, so that
one matrix product advances every sequence by one token and none is padded.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.tokens import Ints, ranges

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Packing:
    """Order that lets all sequences advance together.

    order: token at each packed place. sizes: sequences alive at each step, never rising. starts: first place of each
    step.
    """

    order: Ints
    sizes: Ints
    starts: Ints

    @property
    def n_sequences(self) -> int:
        """Number of sequences."""
        return int(self.sizes[0]) if len(self.sizes) else 0


def pack(row: Ints) -> Packing:
    """Packing of tokens whose sequence numbers `row` never fall."""
    _, lengths = np.unique(row, return_counts=True)
    position = ranges(lengths)
    rank = np.empty(len(lengths), np.int64)
    rank[np.argsort(-lengths, kind="stable")] = np.arange(len(lengths))
    order = np.lexsort((np.repeat(rank, lengths), position))
    sizes = np.bincount(position).astype(np.int64)
    return Packing(order, sizes, np.cumsum(sizes) - sizes)


@dataclass(frozen=True)
class Transitions:
    """Scores of label pairs: start[y] for a first label, step[y, z] for z after y."""

    start: Floats
    step: Floats


@dataclass(frozen=True)
class Expectation:
    """What the chain expects: log of the normaliser, label marginals in packed order, counts of label pairs."""

    log_partition: float
    marginals: Floats
    starts: Floats
    steps: Floats


def expectation(scores: Floats, transitions: Transitions, packing: Packing) -> Expectation:
    """Forward-backward over packed `scores` [tokens, labels]."""
    highest = scores.max(axis=1, keepdims=True)
    emission = np.exp(scores - highest)
    step = np.exp(transitions.step)
    alpha, scale = _forward(emission, np.exp(transitions.start), step, packing)
    beta = np.ones_like(alpha)
    steps = np.zeros_like(step)
    for now in range(len(packing.sizes) - 2, -1, -1):
        later = slice(packing.starts[now + 1], packing.starts[now + 1] + packing.sizes[now + 1])
        here = slice(packing.starts[now], packing.starts[now] + packing.sizes[now + 1])
        inward = emission[later] * beta[later] / scale[later, None]
        beta[here] = inward @ step.T
        steps += alpha[here].T @ inward
    marginals = alpha * beta
    marginals /= marginals.sum(axis=1, keepdims=True)
    starts = marginals[: packing.n_sequences].sum(axis=0)
    return Expectation(float(np.log(scale).sum() + highest.sum()), marginals, starts, steps * step)


def _forward(emission: Floats, start: Floats, step: Floats, packing: Packing) -> tuple[Floats, Floats]:
    alpha = np.empty_like(emission)
    scale = np.empty(len(emission))
    for now, size in enumerate(packing.sizes):
        here = slice(packing.starts[now], packing.starts[now] + size)
        if now == 0:
            reached = emission[here] * start
        else:
            before = packing.starts[now - 1]
            reached = (alpha[before : before + size] @ step) * emission[here]
        scale[here] = reached.sum(axis=1)
        alpha[here] = reached / scale[here, None]
    return alpha, scale
