"""Trains the tagger from labelled and unlabelled papers, scores it, writes the artefact and its model card.

What belongs here: the order of training. Nothing is ever fitted on what it is then judged by: the networks learn from
the chain's opinion of papers that this chain did not see, so the chain is also fitted once a fold. The development
papers are only scored.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.cleaning.text import repair_frame
from lit_pipeline.evaluation.entities import Gold, score_entities
from lit_pipeline.extraction.tagger import artefact
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates, pool, propose
from lit_pipeline.extraction.tagger.card import write_card
from lit_pipeline.extraction.tagger.corpus import CorpusEvidence, CorpusLexicon, learn_corpus_evidence
from lit_pipeline.extraction.tagger.features import Blocks, blocks_of
from lit_pipeline.extraction.tagger.fitting import as_shipped, fit_chain
from lit_pipeline.extraction.tagger.gold import classes_of, hide_known, labels_of, read_gold
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.matches import KnownNames, Matches
from lit_pipeline.extraction.tagger.model import LinearTagger, chosen
from lit_pipeline.extraction.tagger.network import N_CLASSES, train_networks
from lit_pipeline.extraction.tagger.parts import TaggerParts
from lit_pipeline.extraction.tagger.reading import Reading, read
from lit_pipeline.extraction.tagger.sightings import SightingLexicon, Sightings, add_up
from lit_pipeline.extraction.tagger.tokens import Ints
from lit_pipeline.extraction.tagger.weights import ChainWeights
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary

Progress = Callable[[str], None]
Floats = NDArray[np.float64]

LOGGER = logging.getLogger(__name__)

TRAIN_FILE, DEV_FILE = "train.jsonl", "dev.jsonl"

N_FOLDS = 4

HIDDEN_SHARES = (0.1, 0.1, 0.3, 0.2)
"""Part of the labelled names that the vocabulary knows which is hidden in training, a type. The vocabulary holds that
much more of the names of the training papers than of the development papers'."""

DECISION = (-0.3, 0.5, -0.2, 0.0, 0.0)
"""See `TaggerParts.decision`. A name taken for none costs more than the reverse, and a model taken for a method more
than the reverse; chosen by cross-validation."""

UNLABELLED_BATCH = 2500
"""Unlabelled papers read at once."""


@dataclass(frozen=True)
class TrainingReport:
    """What training gave.

    version: hash of the tagger. path, size: the artefact, bytes. n_train, n_unlabelled: papers. cross_validation,
    development: scores (columns of `evaluation.entities.SCORES`) over the training papers, each judged by networks and
    chains that had not seen it, and over the development papers; the latter is empty where there are none. reliability:
    see `reliability`.
    """

    version: str
    path: Path
    size: int
    n_train: int
    n_unlabelled: int
    n_folds: int
    cross_validation: pl.DataFrame
    development: pl.DataFrame
    reliability: pl.DataFrame


@dataclass(frozen=True)
class Lesson:
    """Labelled papers made ready: the labels, the tokens, what is known of them, and each paper's fold."""

    gold: Gold
    reading: Reading
    labels: Ints
    matches: Matches
    blocks: Blocks
    fold: Ints

    def tokens_of(self, papers: NDArray[np.bool_]) -> Ints:
        """Tokens of some papers."""
        return np.flatnonzero(papers[self.reading.paper])


@dataclass(frozen=True)
class Course:
    """All that is learnt before the networks.

    chains, sightings: one a fold, made without it, and last one made with all papers. candidates, classes: of each
    fold's papers, found by its chain, and what they are labelled as.
    """

    known: KnownNames
    corpus: CorpusEvidence
    lesson: Lesson
    chains: list[ChainWeights]
    sightings: list[Sightings]
    candidates: list[Candidates]
    classes: list[Ints]
    n_unlabelled: int


