"""A linear-chain conditional random field over packed sequences: likelihood and marginals.

What belongs here: the mathematics of the chain (Lafferty, McCallum and Pereira 2001; forward-backward with scaling as
in Rabiner 1989). It knows labels only by number and features only as weights.

Sequences are packed: all first tokens, then all second tokens, .., each step with the longest sequences first, so that
one matrix product advances every sequence by one token and none is padded.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.tokens import Ints, opens_row, ranges

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

    def pairs(self) -> Iterator[tuple[slice, slice]]:
        """Places of the tokens that have a next one and, beside them, of those next ones; the last step first."""
        for now in range(len(self.sizes) - 2, -1, -1):
            here, later, size = self.starts[now], self.starts[now + 1], self.sizes[now + 1]
            yield slice(here, here + size), slice(later, later + size)


def pack(row: Ints) -> Packing:
    """Packing of tokens whose sequence numbers `row` never fall."""
    lengths = np.diff(np.append(np.flatnonzero(opens_row(row)), len(row)))
    position = ranges(lengths)
    rank = np.empty(len(lengths), np.int64)
    rank[np.argsort(-lengths, kind="stable")] = np.arange(len(lengths))
    sizes = np.bincount(position).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    order = np.empty(len(row), np.int64)
    order[starts[position] + np.repeat(rank, lengths)] = np.arange(len(row))
    return Packing(order, sizes, starts)


def parts_of_texts(row: Ints, size: int) -> Iterator[slice]:
    """Tokens cut between texts, `row` numbering them, into parts that reach `size` tokens with their last text."""
    first = np.flatnonzero(opens_row(row))
    begin = 0
    while begin < len(row):
        after = np.searchsorted(first, begin + size)
        end = int(first[after]) if after < len(first) else len(row)
        yield slice(begin, end)
        begin = end


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
    passes = _forward_backward(scores, transitions, packing)
    steps = np.zeros_like(transitions.step)
    for here, later in packing.pairs():
        steps += passes.alpha[here].T @ passes.inward[later]
    marginals = passes.marginals()
    starts = marginals[: packing.n_sequences].sum(axis=0)
    return Expectation(passes.log_partition, marginals, starts, steps * np.exp(transitions.step))


def label_marginals(scores: Floats, transitions: Transitions, packing: Packing) -> Floats:
    """Probability of each label at each token, in packed order as the `scores` [tokens, labels]."""
    return _forward_backward(scores, transitions, packing).marginals()


@dataclass(frozen=True)
class _Passes:
    """What the two passes leave.

    alpha, beta: forward and backward variables of each token. inward: of each token but the first ones, what it hands
    back to the token before it. log_partition: log of the normaliser.
    """

    alpha: Floats
    beta: Floats
    inward: Floats
    log_partition: float

    def marginals(self) -> Floats:
        both = self.alpha * self.beta
        both /= both.sum(axis=1, keepdims=True)
        return both


def _forward_backward(scores: Floats, transitions: Transitions, packing: Packing) -> _Passes:
    highest = scores.T.copy().max(axis=0)[:, None]
    emission = np.exp(scores - highest)
    step = np.exp(transitions.step)
    alpha, scale = _forward(emission, np.exp(transitions.start), step, packing)
    beta, inward = np.ones_like(alpha), emission
    for here, later in packing.pairs():
        inward[later] *= beta[later]
        inward[later] /= scale[later, None]
        beta[here] = inward[later] @ step.T
    return _Passes(alpha, beta, inward, float(np.log(scale).sum() + highest.sum()))


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
