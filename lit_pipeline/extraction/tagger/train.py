"""Trains the tagger from labelled and unlabelled papers, scores it, writes the artefact and its model card.

What belongs here: the order of training. Nothing is ever fitted on what it is then judged by: the networks learn from
the opinions of a chain and of rules that did not see the paper, so both are also fitted once a fold. The networks are
trained twice (self-training): what first ones, made of the labelled papers, say of unlabelled papers is learnt too. The
development papers are only scored.
"""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import Gold, load_gold, score_entities
from lit_pipeline.extraction.fitting import fit_weights
from lit_pipeline.extraction.rules import Weights, read_weights
from lit_pipeline.extraction.tagger import artefact
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates, pool, propose
from lit_pipeline.extraction.tagger.card import write_card
from lit_pipeline.extraction.tagger.corpus import CorpusEvidence, CorpusLexicon, learn_corpus_evidence
from lit_pipeline.extraction.tagger.features import Blocks, blocks_of
from lit_pipeline.extraction.tagger.fitting import as_shipped, fit_chain
from lit_pipeline.extraction.tagger.gold import (
    Papers,
    classes_of,
    forget_matches,
    hidden_names,
    labels_of,
    read_papers,
    tokens_of,
)
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.matches import KnownNames, Matches
from lit_pipeline.extraction.tagger.model import LinearTagger, chosen
from lit_pipeline.extraction.tagger.network import N_CLASSES, Judgements, Networks, Schedule, train_networks
from lit_pipeline.extraction.tagger.opinions import observe, weigh
from lit_pipeline.extraction.tagger.parts import TaggerParts
from lit_pipeline.extraction.tagger.reading import Reading, name_key, read
from lit_pipeline.extraction.tagger.sightings import SightingLexicon, Sightings, add_up
from lit_pipeline.extraction.tagger.tokens import Ints
from lit_pipeline.extraction.tagger.weights import ChainWeights
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary

Progress = Callable[[str], None]
Probabilities = NDArray[np.float64]
Judge = Callable[["Course", Candidates, Collection[int]], Probabilities]
"""Gives the probabilities of candidates, having learnt from some folds."""

LOGGER = logging.getLogger(__name__)

TRAIN_FILE, DEV_FILE = "train.jsonl", "dev.jsonl"

N_FOLDS = 4

DECISION = (-0.15, 0.2, -0.2, 0.0, 0.0)
"""See `TaggerParts.decision`. A name taken for none costs more than the reverse, and a model taken for a method more
than the reverse; chosen by cross-validation."""

CHAINS_AT_ONCE = 2
"""Chains that are fitted side by side; each holds a copy of what is known of the tokens."""

UNLABELLED_BATCH = 2500
"""Unlabelled papers read at once."""

GUESSED_BATCHES = 2
"""Batches of unlabelled papers that the networks learn from; more add nothing in cross-validation."""

GUESS_COUNTS = 0.35
"""How much a guessed judgement counts beside a labelled one; cross-validation is alike from 0.3 to 0.6."""

FIRST, FINAL, UNGUESSED = Schedule(networks=4, epochs=20), Schedule(networks=8, epochs=10), Schedule(8, 20)
"""How the networks are trained that judge unlabelled papers, those that ship, those that learn from labels only."""


@dataclass(frozen=True)
class TrainingReport:
    """What training gave.

    version, vocabulary: hashes of the tagger and of the vocabulary. path, size: the artefact, bytes. n_train,
    n_further, n_unlabelled: papers. cross_validation, development: scores (columns of `evaluation.entities.SCORES`)
    over the training papers, each judged by networks and chains that had not seen it, and over the development papers;
    the latter is empty where there are none. reliability: see `reliability`.
    """

    version: str
    vocabulary: str
    path: Path
    size: int
    n_train: int
    n_further: int
    n_unlabelled: int
    n_folds: int
    n_networks: int
    cross_validation: pl.DataFrame
    development: pl.DataFrame
    reliability: pl.DataFrame


