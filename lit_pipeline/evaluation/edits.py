"""Made-up pairs for deduplication: copies of papers edited as real ones are, and look-alikes of a series.

Each pair is a paper and what one edit makes of it. The texts come from the caller; half of the papers are edited, the
other half lends titles and sentences.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.dedup.titles import title_hash

SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")
REVISED_WORDS = 0.08
"""Share of words that a revision replaces, beside one sentence dropped and one added."""


@dataclass(frozen=True)
class Text:
    """Title and abstract of a paper."""

    title: str
    abstract: str

    @property
    def name(self) -> str:
        """What stands before the title's colon, or its first word."""
        before, colon, _ = self.title.partition(":")
        return before if colon else before.split()[0]

    @property
    def rest(self) -> str:
        """What stands after the title's colon, or the whole title."""
        before, colon, after = self.title.partition(":")
        return after.strip() if colon else before


Edit = Callable[[Text, Text, np.random.Generator], Text]
"""What an edit makes of a paper, with another paper to borrow from."""


def _retitled(paper: Text, other: Text, random: np.random.Generator, *, abstract: Edit) -> Text:
    return Text(other.title, abstract(paper, other, random).abstract)


def _as_it_is(paper: Text, _other: Text, _random: np.random.Generator) -> Text:
    return paper


def _cut(paper: Text, _other: Text, _random: np.random.Generator, *, kept: float) -> Text:
    words = paper.abstract.split()
    return Text(paper.title, " ".join(words[: round(len(words) * kept)]))


def _replace_words(paper: Text, other: Text, random: np.random.Generator, *, share: float) -> Text:
    words, borrowed = paper.abstract.split(), other.abstract.split()
    chosen = random.random(len(words)) < share
    places = random.integers(0, len(borrowed), len(words))
    mixed = [borrowed[place] if new else word for word, new, place in zip(words, chosen, places, strict=True)]
    return Text(paper.title, " ".join(mixed))


def _replace_sentences(paper: Text, other: Text, random: np.random.Generator, *, n_sentences: int) -> Text:
    sentences, borrowed = SENTENCE_END.split(paper.abstract), SENTENCE_END.split(other.abstract)
    for place in random.permutation(len(sentences))[:n_sentences]:
        sentences[place] = borrowed[place % len(borrowed)]
    return Text(paper.title, " ".join(sentences))


def _revise(paper: Text, other: Text, random: np.random.Generator) -> Text:
    """A later version: the same name under another subtitle, a sentence dropped and one added, words changed."""
    sentences = SENTENCE_END.split(paper.abstract)
    kept = [sentence for place, sentence in enumerate(sentences) if place != len(sentences) // 2]
    longer = Text(paper.title, " ".join([*kept, SENTENCE_END.split(other.abstract)[0]]))
    revised = _replace_words(longer, other, random, share=REVISED_WORDS)
    return Text(f"{paper.name}: {other.rest}", revised.abstract)


def _mark_up(paper: Text, _other: Text, _random: np.random.Generator) -> Text:
    return Text(rf"\textbf{{{paper.title.upper()}}}.", paper.abstract)


def _without_abstract(paper: Text, _other: Text, _random: np.random.Generator) -> Text:
    return Text(paper.title, "")


def _renamed_and_cut(paper: Text, other: Text, random: np.random.Generator) -> Text:
    return Text(f"{other.name}: {paper.rest}", _cut(paper, other, random, kept=0.3).abstract)


def _marked(paper: Text, _other: Text, _random: np.random.Generator, *, mark: str) -> Text:
    before, colon, after = paper.title.partition(":")
    return Text(f"{before}{mark}{colon}{after}", paper.abstract)


def _reply(paper: Text, _other: Text, _random: np.random.Generator) -> Text:
    return Text(f"Reply to {paper.title}", paper.abstract)


def _namesake(paper: Text, other: Text, _random: np.random.Generator) -> Text:
    return Text(f"{paper.name}: {other.rest}", other.abstract)


def _other_title(edit: Edit) -> Edit:
    return partial(_retitled, abstract=edit)


SAME_PAPER: dict[str, Edit] = {
    "title in capitals and LaTeX": _mark_up,
    "same title, no abstract": _without_abstract,
    "same title, one word in three replaced": partial(_replace_words, share=1 / 3),
    "other title": _other_title(_as_it_is),
    "other title, cut to 50% of words": _other_title(partial(_cut, kept=0.5)),
    "other title, cut to 30% of words": _other_title(partial(_cut, kept=0.3)),
    "other title, 5% of words replaced": _other_title(partial(_replace_words, share=0.05)),
    "other title, 10% of words replaced": _other_title(partial(_replace_words, share=0.1)),
    "other title, one sentence replaced": _other_title(partial(_replace_sentences, n_sentences=1)),
    "other title, two sentences replaced": _other_title(partial(_replace_sentences, n_sentences=2)),
    "other name before the same rest, cut to 30%": _renamed_and_cut,
    "revision under another subtitle": _revise,
}
"""Edits that leave a paper the same one."""

OTHER_PAPER: dict[str, Edit] = {
    "++ behind the name or title, same abstract": partial(_marked, mark="++"),
    "2 behind the name or title, same abstract": partial(_marked, mark=" 2"),
    "II behind the name or title, same abstract": partial(_marked, mark=" II"),
    "-RL behind the name or title, same abstract": partial(_marked, mark="-RL"),
    "Nano behind the name or title, same abstract": partial(_marked, mark=" Nano"),
    "reply, same abstract": _reply,
    "same name, other rest and abstract": _namesake,
}
"""Edits that make another paper of it."""


def evaluate_edits(papers: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Match papers with edited copies of themselves, one edit at a time, arXiv ids unknown.

    Args:
        papers: title, abstract (both cleaned, without nulls); a half of them, chosen by a hash, is edited.
        seed: of the edits' random choices.

    Returns:
        edit, kind ('same' or 'different'), n (pairs), merged (pairs), share: one row an edit.

    """
    ordered = papers.select("title", "abstract").unique().sort(title_hash("title"), "title", "abstract")
    texts = [Text(*row) for row in ordered.iter_rows()]
    pairs = list(zip(texts[::2], texts[1::2], strict=False))
    rows = [
        (name, kind, len(pairs), _n_merged(pairs, edit, seed))
        for kind, edits in (("same", SAME_PAPER), ("different", OTHER_PAPER))
        for name, edit in edits.items()
    ]
    counted = pl.DataFrame(rows, schema=["edit", "kind", "n", "merged"], orient="row")
    return counted.with_columns(share=pl.col("merged") / pl.col("n"))


def _n_merged(pairs: list[tuple[Text, Text]], edit: Edit, seed: int) -> int:
    edited = [edit(paper, other, np.random.default_rng([seed, place])) for place, (paper, other) in enumerate(pairs)]
    records = pl.concat([_records([paper for paper, _ in pairs], "a"), _records(edited, "b")])
    survivors = match(signatures(records)).select(pl.col("record_id").str.split(":"), "survivor_id")
    sides = survivors.select(
        pair=pl.col("record_id").list.first(), side=pl.col("record_id").list.last(), survivor="survivor_id"
    ).pivot("side", index="pair", values="survivor")
    return int((sides["a"] == sides["b"]).sum())


def _records(texts: list[Text], side: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "record_id": [f"{place}:{side}" for place in range(len(texts))],
            "arxiv_id": pl.Series([None] * len(texts), dtype=pl.String),
            "title": [text.title for text in texts],
            "abstract": [text.abstract or None for text in texts],
        },
        schema_overrides={"abstract": pl.String},
    )
