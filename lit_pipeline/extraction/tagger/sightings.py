"""What a first round of tagging saw in the unlabelled abstracts: for each surface form, how often each type was meant.

What belongs here: adding up sightings and looking them up (self-training with the corpus as one document).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.hashing import Hashes, HashIndex, string_hashes
from lit_pipeline.extraction.tagger.labels import TYPES

FEWEST_PAPERS = 2
"""Papers that must hold a surface form; a single one tells little and there are many such forms."""

PROBABILITY_UNIT = 1 / 255
"""Mean probabilities are kept as bytes."""


@dataclass(frozen=True)
class Sightings:
    """Surface forms seen.

    keys: hashes, sorted. probability: mean of each type, in 255ths. papers: log2 of 1 + papers, in 16ths.
    """

    keys: Hashes
    probability: NDArray[np.uint8]
    papers: NDArray[np.uint8]


class SightingLexicon:
    """Looks sightings up."""

    def __init__(self, sightings: Sightings) -> None:
        """Index the sightings."""
        self.sightings = sightings
        self._index = HashIndex(sightings.keys)

    def evidence(self, keys: pl.Series) -> dict[str, NDArray[np.float64]]:
        """Mean probability of each type and of any, papers on a logarithmic scale; zeros where never seen."""
        found = self._index.find(string_hashes(keys))
        seen = found >= 0
        probability = np.zeros((len(keys), len(TYPES)))
        probability[seen] = self.sightings.probability[found[seen]] * PROBABILITY_UNIT
        papers = np.zeros(len(keys))
        papers[seen] = self.sightings.papers[found[seen]] / 16
        columns = {f"sighted_{type_}": probability[:, number] for number, type_ in enumerate(TYPES)}
        return columns | {"sighted": probability.sum(axis=1), "sighted_papers": papers}


def add_up(seen: list[pl.DataFrame]) -> Sightings:
    """Sightings of batches (columns key, papers, and one a type with the sum of its probabilities), added up."""
    total = pl.concat(seen).group_by("key").agg(pl.col("papers").sum(), pl.col(*TYPES).sum())
    kept = total.filter(pl.col("papers") >= FEWEST_PAPERS)
    ordered = kept.with_columns(hash=pl.Series(string_hashes(kept["key"]))).sort("hash")
    papers = ordered["papers"].to_numpy().astype(np.float64)
    mean = ordered.select(TYPES).to_numpy() / (papers[:, None] + 1)
    logs = np.minimum(np.round(16 * np.log2(1 + papers)), 255)
    return Sightings(
        ordered["hash"].to_numpy(), np.round(mean / PROBABILITY_UNIT).astype(np.uint8), logs.astype(np.uint8)
    )
