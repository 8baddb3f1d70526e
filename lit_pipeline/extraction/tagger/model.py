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

from lit_pipeline.extraction.rules import VOCABULARY_RULE, shipped_weights, strongest
from lit_pipeline.extraction.spans import without_overlaps
from lit_pipeline.extraction.tagger import artefact
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates
from lit_pipeline.extraction.tagger.corpus import CorpusLexicon
from lit_pipeline.extraction.tagger.features import blocks_of
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.matches import KnownNames
from lit_pipeline.extraction.tagger.opinions import RULES_ORDER, Opinions, observe, weigh
from lit_pipeline.extraction.tagger.parts import TaggerParts
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, read
from lit_pipeline.extraction.tagger.sightings import SightingLexicon
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import empty_frame, polars_schema

PACKAGED = Path(str(files("lit_pipeline.extraction.tagger"))) / "model.npz"

SHARPNESS = 0.85
"""Exponent of `calibrated`; with it confidences come true in cross-validation."""

TAGGER = "tagger"
"""What finds a name that the rules don't see."""


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
        opinions = weigh(observe(reading, vocabulary), shipped_weights())
        candidates = self._candidates(reading, vocabulary, opinions)
        probabilities = self._parts.networks.probabilities(candidates.evidence)
        spans = chosen(reading, candidates, probabilities, self._parts.decision)
        return _spans(texts["paper_id"], reading, spans.with_columns(found_by=found_by(spans, candidates, opinions)))

    def _candidates(self, reading: Reading, vocabulary: Vocabulary, opinions: Opinions) -> Candidates:
        known = self._known_names(vocabulary)
        matches = known.find(reading)
        blocks = blocks_of(reading, self._lexicon, known, matches)
        marginals = self._parts.chain.marginals(blocks, reading.tokens.row)
        return find_candidates(reading, marginals, matches, opinions, lexicon=self._lexicon, sightings=self._sightings)

    def _known_names(self, vocabulary: Vocabulary) -> KnownNames:
        """The vocabulary's names, indexed once a vocabulary."""
        if self._known is None or self._known[0] != vocabulary.version:
            self._known = (vocabulary.version, KnownNames(vocabulary.terms))
        return self._known[1]


def calibrated(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities [candidates, classes] drawn together so that they come true as often as they say.

    Networks that learn from the guesses of others are surer than they should be.
    """
    drawn = probabilities**SHARPNESS
    shares: NDArray[np.float64] = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def chosen(
    reading: Reading, candidates: Candidates, probabilities: NDArray[np.float64], decision: NDArray[np.float64]
) -> pl.DataFrame:
    """Spans of the candidates judged to be names, of overlapping ones the longest.

    Returns:
        row, start, end (tokens, end excluded), group, type (number), confidence (calibrated probability of the type).

    """
    class_ = (probabilities * np.exp(decision)).argmax(axis=1)
    sure = calibrated(probabilities)
    type_ = np.maximum(class_ - 1, 0)
    named = class_[candidates.group] > 0
    group = candidates.group[named]
    spans = pl.DataFrame(
        {
            "row": reading.tokens.row[candidates.first[named]],
            "start": candidates.first[named],
            "end": candidates.last[named] + 1,
            "type": type_[group],
            "group": group,
            "confidence": sure[np.arange(len(class_)), class_][group],
        }
    )
    return without_overlaps(spans, "row", pl.col("start") - pl.col("end"), -pl.col("confidence"))


def found_by(spans: pl.DataFrame, candidates: Candidates, opinions: Opinions) -> pl.Series:
    """What found each chosen span: the vocabulary, the rule that speaks most for its type, or the tagger alone."""
    group, type_ = spans["group"].to_numpy(), spans["type"].to_numpy()
    observed = candidates.observed[group]
    seen = np.flatnonzero(observed != ABSENT)
    told = np.full(len(group), TAGGER, dtype=object)
    evidence = opinions.observed[observed[seen]].astype(np.float64)
    told[seen] = strongest(evidence, opinions.weights, np.array(RULES_ORDER)[type_[seen]])
    known = candidates.known_as[group, type_] > 0
    return pl.Series(np.where(known, VOCABULARY_RULE, told), dtype=pl.String)


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
        found_by="found_by",
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