def train(
    gold: Path, unlabelled: Path | None, seed: int, out: Path, progress: Progress = LOGGER.info
) -> TrainingReport:
    """Train, score and write a tagger.

    Args:
        gold: folder with train.jsonl and, for scoring only, dev.jsonl.
        unlabelled: JSON Lines of {title, abstract}; None learns the use of words from the labelled texts alone.
        seed: of all that is random.
        out: the artefact; the model card is written beside it as MODEL_CARD.md.
        progress: told each step.

    """
    course = learn(gold / TRAIN_FILE, unlabelled, seed, progress)
    progress("training the networks")
    networks = train_networks(*joined(course, range(N_FOLDS)), seed)
    parts = TaggerParts(course.chains[-1], course.corpus, course.sightings[-1], networks, np.array(DECISION))
    version = artefact.save(parts, out)
    spans, judged = cross_validated(course, seed)
    report = TrainingReport(
        version,
        out,
        out.stat().st_size,
        len(course.lesson.gold.texts),
        course.n_unlabelled,
        N_FOLDS,
        score_entities(course.lesson.gold, spans),
        _development(gold / DEV_FILE, LinearTagger(parts, version), load_vocabulary()),
        reliability(judged),
    )
    write_card(report, out.with_name("MODEL_CARD.md"))
    return report


def learn(labelled: Path, unlabelled: Path | None, seed: int, progress: Progress) -> Course:
    """All that is learnt before the networks."""
    known = KnownNames(load_vocabulary().terms)
    batches = _unlabelled_batches(unlabelled)
    progress("learning the use of words from unlabelled abstracts")
    corpus = learn_corpus_evidence(_reading(pl.concat(batches)) if batches else read_gold(labelled)[1], seed)
    lexicon = CorpusLexicon(corpus)
    lesson = prepare(labelled, lexicon, known, seed)
    chains = fit_chains(lesson, progress)
    progress("tagging the unlabelled abstracts")
    sightings = sight(batches, chains, lexicon, known)
    candidates = judged_apart(lesson, chains, sightings, lexicon)
    classes = [classes_of(lesson.gold, of_fold) for of_fold in candidates]
    return Course(known, corpus, lesson, chains, sightings, candidates, classes, sum(map(len, batches)))


def prepare(path: Path, lexicon: CorpusLexicon, known: KnownNames, seed: int) -> Lesson:
    """Labelled papers of a file, made ready for training."""
    gold, reading = read_gold(path)
    labels = labels_of(gold, reading)
    matches = hide_known(reading, labels, known.find(reading), HIDDEN_SHARES, seed)
    fold = np.random.default_rng(seed).permutation(len(gold.texts)) % N_FOLDS
    return Lesson(gold, reading, labels, matches, blocks_of(reading, lexicon, known, matches), fold)


def fit_chains(lesson: Lesson, progress: Progress) -> list[ChainWeights]:
    """A chain a fold, fitted without it, and last one fitted on all."""
    chains = []
    for fold in range(N_FOLDS + 1):
        progress(f"fitting chain {fold + 1} of {N_FOLDS + 1}")
        tokens = lesson.tokens_of(lesson.fold != fold)
        blocks = {name: block.at(tokens) for name, block in lesson.blocks.items()}
        row, labels = lesson.reading.tokens.row[tokens], lesson.labels[tokens]
        chains.append(as_shipped(fit_chain(blocks, row, labels, progress=progress)))
    return chains


def sight(
    batches: list[pl.DataFrame], chains: list[ChainWeights], lexicon: CorpusLexicon, known: KnownNames
) -> list[Sightings]:
    """What each chain sees in the unlabelled abstracts."""
    seen: list[list[pl.DataFrame]] = [[_sighted_none()] for _ in chains]
    for batch in batches:
        reading = _reading(batch)
        matches = known.find(reading)
        blocks = blocks_of(reading, lexicon, known, matches)
        for chain, of_chain in zip(chains, seen, strict=True):
            marginals = chain.marginals(blocks, reading.tokens.row)
            pooled = pool(reading, *propose(reading, marginals, matches), marginals)
            highest = {type_: pooled.highest(pooled.probability[:, number]) for number, type_ in enumerate(TYPES)}
            groups = pl.DataFrame({"key": pooled.key, **highest})
            of_chain.append(groups.group_by("key").agg(pl.len().cast(pl.Int64).alias("papers"), pl.col(*TYPES).sum()))
    return [add_up(of_chain) for of_chain in seen]


def judged_apart(
    lesson: Lesson, chains: list[ChainWeights], sightings: list[Sightings], lexicon: CorpusLexicon
) -> list[Candidates]:
    """Candidates of each fold's papers, found by the chain that was fitted without it."""
    found = []
    for fold in range(N_FOLDS):
        marginals = chains[fold].marginals(lesson.blocks, lesson.reading.tokens.row)
        everywhere = find_candidates(
            lesson.reading, marginals, lesson.matches, lexicon, SightingLexicon(sightings[fold])
        )
        found.append(_only_papers(everywhere, lesson.fold == fold))
    return found


