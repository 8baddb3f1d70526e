"""Everything a trained tagger has learnt, in one value.

What belongs here: the grouping only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.corpus import CorpusEvidence
from lit_pipeline.extraction.tagger.network import Networks
from lit_pipeline.extraction.tagger.sightings import Sightings
from lit_pipeline.extraction.tagger.weights import ChainWeights


@dataclass(frozen=True)
class TaggerParts:
    """What the tagger has learnt.

    chain: labels tokens. corpus, sightings: what the unlabelled abstracts say of words and of names. networks: judge
    candidates. decision: logarithm of the factor by which each class's probability counts when one class is chosen
    (none, then `labels.TYPES`).
    """

    chain: ChainWeights
    corpus: CorpusEvidence
    sightings: Sightings
    networks: Networks
    decision: NDArray[np.float64]