@dataclass(frozen=True)
class Lesson:
    """Labelled papers made ready: the labels, the tokens, what is known of them, and each paper's fold."""

    gold: Gold
    reading: Reading
    labels: Ints
    hidden: pl.DataFrame
    matches: Matches
    blocks: Blocks
    fold: Ints

    def tokens_of(self, papers: NDArray[np.bool_]) -> Ints:
        """Tokens of some papers."""
        return np.flatnonzero(papers[self.reading.paper])


@dataclass(frozen=True)
class Course:
    """All that is learnt before the networks.

    chains, sightings, rules: one a fold, made without it, and last one made with all papers. candidates, classes: of
    each fold's papers, found by its chain and rules, and what they are labelled as. unlabelled: evidence of the
    candidates that each of the chains and rules finds in unlabelled papers.
    """

    papers: Papers
    vocabulary: Vocabulary
    known: KnownNames
    corpus: CorpusEvidence
    lesson: Lesson
    chains: list[ChainWeights]
    sightings: list[Sightings]
    rules: list[Weights]
    candidates: list[Candidates]
    classes: list[Ints]
    unlabelled: list[NDArray[np.float32]]


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
    networks = self_trained(course, range(N_FOLDS), seed)
    parts = TaggerParts(course.chains[-1], course.corpus, course.sightings[-1], networks, np.array(DECISION))
    version = artefact.save(parts, out)
    progress("cross-validating")
    found = cross_validated(course, lambda of, candidates, folds: judged(self_trained(of, folds, seed), candidates))
    report = TrainingReport(
        version,
        course.vocabulary.version,
        out,
        out.stat().st_size,
        course.papers.n_judged,
        len(course.papers.gold.texts) - course.papers.n_judged,
        len(course.papers.unlabelled),
        N_FOLDS,
        FINAL.networks,
        score_entities(course.papers.judged, found),
        _development(gold / DEV_FILE, LinearTagger(parts, version), course.vocabulary),
        reliability(course.papers.judged, found),
    )
    write_card(report, out.with_name("MODEL_CARD.md"))
    return report


def learn(labelled: Path, unlabelled: Path | None, seed: int, progress: Progress) -> Course:
    """All that is learnt before the networks."""
    vocabulary = load_vocabulary()
    known = KnownNames(vocabulary.terms)
    papers = read_papers(labelled, unlabelled)
    batches = list(papers.unlabelled.iter_slices(UNLABELLED_BATCH))
    progress("learning the use of words from unlabelled abstracts")
    corpus = learn_corpus_evidence(_reading(papers.unlabelled) if batches else tokens_of(papers.gold), seed)
    lexicon = CorpusLexicon(corpus)
    lesson = prepare(papers.gold, lexicon, known, seed)
    chains = fit_chains(lesson, progress)
    progress("tagging the unlabelled abstracts")
    sightings = sight(batches, chains, lexicon, known)
    progress("fitting the rules")
    rules = [_rule_weights(lesson, lesson.fold != fold, vocabulary) for fold in range(N_FOLDS + 1)]
    finders = [Finder(*parts) for parts in zip(chains, rules, map(SightingLexicon, sightings), strict=True)]
    candidates = judged_apart(lesson, finders, lexicon, vocabulary)
    classes = [classes_of(lesson.gold, of_fold) for of_fold in candidates]
    progress("judging unlabelled abstracts")
    seen = [_evidence(batch, finders, lexicon, known, vocabulary) for batch in batches[:GUESSED_BATCHES]]
    joined_up = [np.concatenate(of_finder) for of_finder in zip(*seen, strict=True)]
    return Course(papers, vocabulary, known, corpus, lesson, chains, sightings, rules, candidates, classes, joined_up)


