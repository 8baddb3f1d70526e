"""A plain tagger of names with python-crfsuite, as one would write it: words, shapes, affixes and their neighbours.

It is there to be compared with; the pipeline's own tagger is `extraction.tagger`.
"""

import re
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from lit_pipeline.evaluation.entities import Gold

Features = list[list[str]]
Span = tuple[int, int]

WORD = re.compile(r"\w+(?:[-.+/]\w+)*|[^\w\s]")
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")
WINDOW = 3
"""Neighbouring words on each side that a word's features name."""

AFFIX_LENGTHS = (2, 3, 4)
OUTSIDE = "O"
TRAINING = {"c1": 0.1, "c2": 0.01, "max_iterations": 100}


def sentences_of(text: str) -> list[Features]:
    """Features of the words of each sentence."""
    return [features_of(WORD.findall(sentence)) for sentence in SENTENCE.split(text)]


def features_of(words: list[str]) -> Features:
    """Features of each word: its own, and words and shapes of its neighbours."""
    own = [_features(word) for word in words]
    return [
        own[at] + [f"{beside - at}:{name}" for beside in _neighbours(at, len(words)) for name in own[beside][:2]]
        for at in range(len(words))
    ]


def _neighbours(at: int, n_words: int) -> list[int]:
    return [beside for beside in range(max(at - WINDOW, 0), min(at + WINDOW + 1, n_words)) if beside != at]


def _features(word: str) -> list[str]:
    affixes = [f"{end}={word[:n] if end == 'pre' else word[-n:]}" for n in AFFIX_LENGTHS for end in ("pre", "suf")]
    return [f"word={word.lower()}", f"shape={_shape(word)}", *affixes]


def _shape(word: str) -> str:
    return "".join(
        "X" if letter.isupper() else "x" if letter.islower() else "9" if letter.isdigit() else letter for letter in word
    )


def train_crf(gold: Gold) -> Any:
    """A tagger (`pycrfsuite.Tagger`) of the names of labelled papers."""
    pycrfsuite = import_module("pycrfsuite")
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(TRAINING)
    for features, tags in _labelled(gold):
        trainer.append(features, tags)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.crfsuite"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
    return tagger


def _labelled(gold: Gold) -> list[tuple[Features, list[str]]]:
    """Features and tags of each sentence."""
    names = gold.entities.group_by("paper_id").agg("surface", "type")
    papers = gold.texts.join(names, on="paper_id", how="left", maintain_order="left").with_columns(
        pl.col("surface", "type").fill_null([])
    )
    return [
        (
            features_of([word.group() for word in WORD.finditer(sentence)]),
            tags_of(sentence, dict(zip(*named, strict=True))),
        )
        for title, abstract, *named in papers.select("title", "abstract", "surface", "type").iter_rows()
        for sentence in (title, *SENTENCE.split(abstract))
    ]


def tags_of(sentence: str, types: dict[str, str]) -> list[str]:
    """Tag of each word: 'B-type' where a name begins, 'I-type' inside it, 'O' elsewhere; longer names go first."""
    words = [word.span() for word in WORD.finditer(sentence)]
    tags = [OUTSIDE] * len(words)
    for surface in sorted(types, key=len, reverse=True):
        for found in re.finditer(re.escape(surface), sentence):
            _mark(tags, words, found.span(), types[surface])
    return tags


def _mark(tags: list[str], words: list[Span], name: Span, kind: str) -> None:
    """Tag the words of a name, unless a longer one has them."""
    inside = [at for at, (start, end) in enumerate(words) if start >= name[0] and end <= name[1]]
    if any(tags[at] != OUTSIDE for at in inside):
        return
    for place, at in enumerate(inside):
        tags[at] = f"{'I' if place else 'B'}-{kind}"
