"""Learns the chain's weights from labelled tokens: penalised maximum likelihood by preconditioned L-BFGS.

What belongs here: which features get weights, the objective and its gradient, and how far a step goes for each weight.
It needs nothing that the tagger itself doesn't.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from lit_pipeline.extraction.tagger.chain import Floats, Packing, Transitions, expectation, pack
from lit_pipeline.extraction.tagger.features import Block, Blocks
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS, illegal_pairs, illegal_starts
from lit_pipeline.extraction.tagger.tokens import Ints
from lit_pipeline.extraction.tagger.weights import BlockWeights, ChainWeights, incidence_of

FORBIDDEN = -30.0
"""Score of a pair of labels that can't be."""

FEWEST_TOKENS = 2
"""Tokens, per place of its block, that must show a feature for it to get a weight."""

STEPS = 256
"""Steps a unit in which weights are kept: finer ones change no score; half of all weights are less than half a step."""

PENALTY = 8.0
"""Weight of half the squared norm; chosen on labelled papers that the chain had not seen."""

ROUNDS, MEMORY, TOLERANCE = 60, 6, 1e-6
"""Iterations of L-BFGS, gradients it remembers, relative change at which it stops."""

CURVATURE = 0.005
"""What a token adds to the curvature of the objective along the weights of its features, roughly: most are surely
outside of names."""


@dataclass(frozen=True)
class _Part:
    """One place of one block: where its weights lie, and the matrices that carry scores out and gradients back."""

    name: str
    place: int
    columns: slice
    incidence: sparse.csr_array
    facts: Ints
    gather: sparse.csr_array


@dataclass(frozen=True)
class _Observed:
    """Labels seen: of each packed token, counts of pairs and of first labels."""

    labels: Ints
    steps: Floats
    starts: Floats


def fit_chain(
    blocks: Blocks, row: Ints, labels: Ints, penalty: float = PENALTY, progress: Callable[[str], None] | None = None
) -> ChainWeights:
    """Weights that make the labels likely.

    Args:
        blocks: evidence of the tokens.
        row: number of each token's text, never falling.
        labels: label of each token.
        penalty: weight of half the squared norm of the weights.
        progress: told the objective every ten rounds.

    """
    packing = pack(row)
    features = {name: frequent_features(block) for name, block in blocks.items()}
    parts = _parts(blocks, features, packing)
    n_features = parts[-1].columns.stop
    objective = _Objective(parts, n_features, packing, _observed(row, labels, packing), penalty)
    start = np.zeros((n_features + 1 + N_LABELS) * N_LABELS)
    rounds = _Rounds(progress)
    found = optimize.minimize(
        objective,
        start,
        (),
        "L-BFGS-B",
        jac=True,
        callback=rounds,
        options={"maxiter": ROUNDS, "maxcor": MEMORY, "ftol": TOLERANCE},
    )
    weights, transitions = objective.split(found.x)
    of_blocks = {
        name: BlockWeights(
            index, {part.place: weights[part.columns].astype(np.float32) for part in parts if part.name == name}
        )
        for name, index in features.items()
    }
    return ChainWeights(of_blocks, transitions)


def frequent_features(block: Block) -> HashIndex:
    """Features of a block that enough tokens show."""
    shown = np.zeros(block.size)
    for fact in block.facts.values():
        shown += np.bincount(fact, minlength=block.size)
    features, position = np.unique(block.hashes, return_inverse=True)
    tokens = np.bincount(position, weights=shown[block.rows])
    return HashIndex(features[tokens >= FEWEST_TOKENS * len(block.facts)])


def _parts(blocks: Blocks, features: dict[str, HashIndex], packing: Packing) -> list[_Part]:
    parts: list[_Part] = []
    n_tokens, first = len(packing.order), 0
    for name, block in blocks.items():
        incidence = incidence_of(block, features[name]).astype(np.float64)
        for place, fact in block.facts.items():
            packed = fact[packing.order]
            gather = sparse.csr_array((np.ones(n_tokens), (packed, np.arange(n_tokens))), shape=(block.size, n_tokens))
            parts.append(_Part(name, place, slice(first, first + len(features[name])), incidence, packed, gather))
            first += len(features[name])
    return parts


