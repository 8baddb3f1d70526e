"""What the chain has learnt: a weight for each feature, place and label, and how it scores tokens.

What belongs here: the chain's parameters and their use. How they are learnt is in `fitting`, what they mean for a path
in `chain`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lit_pipeline.extraction.tagger.chain import Floats, Transitions, expectation, pack
from lit_pipeline.extraction.tagger.features import Block, Blocks
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS
from lit_pipeline.extraction.tagger.tokens import Ints

Weights = NDArray[np.float32]


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

    def scores(self, blocks: Blocks, n_tokens: int) -> Weights:
        """Score of each label at each token."""
        scores = np.zeros((n_tokens, N_LABELS), np.float32)
        for name, weights in self.blocks.items():
            block = blocks[name]
            incidence = incidence_of(block, weights.features)
            for place, of_place in weights.places.items():
                scores += (incidence @ of_place)[block.facts[place]]
        return scores

    def marginals(self, blocks: Blocks, row: Ints) -> Floats:
        """Probability of every label of each token [tokens, labels]; `row` numbers the texts."""
        packing = pack(row)
        scores = self.scores(blocks, len(row))[packing.order].astype(np.float64)
        in_order = np.empty_like(scores)
        in_order[packing.order] = expectation(scores, self.transitions, packing).marginals
        return in_order


def incidence_of(block: Block, features: HashIndex) -> sparse.csr_array:
    """Which of the features each fact of a block has: a matrix of ones [facts, features]."""
    column = features.find(block.hashes)
    known = column >= 0
    ones = np.ones(int(known.sum()), np.float32)
    incidence = sparse.csr_array((ones, (block.rows[known], column[known])), shape=(block.size, len(features)))
    incidence.sum_duplicates()
    incidence.data[:] = 1
    return incidence
