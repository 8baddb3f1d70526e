"""Labelled papers as labelled tokens.

What belongs here: which papers are learnt from, and finding the labelled surface forms in their texts, in the tagger's
own tokens.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.cleaning.text import repair_frame, repair_text
from lit_pipeline.evaluation.entities import Gold, load_gold
from lit_pipeline.extraction.tagger.candidates import Candidates
from lit_pipeline.extraction.tagger.corpus import CorpusLexicon
from lit_pipeline.extraction.tagger.labels import TYPES, beginning, inside
from lit_pipeline.extraction.tagger.matches import Matches
from lit_pipeline.extraction.tagger.reading import Reading, name_key, read
from lit_pipeline.extraction.tagger.tokens import Ints, tokenise

FURTHER_LABELS = Path(__file__).with_name("further_labels.jsonl")
"""Names that we labelled in papers of the unlabelled file, by their ids: {id, entities[{text, type}]}, no texts."""

TYPE_NUMBERS = {type_: number for number, type_ in enumerate(TYPES)}

PAPER = ("paper_id", "title", "abstract")
LABEL = pl.Struct({"text": pl.String, "type": pl.String})

HIDDEN_SHARES = {
    "model": (0.07, 0.1, 0.0),
    "method": (0.0, 0.0, 0.1),
    "benchmark": (0.55, 0.2, 0.02),
    "dataset": (0.16, 0.1, 0.0),
}
"""Part of the labelled names that training takes for unknown: of those of which some word stands in no unlabelled
paper, in one or two, and of the others. The vocabulary was written with an eye on the training papers and knows that
much more of their names than of the development papers'."""


@dataclass(frozen=True)
class Papers:
    """Papers to learn from.

    gold: the labelled ones, the first `n_judged` from the file that was asked for, then those of `FURTHER_LABELS`.
    unlabelled: paper_id (null where the file has none), title, abstract.
    """

    gold: Gold
    n_judged: int
    unlabelled: pl.DataFrame

    @property
    def judged(self) -> Gold:
        """The labelled papers that a score is over."""
        texts = self.gold.texts.head(self.n_judged)
        return Gold(texts, self.gold.entities.join(texts, on="paper_id", how="semi", maintain_order="left"))


def read_papers(labels: Path, unlabelled: Path | None) -> Papers:
    """Labelled papers of a file, those that we labelled among the unlabelled ones, and the unlabelled ones left.

    Args:
        labels: JSON Lines of labelled papers, see `load_gold`.
        unlabelled: JSON Lines of {title, abstract} and, where they have one, id; None for none.

    """
    gold = load_gold(labels, repair_text)
    texts = _unlabelled(unlabelled) if unlabelled else pl.DataFrame(schema=dict.fromkeys(PAPER, pl.String))
    further = pl.read_ndjson(FURTHER_LABELS, schema={"id": pl.String, "entities": pl.List(LABEL)})
    ours = texts.join(further, left_on="paper_id", right_on="id", maintain_order="left")
    entities = ours.select("paper_id", "entities").explode("entities").drop_nulls("entities").unnest("entities")
    both = Gold(
        pl.concat([gold.texts, ours.select(*PAPER, source=pl.lit("other"))]),
        pl.concat(
            [
                gold.entities,
                entities.select("paper_id", surface="text", type=pl.col("type").str.to_lowercase(), name="text"),
            ]
        ),
    )
    left = texts.join(ours, on="paper_id", how="anti", maintain_order="left")
    return Papers(both, len(gold.texts), left)


def _unlabelled(path: Path) -> pl.DataFrame:
    """Repaired papers of a file: paper_id, title, abstract."""
    rows = pl.read_ndjson(path, schema=dict.fromkeys(("id", "title", "abstract"), pl.String))
    return repair_frame(rows.rename({"id": "paper_id"}), ("title", "abstract"))


def tokens_of(gold: Gold) -> Reading:
    """Tokens of labelled papers."""
    return read(gold.texts["title"], gold.texts["abstract"])


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


def hidden_names(gold: Gold, reading: Reading, lexicon: CorpusLexicon, seed: int) -> pl.DataFrame:
    """Labelled names that training takes for unknown, drawn by `HIDDEN_SHARES`: paper (number), key."""
    words = reading.words.table.select("word", seen=pl.Series(lexicon.paper_logs(reading.words))).unique("word")
    papers = gold.texts.select("paper_id", paper=pl.int_range(pl.len()))
    named = gold.entities.join(papers, on="paper_id", maintain_order="left").select(
        "paper", "surface", "type", key=name_key(pl.col("surface"))
    )
    cut = tokenise(named["surface"])
    of_word = pl.DataFrame({"row": cut.row, "word": cut.words.gather(cut.word)}).join(words, on="word", how="left")
    seen = of_word.group_by("row").agg(seen=pl.col("seen").fill_null(0).min())
    rarity = (
        pl.DataFrame({"row": np.arange(len(named))})
        .join(seen, on="row", how="left", maintain_order="left")["seen"]
        .fill_null(0)
        .clip(0, len(HIDDEN_SHARES["model"]) - 1)
        .to_numpy()
    )
    shares = np.array([HIDDEN_SHARES[type_][rare] for type_, rare in zip(named["type"], rarity, strict=True)])
    draw = np.random.default_rng(seed).random(len(named))
    return named.filter(pl.Series(draw < shares)).select("paper", "key").unique(maintain_order=True)


def forget_matches(reading: Reading, matches: Matches, hidden: pl.DataFrame) -> Matches:
    """Matches without those of hidden names."""
    return matches.only(~_is_hidden(reading, matches.first, matches.first + matches.size - 1, hidden))


def _is_hidden(reading: Reading, first: Ints, last: Ints, hidden: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether each span of tokens is a hidden name of its paper."""
    spans = pl.DataFrame({"paper": reading.paper[first], "key": reading.surfaces(first, last)}).with_columns(
        key=name_key(pl.col("key"))
    )
    marked = hidden.with_columns(pl.col("paper").cast(pl.Int64), hidden=pl.lit(value=True))
    found = spans.join(marked, on=["paper", "key"], how="left", maintain_order="left")["hidden"]
    return found.fill_null(value=False).to_numpy()