def _scale(parts: list[_Part], n_features: int, n_tokens: int, penalty: float) -> Floats:
    """Unit in which each weight is searched for: one over the root of its curvature, relative to the penalty's.

    Steps then go as far for common features as for rare ones (Jacobi preconditioning; Nocedal and Wright, Numerical
    Optimization, 2006, section 5.1).
    """
    tokens = np.full(n_features + 1 + N_LABELS, float(n_tokens))
    for part in parts:
        tokens[part.columns] = part.incidence.T @ np.bincount(part.facts, minlength=part.incidence.shape[0])
    return np.repeat(np.sqrt(penalty / (penalty + CURVATURE * tokens)), N_LABELS)


def _observed(row: Ints, labels: Ints, packing: Packing) -> _Observed:
    follows = row[1:] == row[:-1]
    steps = np.zeros((N_LABELS, N_LABELS))
    np.add.at(steps, (labels[:-1][follows], labels[1:][follows]), 1)
    starts = np.bincount(labels[np.append(True, ~follows)], minlength=N_LABELS).astype(np.float64)
    return _Observed(labels[packing.order], steps, starts)


class _Objective:
    """Penalised negative log-likelihood and its gradient, over all weights in one vector, each in its own unit."""

    def __init__(
        self, parts: list[_Part], n_features: int, packing: Packing, observed: _Observed, penalty: float
    ) -> None:
        self._parts, self._n_features, self._packing, self._observed = parts, n_features, packing, observed
        self._penalty = penalty
        self._illegal_pairs, self._illegal_starts = illegal_pairs(), illegal_starts()
        self._scale = _scale(parts, n_features, len(packing.order), penalty)
        self._back = {part.name: sparse.csr_array(part.incidence.T) for part in parts}

    def split(self, values: Floats) -> tuple[Floats, Transitions]:
        """Weights [features, labels] and those of pairs, from the vector of all."""
        table = (values * self._scale).reshape(-1, N_LABELS)
        start = np.where(self._illegal_starts, FORBIDDEN, table[self._n_features])
        step = np.where(self._illegal_pairs, FORBIDDEN, table[self._n_features + 1 :])
        return table[: self._n_features], Transitions(start, step)

    def __call__(self, values: Floats) -> tuple[float, Floats]:
        weights, transitions = self.split(values)
        scores = np.zeros((len(self._packing.order), N_LABELS))
        for part in self._parts:
            scores += (part.incidence @ weights[part.columns])[part.facts]
        expected = expectation(scores, transitions, self._packing)
        penalised = values * self._scale
        gradient = self._penalty * penalised
        table = gradient.reshape(-1, N_LABELS)
        surplus = expected.marginals.copy()
        here = np.arange(len(scores))
        surplus[here, self._observed.labels] -= 1
        for part in self._parts:
            table[part.columns] += self._back[part.name] @ (part.gather @ surplus)
        table[self._n_features] += np.where(self._illegal_starts, 0, expected.starts - self._observed.starts)
        table[self._n_features + 1 :] += np.where(self._illegal_pairs, 0, expected.steps - self._observed.steps)
        likelihood = (
            scores[here, self._observed.labels].sum()
            + (self._observed.steps * transitions.step).sum()
            + (self._observed.starts * transitions.start).sum()
            - expected.log_partition
        )
        return float(self._penalty / 2 * (penalised @ penalised) - likelihood), gradient * self._scale


class _Rounds:
    """Tells the progress of L-BFGS now and then."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self._progress, self._done = progress, 0

    def __call__(self, intermediate_result: optimize.OptimizeResult) -> None:
        self._done += 1
        if self._progress and self._done % 10 == 0:
            self._progress(f"round {self._done} of at most {ROUNDS}: objective {intermediate_result.fun:.1f}")


def as_shipped(weights: ChainWeights) -> ChainWeights:
    """The weights as the artefact keeps them: in steps of 1 / `STEPS` and half precision, without features of none."""
    return ChainWeights({name: _rounded(block) for name, block in weights.blocks.items()}, weights.transitions)


def _rounded(block: BlockWeights) -> BlockWeights:
    steps = {place: np.rint(values * STEPS) / STEPS for place, values in block.places.items()}
    rounded = {place: values.astype(np.float16).astype(np.float32) for place, values in steps.items()}
    kept = np.logical_or.reduce([values.any(axis=1) for values in rounded.values()])
    return BlockWeights(HashIndex(block.features.keys[kept]), {place: of[kept] for place, of in rounded.items()})
