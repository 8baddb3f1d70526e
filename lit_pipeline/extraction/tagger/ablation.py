"""Compares designs of the tagger and shows what each kind of evidence adds.

What belongs here: variants that leave something out or judge otherwise, scored alike. What ships is made by `train`
alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import Gold, load_gold, score_entities
from lit_pipeline.extraction.rules import probabilities
from lit_pipeline.extraction.tagger.candidates import Candidates, find_candidates
from lit_pipeline.extraction.tagger.corpus import CorpusEvidence, CorpusLexicon
from lit_pipeline.extraction.tagger.features import Blocks, blocks_of
from lit_pipeline.extraction.tagger.fitting import as_shipped, fit_chain
from lit_pipeline.extraction.tagger.gold import tokens_of
from lit_pipeline.extraction.tagger.labels import TYPES, spans_of
from lit_pipeline.extraction.tagger.matches import KnownNames, Matches
from lit_pipeline.extraction.tagger.model import chosen
from lit_pipeline.extraction.tagger.network import train_networks
from lit_pipeline.extraction.tagger.opinions import observe, weigh
from lit_pipeline.extraction.tagger.reading import Reading
from lit_pipeline.extraction.tagger.sightings import SightingLexicon
from lit_pipeline.extraction.tagger.train import (
    DECISION,
    DEV_FILE,
    N_FOLDS,
    TRAIN_FILE,
    UNGUESSED,
    Course,
    Probabilities,
    Progress,
    cross_validated,
    judged,
    judgements,
    learn,
    named,
    self_trained,
)
from lit_pipeline.extraction.tagger.weights import ChainWeights
from lit_pipeline.extraction.vocabulary import load_vocabulary

LeftOut = Callable[[str], bool]

MEASURES = ("model", "benchmark", "method_strict", "dataset_strict")

OF_RULES = ("rules",)
OF_CHAIN = ("highest", "mean", "strongest_rival", "weakest_rival", "others_")
OF_VOCABULARY = ("known", "ambiguous", "exact", "rules: known", "rules: ambiguous", "rules: attached", "rules: part_of")
OF_WORDS_BESIDE = ("after_", "before_")
OF_SIGHTINGS = ("sighted",)
OF_PAPER = ("nouns_", "presented_", "own_", "title_", "others_")


def starts(*beginnings: str) -> LeftOut:
    """Columns whose names begin so."""
    return lambda column: column.startswith(beginnings)


def _nothing(_column: str) -> bool:
    return False


def _beside(column: str) -> bool:
    return column.startswith(OF_WORDS_BESIDE) and column[-1].isdigit()


def _from_both(course: Course, candidates: Candidates, folds: Collection[int], seed: int) -> Probabilities:
    """Networks of labels and guesses."""
    return judged(self_trained(course, folds, seed), candidates)


def _from_labels(course: Course, candidates: Candidates, folds: Collection[int], seed: int) -> Probabilities:
    """Networks of labels alone."""
    return judged(train_networks(judgements(course, folds), UNGUESSED, seed), candidates)


def _by_rules(_course: Course, candidates: Candidates, _folds: Collection[int], _seed: int) -> Probabilities:
    """The rules' own probabilities."""
    columns = [candidates.columns.index(f"rules_{type_}") for type_ in TYPES]
    return probabilities(candidates.evidence[:, columns].astype(np.float64))


def _by_two(course: Course, candidates: Candidates, folds: Collection[int], seed: int) -> Probabilities:
    """The mean of the rules' probabilities and those of networks that don't hear the rules."""
    deaf = _from_labels(_reduced(course, starts(*OF_RULES)), _without(candidates, starts(*OF_RULES)), folds, seed)
    mean: Probabilities = (deaf + _by_rules(course, candidates, folds, seed)) / 2
    return mean


@dataclass(frozen=True)
class Variant:
    """A design: which evidence it lacks, and who judges the candidates."""

    name: str
    judge: Callable[[Course, Candidates, Collection[int], int], Probabilities] = _from_labels
    left_out: LeftOut = _nothing