def cross_validated(course: Course, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Names found in each fold by networks trained on the others, and all judgements made.

    Returns:
        paper_id, surface, type, name; and one row a candidate and type: probability, right.

    """
    spans, judged = [], []
    for fold, (candidates, classes) in enumerate(zip(course.candidates, course.classes, strict=True)):
        networks = train_networks(*joined(course, [other for other in range(N_FOLDS) if other != fold]), seed)
        probabilities = networks.probabilities(candidates.evidence)
        found = chosen(course.lesson.reading, candidates, probabilities, np.array(DECISION))
        spans.append(named(course.lesson.gold, course.lesson.reading, found))
        right = classes[:, None] == np.arange(1, N_CLASSES)
        judged.append(pl.DataFrame({"probability": probabilities[:, 1:].ravel(), "right": right.ravel()}))
    return pl.concat(spans), pl.concat(judged)


def named(gold: Gold, reading: Reading, found: pl.DataFrame) -> pl.DataFrame:
    """Surface forms of chosen spans: paper_id, surface, type, name."""
    tokens, row = reading.tokens, found["row"].to_numpy()
    start, end = tokens.start[found["start"].to_numpy()], tokens.end[found["end"].to_numpy() - 1]
    text = pl.DataFrame({"text": reading.texts.gather(row), "start": start, "size": end - start})
    surface = text.select(surface=pl.col("text").str.slice(pl.col("start"), pl.col("size")))["surface"]
    type_ = found["type"].replace_strict(list(range(len(TYPES))), list(TYPES), return_dtype=pl.String)
    return pl.DataFrame(
        {"paper_id": gold.texts["paper_id"].gather(row // 2), "surface": surface, "type": type_, "name": surface}
    ).unique(maintain_order=True)


def reliability(judged: pl.DataFrame) -> pl.DataFrame:
    """Share of judgements that are right, by probability: from_ (tenths), judgements, mean_probability, share_right."""
    tenth = (pl.col("probability") * 10).floor().clip(0, 9)
    return (
        judged.group_by(from_=tenth / 10)
        .agg(judgements=pl.len(), mean_probability=pl.col("probability").mean(), share_right=pl.col("right").mean())
        .sort("from_")
    )


def _only_papers(candidates: Candidates, wanted: NDArray[np.bool_]) -> Candidates:
    kept = np.flatnonzero(wanted[candidates.paper])
    position = np.full(len(candidates), -1, np.int64)
    position[kept] = np.arange(len(kept))
    spans = position[candidates.group] >= 0
    return Candidates(
        candidates.first[spans],
        candidates.last[spans],
        position[candidates.group[spans]],
        candidates.paper[kept],
        candidates.key.gather(kept),
        candidates.columns,
        candidates.evidence[kept],
        candidates.known[kept],
    )


def joined(course: Course, folds: Iterable[int]) -> tuple[Floats, Ints]:
    """Evidence and classes of the candidates of some folds."""
    chosen_folds = list(folds)
    evidence = [course.candidates[fold].evidence for fold in chosen_folds]
    return np.concatenate(evidence), np.concatenate([course.classes[fold] for fold in chosen_folds])


def _sighted_none() -> pl.DataFrame:
    return pl.DataFrame(schema={"key": pl.String, "papers": pl.Int64, **dict.fromkeys(TYPES, pl.Float64)})


def _unlabelled_batches(path: Path | None) -> list[pl.DataFrame]:
    if path is None:
        return []
    texts = repair_frame(pl.read_ndjson(path).select("title", "abstract"), ("title", "abstract"))
    return list(texts.iter_slices(UNLABELLED_BATCH))


def _reading(texts: pl.DataFrame) -> Reading:
    return read(texts["title"], texts["abstract"])


def _development(path: Path, tagger: LinearTagger, vocabulary: Vocabulary) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame()
    gold, _ = read_gold(path)
    spans = tagger.tag(gold.texts.select("paper_id", "title", "abstract"), vocabulary)
    return score_entities(gold, spans.with_columns(name="surface"))