def prepare(gold: Gold, lexicon: CorpusLexicon, known: KnownNames, seed: int) -> Lesson:
    """Labelled papers, made ready for training."""
    reading = tokens_of(gold)
    labels = labels_of(gold, reading)
    hidden = hidden_names(gold, reading, lexicon, seed)
    matches = forget_matches(reading, known.find(reading), hidden)
    fold = np.random.default_rng(seed).permutation(len(gold.texts)) % N_FOLDS
    return Lesson(gold, reading, labels, hidden, matches, blocks_of(reading, lexicon, known, matches), fold)


def fit_chains(lesson: Lesson, progress: Progress) -> list[ChainWeights]:
    """A chain a fold, fitted without it, and last one fitted on all; two at once."""

    def fit(fold: int) -> ChainWeights:
        progress(f"fitting chain {fold + 1} of {N_FOLDS + 1}")
        tokens = lesson.tokens_of(lesson.fold != fold)
        blocks = {name: block.at(tokens) for name, block in lesson.blocks.items()}
        row, labels = lesson.reading.tokens.row[tokens], lesson.labels[tokens]
        chain = fit_chain(blocks, row, labels, progress=lambda step: progress(f"chain {fold + 1}, {step}"))
        return as_shipped(chain)

    with ThreadPoolExecutor(CHAINS_AT_ONCE) as pool:
        return list(pool.map(fit, range(N_FOLDS + 1)))


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


@dataclass(frozen=True)
class Finder:
    """What finds candidates."""

    chain: ChainWeights
    rules: Weights
    sightings: SightingLexicon


def judged_apart(
    lesson: Lesson, finders: list[Finder], lexicon: CorpusLexicon, vocabulary: Vocabulary
) -> list[Candidates]:
    """Candidates of each fold's papers, found by the chain and the rules that were fitted without it."""
    observations = observe(lesson.reading, vocabulary, lesson.hidden)
    found = []
    for fold in range(N_FOLDS):
        finder = finders[fold]
        marginals = finder.chain.marginals(lesson.blocks, lesson.reading.tokens.row)
        everywhere = find_candidates(
            lesson.reading,
            marginals,
            lesson.matches,
            weigh(observations, finder.rules),
            lexicon=lexicon,
            sightings=finder.sightings,
        )
        found.append(_only_papers(everywhere, lesson.fold == fold))
    return found


def _evidence(
    batch: pl.DataFrame, finders: list[Finder], lexicon: CorpusLexicon, known: KnownNames, vocabulary: Vocabulary
) -> list[NDArray[np.float32]]:
    """Evidence of the candidates that each finder finds in unlabelled papers."""
    reading = _reading(batch)
    matches = known.find(reading)
    blocks = blocks_of(reading, lexicon, known, matches)
    observations = observe(reading, vocabulary)
    found = []
    for finder in finders:
        marginals = finder.chain.marginals(blocks, reading.tokens.row)
        opinions = weigh(observations, finder.rules)
        candidates = find_candidates(reading, marginals, matches, opinions, lexicon=lexicon, sightings=finder.sightings)
        found.append(candidates.evidence)
    return found


def _rule_weights(lesson: Lesson, papers: NDArray[np.bool_], vocabulary: Vocabulary) -> Weights:
    """Weights of the rules' observations, fitted to some of the papers."""
    texts = lesson.gold.texts.filter(pl.Series(papers)).select("paper_id", "title", "abstract")
    entities = lesson.gold.entities.join(texts, on="paper_id", how="semi")
    return read_weights(fit_weights(texts, entities, vocabulary))


def self_trained(course: Course, folds: Collection[int], seed: int) -> Networks:
    """Networks of some folds' labels and of what first networks, of the same labels, say of unlabelled papers."""
    labelled = judgements(course, folds)
    left_out = [fold for fold in range(N_FOLDS) if fold not in folds]
    unlabelled = course.unlabelled[left_out[0] if left_out else N_FOLDS] if course.unlabelled else labelled.evidence[:0]
    if not len(unlabelled):
        return train_networks(labelled, UNGUESSED, seed)
    guesses = train_networks(labelled, FIRST, seed).probabilities(unlabelled).astype(np.float32)
    return train_networks(_with_guesses(labelled, unlabelled, guesses), FINAL, seed)