VARIANTS = (
    Variant("rules: logistic regression over observations of candidates", _by_rules),
    Variant("chain, then networks over candidates", left_out=starts(*OF_RULES)),
    Variant("the mean of these two", _by_two),
    Variant("networks over the evidence of both"),
    Variant("the same, self-trained (ships)", _from_both),
    Variant("without the chain's probabilities", left_out=starts(*OF_CHAIN)),
    Variant("without the rules", left_out=starts(*OF_RULES)),
    Variant("without the vocabulary", left_out=starts(*OF_VOCABULARY)),
    Variant("without sightings", left_out=starts(*OF_SIGHTINGS)),
    Variant("without the words beside", left_out=_beside),
    Variant("without what else the paper speaks of", left_out=starts(*OF_PAPER)),
)
"""Designs, then networks over the evidence of both that lack a part of it and learn from labels alone."""


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
    course = learn(gold / TRAIN_FILE, unlabelled, seed, progress)
    lexicon = CorpusLexicon(course.corpus)
    papers = _papers(gold / DEV_FILE, lexicon, course.known)
    candidates = _candidates(course, papers)
    rows = []
    for variant in VARIANTS:
        progress(f"judging: {variant.name}")
        rows += _networks_of(course, papers, candidates, seed, variant)
    return pl.DataFrame(rows + _chains(course, papers, lexicon, progress))


def comparison_table(compared: pl.DataFrame) -> str:
    """Markdown table of `compare`: one row a design, the measures of each set of papers joined by slashes."""
    told = compared.with_columns(
        scores=pl.concat_str(
            [pl.col(measure).round(3).cast(pl.String).str.pad_end(5, "0") for measure in MEASURES], separator=" / "
        )
    )
    wide = told.pivot("papers", index="design", values="scores").fill_null("-")
    lines = [f"| {' | '.join(wide.columns)} |", f"|{' --- |' * len(wide.columns)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in wide.rows()])


def _papers(path: Path, lexicon: CorpusLexicon, known: KnownNames) -> Papers:
    gold = load_gold(path, repair_text)
    reading = tokens_of(gold)
    matches = known.find(reading)
    return Papers(gold, reading, matches, blocks_of(reading, lexicon, known, matches))


def _candidates(course: Course, papers: Papers) -> Candidates:
    """Candidates of the papers with all evidence, found by what learnt from all training papers."""
    return find_candidates(
        papers.reading,
        course.chains[-1].marginals(papers.blocks, papers.reading.tokens.row),
        papers.matches,
        weigh(observe(papers.reading, load_vocabulary()), course.rules[-1]),
        lexicon=CorpusLexicon(course.corpus),
        sightings=SightingLexicon(course.sightings[-1]),
    )


def _networks_of(
    course: Course, papers: Papers, candidates: Candidates, seed: int, variant: Variant
) -> list[dict[str, str | float]]:
    """Scores of a variant in cross-validation and on the development papers."""
    reduced = _reduced(course, variant.left_out)

    def judge(learnt: Course, asked: Candidates, folds: Collection[int]) -> Probabilities:
        return variant.judge(learnt, asked, folds, seed)

    found = _without(candidates, variant.left_out)
    spans = chosen(papers.reading, found, judge(reduced, found, range(N_FOLDS)), np.array(DECISION))
    return [
        _scored(variant.name, "cross-validation", course.papers.judged, cross_validated(reduced, judge)),
        _scored(variant.name, "development", papers.gold, named(papers.gold, papers.reading, spans)),
    ]


def _reduced(course: Course, left_out: LeftOut) -> Course:
    """The course without some evidence."""
    kept = _kept_columns(course.candidates[0].columns, left_out)
    return replace(
        course,
        candidates=[_without(candidates, left_out) for candidates in course.candidates],
        unlabelled=[evidence[:, kept] for evidence in course.unlabelled],
    )


def _without(candidates: Candidates, left_out: LeftOut) -> Candidates:
    kept = _kept_columns(candidates.columns, left_out)
    columns = tuple(candidates.columns[position] for position in kept)
    return replace(candidates, columns=columns, evidence=candidates.evidence[:, kept])


def _kept_columns(columns: tuple[str, ...], left_out: LeftOut) -> NDArray[np.int64]:
    return np.array([position for position, column in enumerate(columns) if not left_out(column)])


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
    type_ = (labels[first] - 1) // 2
    spans = pl.DataFrame({"row": row, "start": first, "end": last + 1, "type": type_, "confidence": np.ones(len(row))})
    return _scored(name, "development", papers.gold, named(papers.gold, papers.reading, spans))


def _scored(name: str, papers: str, gold: Gold, found: pl.DataFrame) -> dict[str, str | float]:
    f1 = score_entities(gold, found).filter(source="all", score="f1")
    estimates = dict(f1.select("measure", "estimate").rows())
    return {"design": name, "papers": papers} | {measure: estimates[measure] for measure in MEASURES}
