"""The model card: what the artefact is, what it learnt from, how well it does.

What belongs here: writing it from a training report.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from lit_pipeline.extraction.tagger.train import TrainingReport

DATE = "2026-11-21"
"""Day of the card; it changes when the tagger that ships does."""

CARD = """# Model card: the tagger of lit_pipeline

| | |
| --- | --- |
| Version (hash of all arrays) | `{version}` |
| Date | {date} |
| Size | {size:,} bytes |
| Task | finds named models, methods, benchmarks and datasets in repaired titles and abstracts on machine learning |
| Kind | linear-chain conditional random field over tokens, then {networks} small networks over candidates |
| Needs | numpy, scipy, polars, polars-hash, threadpoolctl |
| Licence | that of lit_pipeline |

## What it learnt from
English titles and abstracts of papers on machine learning: {n_train:,} labelled ones (trending papers of 2024 to
2026, arXiv papers, saved listings; by guidelines, two annotators agreeing at F1 0.97 to 1.00 on models and
benchmarks and 0.91 on methods), {n_further:,} arXiv papers that a language model labelled for us by the same
guidelines, a part of them drawn for the doubts of an earlier tagger (`further_labels.jsonl`: names, no text), and,
without labels, {n_unlabelled:,} others, which say how words are used.
The vocabulary of the package serves as evidence (version `{vocabulary}` in training). The file holds weights of hashed
features, hashed words with classes of their use, and hashed names with mean probabilities; no text.

## Evidence
Of a token: word, affixes, letter n-grams, shape, parts at hyphens; clusters of words by their company, share in
lower case, papers that hold a word and telling neighbours, all in the unlabelled abstracts; known names and parts
of names; neighbouring words, nearest telling nouns and verbs, brackets, the title's colon; all of a word's
occurrences in its paper; acronyms and their long forms. Of a candidate: the chain's probabilities over all
occurrences, overlapping rivals, the words beside it, what else the paper names, whose models, methods and benchmarks
it speaks of, what a first round of tagging said of the same name in other papers, and all that the rules observe and
conclude. In training, labelled names that no unlabelled paper holds are hidden from the vocabulary at the rate at which
it lacks such names in other papers.

## Scores
F1 over distinct (paper, surface form) pairs, compared on lower-case letters and digits; 95% intervals by bootstrap over
papers.

### Cross-validation on the training papers, {folds} folds
{cross_validation}

### Development papers, never learnt from
{development}

## Reliability
Names found in cross-validation: how often a name given with this confidence is labelled, with this type.

{reliability}

## Limits
English abstracts on machine learning only. Names in lower case without an acronym are mostly missed; whether a new
name is a model or a method is often a matter of opinion. The labels are those of one set of guidelines.
"""


def write_card(report: "TrainingReport", path: Path) -> None:
    """Write the model card of a training report."""
    path.write_text(
        CARD.format(
            version=report.version,
            vocabulary=report.vocabulary,
            date=DATE,
            size=report.size,
            networks=report.n_networks,
            folds=report.n_folds,
            n_train=report.n_train,
            n_further=report.n_further,
            n_unlabelled=report.n_unlabelled,
            cross_validation=scores_table(report.cross_validation),
            development=scores_table(report.development),
            reliability=reliability_table(report.reliability),
        ),
        encoding="utf-8",
    )


def scores_table(scores: pl.DataFrame) -> str:
    """Markdown table of scores over all papers."""
    if scores.is_empty():
        return "none\n"
    overall = scores.filter(pl.col("source") == "all")
    measures = overall["measure"].unique(maintain_order=True)
    lines = ["| measure | labels | precision | recall | F1 | 95% |", "| --- | --- | --- | --- | --- | --- |"]
    for measure in measures:
        of_measure = overall.filter(pl.col("measure") == measure)
        precision, recall, f1 = (_of_score(of_measure, score) for score in ("precision", "recall", "f1"))
        lines.append(
            f"| {measure} | {f1['n']} | {precision['estimate']:.3f} | {recall['estimate']:.3f} | {f1['estimate']:.3f} "
            f"| {f1['low']:.3f}-{f1['high']:.3f} |"
        )
    return "\n".join(lines)


def reliability_table(reliability: pl.DataFrame) -> str:
    """Markdown table of a reliability frame."""
    lines = ["| confidence from | names | mean confidence | share right |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {row['from_']:.1f} | {row['names']} | {row['mean_confidence']:.2f} | {row['share_right']:.2f} |"
        for row in reliability.iter_rows(named=True)
    ]
    return "\n".join(lines)


def _of_score(scores: pl.DataFrame, score: str) -> dict[str, float]:
    """The row of one score."""
    return scores.row(by_predicate=pl.col("score") == score, named=True)
