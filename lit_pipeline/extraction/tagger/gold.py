"""Labelled papers as labelled tokens.

What belongs here: finding the labelled surface forms in the texts, in the tagger's own tokens.
"""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import Gold, load_gold
from lit_pipeline.extraction.tagger.candidates import Candidates, name_key
from lit_pipeline.extraction.tagger.labels import TYPES, beginning, inside
from lit_pipeline.extraction.tagger.matches import Matches
from lit_pipeline.extraction.tagger.reading import Reading, read
from lit_pipeline.extraction.tagger.tokens import Ints, ranges

TYPE_NUMBERS = {type_: number for number, type_ in enumerate(TYPES)}


def read_gold(path: Path) -> tuple[Gold, Reading]:
    """Labelled papers of a file, repaired, and their tokens."""
    gold = load_gold(path, repair_text)
    return gold, read(gold.texts["title"], gold.texts["abstract"])


def labels_of(gold: Gold, reading: Reading) -> Ints:
    """Label of each token: every occurrence of a surface form that begins and ends with tokens, the longest first."""
    occurrences = _occurrences(gold, reading)
    labels = np.zeros(len(reading), np.int64)
    for first, last, type_ in occurrences.select("first", "last", "type").rows():
        if not labels[first : last + 1].any():
            labels[first : last + 1] = inside(type_)
            labels[first] = beginning(type_)
    return labels


def _occurrences(gold: Gold, reading: Reading) -> pl.DataFrame:
    """Places where labelled surface forms stand on token boundaries, longest first: first, last (tokens), type."""
    texts = pl.DataFrame({"row": np.arange(len(reading.texts)), "text": reading.texts}).with_columns(
        paper_id=gold.texts["paper_id"].gather(np.arange(len(reading.texts)) // 2)
    )
    hits = [
        (row, at, at + len(surface), TYPE_NUMBERS[type_])
        for row, text, surface, type_ in texts.join(gold.entities, on="paper_id")
        .select("row", "text", "surface", "type")
        .rows()
        for at in _places(text or "", surface)
    ]
    schema = dict.fromkeys(("row", "start", "end", "type"), pl.Int64)
    frame = pl.DataFrame(hits, schema=schema, orient="row")
    tokens = pl.DataFrame(
        {
            "row": reading.tokens.row,
            "start": reading.tokens.start,
            "end": reading.tokens.end,
            "token": np.arange(len(reading)),
        }
    )
    firsts, lasts = tokens.select("row", "start", first="token"), tokens.select("row", "end", last="token")
    placed = frame.join(firsts, on=["row", "start"]).join(lasts, on=["row", "end"])
    return placed.sort(pl.col("start") - pl.col("end"), "row", "start", "type")


def _places(text: str, surface: str) -> list[int]:
    """Offsets at which the surface form stands in the text; overlapping occurrences are counted once."""
    places, at = [], text.find(surface)
    while surface and at >= 0:
        places.append(at)
        at = text.find(surface, at + len(surface))
    return places


def classes_of(gold: Gold, candidates: Candidates) -> Ints:
    """Class of each candidate: 0 for none, else 1 + the position of its labelled type."""
    types = gold.entities.select(
        "paper_id",
        key=name_key(pl.col("surface")),
        class_=pl.col("type").cast(pl.String).replace_strict(TYPE_NUMBERS, return_dtype=pl.Int64) + 1,
    ).unique(["paper_id", "key"], keep="first", maintain_order=True)
    asked = pl.DataFrame({"paper_id": gold.texts["paper_id"].gather(candidates.paper), "key": candidates.key})
    found = asked.join(types, on=["paper_id", "key"], how="left", maintain_order="left")
    return found["class_"].fill_null(0).to_numpy()


def hide_known(reading: Reading, labels: Ints, matches: Matches, shares: tuple[float, ...], seed: int) -> Matches:
    """Matches of which some labelled names are left out, at random but alike throughout a paper.

    The vocabulary was written with an eye on the labelled papers and knows more of their names than of others'.
    `shares` says which part of the labelled names of each type is hidden, so that the tagger learns to do without.
    """
    last = matches.first + matches.size - 1
    type_ = (labels[matches.first] - 1) // 2
    is_name = (labels[matches.first] % 2 == 1) & _continues_to(labels, matches.first, last)
    generator = np.random.default_rng(seed)
    key = pl.DataFrame({"paper": reading.paper[matches.first], "word": reading.tokens.word[matches.first]})
    group = key.select(pl.struct("paper", "word").rank("dense")).to_series().to_numpy().astype(np.int64)
    draw = generator.random(int(group.max()) + 1 if len(group) else 0)[group]
    hidden = is_name & (draw < np.append(shares, 0.0)[np.where(is_name, type_, len(shares))])
    return matches.only(~hidden)


def _continues_to(labels: Ints, first: Ints, last: Ints) -> NDArray[np.bool_]:
    """Whether the labels after `first` up to `last` are insides of its name."""
    size = last - first
    place = np.repeat(first, size) + ranges(size) + 1
    breaks = labels[place] != np.repeat(labels[first], size) + 1
    broken = np.bincount(np.repeat(np.arange(len(first)), size), weights=breaks, minlength=len(first))
    whole: NDArray[np.bool_] = broken == 0
    return whole


__all__ = ["Gold", "classes_of", "hide_known", "labels_of", "read_gold"]
