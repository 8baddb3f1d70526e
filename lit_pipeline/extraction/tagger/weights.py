"""What the chain has learnt: a weight for each feature, place and label, and how it scores tokens.

What belongs here: the chain's parameters and their use. How they are learnt is in `fitting`, what they mean for a path
in `chain`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lit_pipeline.extraction.tagger.chain import Floats, Transitions, label_marginals, pack, parts_of_texts
from lit_pipeline.extraction.tagger.features import Block, Blocks
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS
from lit_pipeline.extraction.tagger.tokens import Ints

Weights = NDArray[np.float32]
ScoredFacts = tuple[Weights, Ints]
"""Scores of the facts at one place, [facts, labels], and the fact of each token there."""

PART_TOKENS = 60_000
"""Tokens whose marginals are computed at once, or one text's: their arrays stay in the processor's cache."""


@dataclass(frozen=True)
class BlockWeights:
    """Features of a block that have weights, and for each place a matrix [features, labels] of them."""

    features: HashIndex
    places: dict[int, Weights]


@dataclass(frozen=True)
class ChainWeights:
    """Weights of all blocks, and of pairs of labels."""

    blocks: dict[str, BlockWeights]
    transitions: Transitions

    def marginals(self, blocks: Blocks, row: Ints) -> Floats:
        """Probability of every label of each token [tokens, labels]; `row` numbers the texts."""
        scored = self._scored(blocks)
        marginals = np.empty((len(row), N_LABELS))
        for part in parts_of_texts(row, PART_TOKENS):
            packing = pack(row[part])
            scores = _scores(scored, part)[packing.order].astype(np.float64)
            marginals[part][packing.order] = label_marginals(scores, self.transitions, packing)
        return marginals

    def _scored(self, blocks: Blocks) -> list[ScoredFacts]:
        scored: list[ScoredFacts] = []
        for name, weights in self.blocks.items():
            incidence = incidence_of(blocks[name], weights.features)
            scored += [(incidence @ of_place, blocks[name].facts[place]) for place, of_place in weights.places.items()]
        return scored


def _scores(scored: list[ScoredFacts], part: slice) -> Weights:
    """Score of each label at each token of a part: the sum of the scores of its facts."""
    scores = np.zeros((part.stop - part.start, N_LABELS), np.float32)
    for of_fact, fact in scored:
        scores += of_fact.take(fact[part], axis=0)
    return scores


def incidence_of(block: Block, features: HashIndex) -> sparse.csr_array:
    """Which of the features each fact of a block has: a matrix of ones [facts, features]."""
    column = features.find(block.hashes)
    known = column >= 0
    ones = np.ones(int(known.sum()), np.float32)
    incidence = sparse.csr_array((ones, (block.rows[known], column[known])), shape=(block.size, len(features)))
    incidence.sum_duplicates()
    incidence.data[:] = 1
    return incidence