def _with_guesses(labelled: Judgements, evidence: NDArray[np.float32], guesses: NDArray[np.float32]) -> Judgements:
    return Judgements(
        np.concatenate([labelled.evidence, evidence]),
        np.concatenate([labelled.targets, guesses]),
        np.concatenate([labelled.counts, np.full(len(guesses), GUESS_COUNTS, np.float32)]),
    )


def judged(networks: Networks, candidates: Candidates) -> Probabilities:
    """The networks' judgement of candidates."""
    return networks.probabilities(candidates.evidence)


def cross_validated(course: Course, judge: Judge) -> pl.DataFrame:
    """Names found in the judged papers of each fold by what learnt from the others, see `named`."""
    spans = []
    for fold, candidates in enumerate(course.candidates):
        probabilities = judge(course, candidates, [other for other in range(N_FOLDS) if other != fold])
        found = chosen(course.lesson.reading, candidates, probabilities, np.array(DECISION))
        spans.append(named(course.lesson.gold, course.lesson.reading, found))
    return pl.concat(spans).join(course.papers.judged.texts, on="paper_id", how="semi", maintain_order="left")


def named(gold: Gold, reading: Reading, found: pl.DataFrame) -> pl.DataFrame:
    """Surface forms of chosen spans: paper_id, surface, type, name, confidence."""
    surface = reading.surfaces(found["start"].to_numpy(), found["end"].to_numpy() - 1)
    type_ = found["type"].replace_strict(list(range(len(TYPES))), list(TYPES), return_dtype=pl.String)
    paper_id = gold.texts["paper_id"].gather(found["row"].to_numpy() // 2)
    return pl.DataFrame(
        {"paper_id": paper_id, "surface": surface, "type": type_, "name": surface, "confidence": found["confidence"]}
    ).unique(["paper_id", "surface", "type"], keep="first", maintain_order=True)


def reliability(gold: Gold, found: pl.DataFrame) -> pl.DataFrame:
    """Share of found names that are labelled with their type, by confidence.

    Args:
        gold: the labels.
        found: paper_id, surface, type, confidence; one row a surface form of a paper.

    Returns:
        from_ (tenths), names, mean_confidence, share_right.

    """
    key = name_key(pl.col("surface")).alias("key")
    labelled = gold.entities.select("paper_id", key, pl.col("type").cast(pl.String), right=pl.lit(value=True)).unique()
    told = found.with_columns(key, pl.col("type").cast(pl.String)).join(
        labelled, on=["paper_id", "key", "type"], how="left", maintain_order="left"
    )
    tenth = (pl.col("confidence") * 10).floor().clip(0, 9)
    return (
        told.group_by(from_=tenth / 10)
        .agg(
            names=pl.len(),
            mean_confidence=pl.col("confidence").mean(),
            share_right=pl.col("right").fill_null(value=False).mean(),
        )
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
        candidates.known_as[kept],
        candidates.observed[kept],
    )


def judgements(course: Course, folds: Collection[int]) -> Judgements:
    """What the labels say of the candidates of some folds."""
    evidence = np.concatenate([course.candidates[fold].evidence for fold in folds])
    classes = np.concatenate([course.classes[fold] for fold in folds])
    targets = np.eye(N_CLASSES, dtype=np.float32)[classes]
    return Judgements(evidence, targets, np.ones(len(targets), np.float32))


def _sighted_none() -> pl.DataFrame:
    return pl.DataFrame(schema={"key": pl.String, "papers": pl.Int64, **dict.fromkeys(TYPES, pl.Float64)})


def _reading(texts: pl.DataFrame) -> Reading:
    return read(texts["title"], texts["abstract"])


def _development(path: Path, tagger: LinearTagger, vocabulary: Vocabulary) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame()
    gold = load_gold(path, repair_text)
    spans = tagger.tag(gold.texts.select("paper_id", "title", "abstract"), vocabulary)
    return score_entities(gold, spans.with_columns(name="surface"))
