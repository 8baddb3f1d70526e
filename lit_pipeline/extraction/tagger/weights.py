"""What the chain has learnt: a weight for each feature, place and label, and how it scores tokens.

What belongs here: the chain's parameters and their use. How they are learnt is in `fitting`, what they mean for a path
in `chain`.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lit_pipeline.extraction.tagger.chain import Packing, Transitions, best_path, expectation, pack
from lit_pipeline.extraction.tagger.features import Block, Blocks
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS
from lit_pipeline.extraction.tagger.tokens import Ints

Weights = NDArray[np.float32]
Scalar = TypeVar("Scalar", bound=np.generic)


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

    def label(self, blocks: Blocks, row: Ints) -> tuple[Ints, NDArray[np.float64]]:
        """Best label of each token, and the probability of every label [tokens, labels]; `row` numbers the texts."""
        packing = pack(row)
        scores = self.scores(blocks, len(row))[packing.order].astype(np.float64)
        labels = unpacked(best_path(scores, self.transitions, packing), packing)
        return labels, unpacked(expectation(scores, self.transitions, packing).marginals, packing)


def unpacked(values: NDArray[Scalar], packing: Packing) -> NDArray[Scalar]:
    """Values of packed places in the order of the tokens."""
    in_order = np.empty_like(values)
    in_order[packing.order] = values
    return in_order


def incidence_of(block: Block, features: HashIndex) -> sparse.csr_array:
    """Which of the features each fact of a block has: a matrix of ones [facts, features]."""
    column = features.find(block.hashes)
    known = column >= 0
    pairs = np.unique(block.rows[known] * len(features) + column[known])
    rows, columns = np.divmod(pairs, max(len(features), 1))
    ends = np.cumsum(np.bincount(rows, minlength=block.size))
    shape = (block.size, len(features))
    return sparse.csr_array((np.ones(len(pairs), np.float32), columns, np.append(0, ends)), shape=shape)
