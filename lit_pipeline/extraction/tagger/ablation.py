"""Compares designs of the tagger and shows what each kind of evidence adds.

What belongs here: variants that leave something out, scored alike. What ships is made by `train` alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from lit_pipeline.evaluation.entities import Gold, score_entities
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates
from lit_pipeline.extraction.tagger.corpus import CorpusEvidence, CorpusLexicon
from lit_pipeline.extraction.tagger.features import Blocks, blocks_of
from lit_pipeline.extraction.tagger.fitting import as_shipped, fit_chain
from lit_pipeline.extraction.tagger.gold import read_gold
from lit_pipeline.extraction.tagger.labels import spans_of
from lit_pipeline.extraction.tagger.matches import KnownNames, Matches
from lit_pipeline.extraction.tagger.model import chosen
from lit_pipeline.extraction.tagger.network import train_networks
from lit_pipeline.extraction.tagger.reading import Reading
from lit_pipeline.extraction.tagger.sightings import SightingLexicon
from lit_pipeline.extraction.tagger.train import (
    DECISION,
    N_FOLDS,
    Course,
    Progress,
    cross_validated,
    joined,
    learn,
    named,
)
from lit_pipeline.extraction.tagger.weights import ChainWeights

MEASURES = ("model", "benchmark", "method_strict", "dataset_strict")

OF_CHAIN = ("highest", "mean", "strongest_rival", "weakest_rival", "others_")
OF_VOCABULARY = ("known", "ambiguous", "exact")
OF_CORPUS = ("papers", "lower_share", "after_0", "before_0", "sighted")
OF_SIGHTINGS = ("sighted",)
OF_PAPER = ("count", "in_title", "first_place", "others_", "title_", "before_colon", "defined")

WITHOUT: dict[str, Callable[[str], bool]] = {
    "chain and networks (ships)": lambda _: False,
    "networks without the chain's probabilities": lambda column: column.startswith(OF_CHAIN),
    "networks without the vocabulary": lambda column: column.startswith(OF_VOCABULARY),
    "networks without sightings": lambda column: column.startswith(OF_SIGHTINGS),
    "networks without the words beside": lambda column: column.rpartition("_")[2].isdigit(),
    "networks without the paper": lambda column: column.startswith(OF_PAPER),
}
"""Variants of the networks: which evidence each leaves out."""


@dataclass(frozen=True)
class Papers:
    """Papers to judge a chain by, and what is known of them."""

    gold: Gold
    reading: Reading
    matches: Matches
    blocks: Blocks


def compare(gold: Path, unlabelled: Path | None, seed: int, progress: Progress) -> pl.DataFrame:
    """F1 of variants: design, papers ('cross-validation' or 'development'), and one column a measure.

    The networks' variants share one set of chains. The chain's variants are fitted anew on all training papers and
    judged on the development papers, without networks.

    Args:
        gold: folder with train.jsonl and dev.jsonl.
        unlabelled: JSON Lines of {title, abstract}.
        seed: of all that is random.
        progress: told each step.

    """
    course = learn(gold / "train.jsonl", unlabelled, seed, progress)
    lexicon = CorpusLexicon(course.corpus)
    papers = _papers(gold / "dev.jsonl", lexicon, course.known)
    rows = [
        row for name, left_out in WITHOUT.items() for row in _networks_without(course, papers, seed, name, left_out)
    ]
    return pl.DataFrame(rows + _chains(course, papers, lexicon, progress))


def _papers(path: Path, lexicon: CorpusLexicon, known: KnownNames) -> Papers:
    gold, reading = read_gold(path)
    matches = known.find(reading)
    return Papers(gold, reading, matches, blocks_of(reading, lexicon, known, matches))


def _networks_without(
    course: Course, papers: Papers, seed: int, name: str, left_out: Callable[[str], bool]
) -> list[dict[str, str | float]]:
    """Scores of networks that lack some evidence, in cross-validation and on the development papers."""
    reduced = replace(course, candidates=[_without(candidates, left_out) for candidates in course.candidates])
    judged_apart, _ = cross_validated(reduced, seed)
    networks = train_networks(*joined(reduced, range(N_FOLDS)), seed)
    marginals = course.chains[-1].marginals(papers.blocks, papers.reading.tokens.row)
    sightings = SightingLexicon(course.sightings[-1])
    lexicon = CorpusLexicon(course.corpus)
    found = _without(find_candidates(papers.reading, marginals, papers.matches, lexicon, sightings), left_out)
    spans = chosen(papers.reading, found, networks.probabilities(found.evidence), np.array(DECISION))
    return [
        _scored(name, "cross-validation", course.lesson.gold, judged_apart),
        _scored(name, "development", papers.gold, named(papers.gold, papers.reading, spans)),
    ]


def _without(candidates: Candidates, left_out: Callable[[str], bool]) -> Candidates:
    kept = [position for position, column in enumerate(candidates.columns) if not left_out(column)]
    columns = tuple(candidates.columns[position] for position in kept)
    return replace(candidates, columns=columns, evidence=candidates.evidence[:, kept])


def _chains(course: Course, papers: Papers, lexicon: CorpusLexicon, progress: Progress) -> list[dict[str, str | float]]:
    """Scores of chains alone: with all evidence, then without one kind of it, then with words and places only."""
    nothing_known = KnownNames(pl.DataFrame(schema={"surface": pl.String, "type": pl.String, "ambiguous": pl.Boolean}))
    no_corpus = CorpusLexicon(_empty_evidence(course.corpus))
    rows = [_chain_scored("chain alone", course.chains[-1], papers, papers.blocks)]
    variants = {
        "chain alone, without the vocabulary": (lexicon, nothing_known, ()),
        "chain alone, without the unlabelled abstracts": (no_corpus, course.known, ()),
        "chain alone, without the paper": (lexicon, course.known, ("use",)),
        "chain alone, words and places only": (no_corpus, nothing_known, ("use",)),
    }
    for name, (lexicon_kept, known, dropped) in variants.items():
        progress(f"fitting: {name}")
        blocks, of_papers = (
            {
                block: facts
                for block, facts in blocks_of(reading, lexicon_kept, known, matches).items()
                if block not in dropped
            }
            for reading, matches in (
                (course.lesson.reading, _kept(course.lesson.matches, known)),
                (papers.reading, _kept(papers.matches, known)),
            )
        )
        chain = as_shipped(fit_chain(blocks, course.lesson.reading.tokens.row, course.lesson.labels))
        rows.append(_chain_scored(name, chain, papers, of_papers))
    return rows


def _kept(matches: Matches, known: KnownNames) -> Matches:
    """The matches, or none where nothing is known."""
    return matches if len(known.types) else matches.only(np.zeros(0, np.int64))


def _empty_evidence(evidence: CorpusEvidence) -> CorpusEvidence:
    """Evidence of no words at all."""
    return CorpusEvidence(**{name: values[:0] for name, values in vars(evidence).items()})


def _chain_scored(name: str, chain: ChainWeights, papers: Papers, blocks: Blocks) -> dict[str, str | float]:
    labels = chain.marginals(blocks, papers.reading.tokens.row).argmax(axis=1)
    first, last = spans_of(labels % 2 == 1, (labels > 0) & (labels % 2 == 0))
    row = papers.reading.tokens.row[first]
    spans = pl.DataFrame({"row": row, "start": first, "end": last + 1, "type": (labels[first] - 1) // 2})
    return _scored(name, "development", papers.gold, named(papers.gold, papers.reading, spans))


def _scored(name: str, papers: str, gold: Gold, found: pl.DataFrame) -> dict[str, str | float]:
    f1 = score_entities(gold, found).filter(source="all", score="f1")
    estimates = dict(f1.select("measure", "estimate").rows())
    return {"design": name, "papers": papers} | {measure: estimates[measure] for measure in MEASURES}
