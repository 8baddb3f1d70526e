"""The tagger in use: texts in, spans out.

What belongs here: the order of the steps, and the choice among candidates. A batch is read whole and no loop runs over
tokens or papers.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.spans import without_overlaps
from lit_pipeline.extraction.tagger import artefact
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates
from lit_pipeline.extraction.tagger.corpus import CorpusLexicon
from lit_pipeline.extraction.tagger.features import blocks_of
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.matches import KnownNames
from lit_pipeline.extraction.tagger.parts import TaggerParts
from lit_pipeline.extraction.tagger.reading import Reading, read
from lit_pipeline.extraction.tagger.sightings import SightingLexicon
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import empty_frame, polars_schema

PACKAGED = Path(str(files("lit_pipeline.extraction.tagger"))) / "model.npz"

ALONE, WITH_VOCABULARY = "tagger", "tagger+vocabulary"
"""Evidence of a span whose surface form the vocabulary lacks or holds."""


class LinearTagger:
    """Labels tokens with a linear chain, then judges each paper's candidates with small networks.

    version: hash of all that was learnt.
    """

    def __init__(self, parts: TaggerParts, version: str) -> None:
        """Make a tagger of what was learnt."""
        self.version = version
        self._parts = parts
        self._lexicon = CorpusLexicon(parts.corpus)
        self._sightings = SightingLexicon(parts.sightings)
        self._known: tuple[str, KnownNames] | None = None

    def tag(self, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
        """Names in texts.

        Args:
            texts: columns of `Texts`, repaired.
            vocabulary: the known names.

        Returns:
            Columns of `Spans`, sorted by paper_id, field and start; no two spans of a field overlap.

        """
        if texts.is_empty():
            return empty_frame(Spans)
        reading = read(texts["title"], texts["abstract"])
        if not len(reading):
            return empty_frame(Spans)
        candidates = self._candidates(reading, vocabulary)
        probabilities = self._parts.networks.probabilities(candidates.evidence)
        return _spans(texts["paper_id"], reading, chosen(reading, candidates, probabilities, self._parts.decision))

    def _candidates(self, reading: Reading, vocabulary: Vocabulary) -> Candidates:
        known = self._known_names(vocabulary)
        matches = known.find(reading)
        blocks = blocks_of(reading, self._lexicon, known, matches)
        marginals = self._parts.chain.marginals(blocks, reading.tokens.row)
        return find_candidates(reading, marginals, matches, self._lexicon, self._sightings)

    def _known_names(self, vocabulary: Vocabulary) -> KnownNames:
        """The vocabulary's names, indexed once a vocabulary."""
        if self._known is None or self._known[0] != vocabulary.version:
            self._known = (vocabulary.version, KnownNames(vocabulary.terms))
        return self._known[1]


def chosen(
    reading: Reading, candidates: Candidates, probabilities: NDArray[np.float64], decision: NDArray[np.float64]
) -> pl.DataFrame:
    """Spans of the candidates judged to be names, of overlapping ones the likelier.

    Returns:
        row, start, end (tokens, end excluded), type (number), confidence, any (probability of any type), known.

    """
    class_ = (probabilities * np.exp(decision)).argmax(axis=1)
    type_ = np.maximum(class_ - 1, 0)
    named = class_[candidates.group] > 0
    group = candidates.group[named]
    spans = pl.DataFrame(
        {
            "row": reading.tokens.row[candidates.first[named]],
            "start": candidates.first[named],
            "end": candidates.last[named] + 1,
            "type": type_[group],
            "confidence": probabilities[np.arange(len(class_)), class_][group],
            "any": 1 - probabilities[group, 0],
            "known": candidates.known[group],
        }
    )
    return without_overlaps(spans, "row", -pl.col("any"), pl.col("start") - pl.col("end"))


def _spans(paper_ids: pl.Series, reading: Reading, spans: pl.DataFrame) -> pl.DataFrame:
    row, tokens = spans["row"].to_numpy(), reading.tokens
    start, end = tokens.start[spans["start"].to_numpy()], tokens.end[spans["end"].to_numpy() - 1]
    placed = spans.select(
        paper_id=paper_ids.gather(row // 2),
        field=pl.Series(np.where(row % 2 == 0, "title", "abstract"), dtype=pl.String),
        start=pl.Series(start),
        end=pl.Series(end),
        surface=reading.texts.gather(row),
        type=pl.col("type").replace_strict(list(range(len(TYPES))), list(TYPES), return_dtype=pl.String),
        confidence="confidence",
        found_by=pl.when("known").then(pl.lit(WITH_VOCABULARY)).otherwise(pl.lit(ALONE)),
    ).with_columns(surface=pl.col("surface").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
    schema = polars_schema(Spans)
    return placed.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort("paper_id", "field", "start")


@cache
def load_tagger(path: Path = PACKAGED) -> LinearTagger:
    """The trained tagger of the package, or of another file.

    Raises:
        ArtefactError: the file is missing, is damaged, or was written by another version.

    """
    return LinearTagger(*artefact.load(path))
