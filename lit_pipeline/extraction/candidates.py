"""Places of text that may name an entity.

What belongs here: names of the vocabulary with what is attached to them, words that look like names, names that are
presented; where a name would start and end. Whether it is one, and of what type, `rules` decides.
"""

from pathlib import Path

import numpy as np
import polars as pl

from lit_pipeline.extraction import attached
from lit_pipeline.extraction.definitions import definitions_of
from lit_pipeline.extraction.matches import vocabulary_matches
from lit_pipeline.extraction.names import fold
from lit_pipeline.extraction.presented import occurrences, presented_names
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.extraction.words import Words, words_of

KNOWN_COLUMNS = ("known_as", "name", "type", "ambiguous", "entity_id")
LONGEST_RUN = 6
"""Words; a longer run of capitals is a heading or a title."""

BY = ("presented", "title_head", "acronym", "long_form")
FEWEST_LETTERS = 2
FEWEST_MARKS = 2
"""Capitals and digits that make a word look like a name."""

LOOKS_LIKE_NAME = r"^\S*(?:\p{Lu}\S*[\p{Lu}\p{N}]|[\p{Ll}\p{N}]\S*\p{Lu})\S*$"
"""A word whose shape alone makes it a candidate."""

NO_NAME = r"^(?:(?:\p{Lu}?\p{Ll}+[-‐‑])+\p{Lu}?\p{Ll}+|[\d.]+[\p{L}%]{0,2})$"
"""'Multi-Agent', '3D', '7B'."""

GENERIC = (
    pl.read_csv(Path(__file__).with_name("generic.csv"), infer_schema=False)
    .select(fold(pl.col("name")))
    .to_series()
    .unique()
)
"""Abbreviations of classes, tasks, metrics, hardware and venues that name no entity."""

LONGEST_TAIL = 40
"""Characters after a name in which something may be attached to it."""


def candidates_of(fields: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Candidate names of texts.

    Args:
        fields: row, paper_id, field, text (see `texts.fields_of`).
        vocabulary: the known names.

    Returns:
        row, start, end (code points), surface, folded, attached (whether a size, version or variant was added to a
        known name), known_as, name, type, ambiguous, entity_id (of the vocabulary, null for unseen names),
        part_of_known (type of a known name that is a part of an unseen one), and by what else the place was found:
        shaped, in_run, presented, title_head, acronym, long_form. A place stands once; places may overlap.

    """
    words = words_of(fields)
    known, parts = _aligned(vocabulary_matches(fields, vocabulary), words, fields)
    names = _names(fields)
    plain = names.filter(~pl.col("name").str.contains(LOOKS_LIKE_NAME))
    found = [
        known.select("row", "start", "end"),
        _shaped(words, fields)
        .join(_inner_starts(known), on=["row", "start"], how="left", maintain_order="left")
        .filter(pl.col("known_end").is_null() | (pl.col("end") >= pl.col("known_end")))
        .select("row", "start", "end", shaped=pl.lit(value=True)),
        _runs(words, fields).with_columns(in_run=True),
        occurrences(fields, plain).drop("name"),
    ]
    places = (
        pl.concat(found, how="diagonal")
        .filter(pl.col("end") > pl.col("start"))
        .group_by("row", "start", "end")
        .agg(pl.col(flag).any().fill_null(value=False) for flag in ("shaped", "in_run"))
        .join(known, on=["row", "start", "end"], how="left")
        .join(parts, on=["row", "start"], how="left")
        .sort("row", "start", "end")
    )
    surface = _slice("start", pl.col("end") - pl.col("start"), places, fields)
    spelled = places.with_columns(surface=surface, paper_id=fields["paper_id"].gather(places["row"]))
    named = spelled.join(
        names.rename({"name": "surface"}), on=["paper_id", "surface"], how="left", maintain_order="left"
    ).with_columns(pl.col(BY).fill_null(value=False), folded=fold(pl.col("surface")))
    return named.drop("paper_id").filter(~_is_generic())


def _inner_starts(known: pl.DataFrame) -> pl.DataFrame:
    """Where known names start, and where they end: a word that begins one is no candidate by itself."""
    return known.select("row", "start", known_end="end")


def _is_generic() -> pl.Expr:
    """Whether an unseen name is an abbreviation of a class, a size, or a compound in the capitals of a title."""
    unseen = pl.col("known_as").is_null()
    presented = pl.any_horizontal(BY)
    hopeless = pl.col("folded").is_in(GENERIC.implode()) | (pl.col("folded").str.len_chars() < FEWEST_LETTERS)
    compound = pl.col("surface").str.contains(NO_NAME) & ~presented
    return unseen & (hopeless | compound)


def _names(fields: pl.DataFrame) -> pl.DataFrame:
    """Names that papers present or define: paper_id, name, and how (`BY`)."""
    pairs = definitions_of(fields)
    defined = pairs.filter(~fold(pl.col("acronym")).is_in(GENERIC.implode()))
    papers = fields["paper_id"].gather(defined["row"])
    names = pl.concat(
        [
            presented_names(fields).select("paper_id", name="presented", by="by"),
            defined.select(papers, name="long_form", by=pl.lit("long_form")),
            defined.select(papers, name="acronym", by=pl.lit("acronym")),
        ]
    )
    return names.group_by("paper_id", "name").agg((pl.col("by") == kind).any().alias(kind) for kind in BY)


def _slice(start: str, length: pl.Expr, places: pl.DataFrame, fields: pl.DataFrame) -> pl.Series:
    """Text of places."""
    texts = fields["text"].gather(places["row"])
    return places.select(text=texts.str.slice(places[start], places.select(length).to_series())).to_series()


def _aligned(matches: pl.DataFrame, words: Words, fields: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Matches that are whole words, with what is attached to them, and the words of which others are only a part.

    Returns:
        Known names: row, start, end, attached and `KNOWN_COLUMNS`. Parts: row, start (of the word), part_of_known.

    """
    rows, starts, ends = (matches[name].to_numpy() for name in ("row", "start", "end"))
    first, last = words.at(rows, starts), words.at(rows, ends - 1)
    word_start = words.frame["start"].to_numpy()[first]
    word_end = np.maximum(words.frame["end"].to_numpy()[last], ends)
    placed = matches.with_columns(
        word_start=pl.Series(word_start), starts_word=pl.Series(word_start == starts), rest=pl.Series(word_end - ends)
    )
    rest = _slice("end", pl.col("rest"), placed, fields)
    following = _slice("end", pl.lit(LONGEST_TAIL), placed, fields)
    tail = rest.str.replace(attached.RELATED, "")
    glued = pl.Series(tail).str.extract(f"({attached.GLUED})")
    spaced = following.str.extract(f"({attached.SPACED})").fill_null("")
    whole = tail.eq("") | glued.is_not_null()
    model = placed["type"] == "model"
    is_apart = tail.eq("") & rest.eq("") & model
    added = glued.fill_null("").str.len_chars().cast(pl.Int64)
    after = spaced.str.len_chars().cast(pl.Int64)
    extended = placed.with_columns(
        end=pl.col("end") + added + pl.when(is_apart).then(after).otherwise(0),
        attached=(added > 0) | (is_apart & (after > 0)),
        whole=whole,
    )
    known = extended.filter("starts_word", "whole").select("row", "start", "end", "attached", *KNOWN_COLUMNS)
    surface = _slice("start", pl.col("end") - pl.col("start"), known, fields)
    parts = (
        extended.filter(~(pl.col("starts_word") & pl.col("whole")))
        .sort("row", "word_start", pl.col("end") - pl.col("start"), descending=[False, False, True])
        .unique(["row", "word_start"], keep="first", maintain_order=True)
        .select("row", start="word_start", part_of_known="type")
    )
    return _one_a_place(known.with_columns(surface=surface)), parts


def _one_a_place(known: pl.DataFrame) -> pl.DataFrame:
    """The known name of each start: the longest, of these the one that needs least attached."""
    longest = known.filter(pl.col("end") == pl.col("end").max().over("row", "start"))
    surface, known_as = (pl.col(name).str.replace_all(r"[^\p{L}\p{N}+]", "") for name in ("surface", "known_as"))
    exact = surface.str.starts_with(known_as)
    told = longest.sort("row", "start", "attached", ~exact, "known_as")
    return told.unique(["row", "start"], keep="first", maintain_order=True).drop("surface")


def _shaped(words: Words, fields: pl.DataFrame) -> pl.DataFrame:
    """Words that look like names, less endings that only relate them: row, start, end."""
    inner = (pl.col("n_upper") > 0) & ~pl.col("capital")
    looks = words.frame.filter(
        (pl.col("n_upper") >= FEWEST_MARKS)
        | ((pl.col("n_upper") + pl.col("n_digit") >= FEWEST_MARKS) & (pl.col("n_upper") > 0))
        | inner
    ).select("row", "start", "end")
    surface = _slice("start", pl.col("end") - pl.col("start"), looks, fields)
    kept = surface.str.replace(attached.RELATED, "").str.len_chars().cast(pl.Int64)
    return looks.with_columns(end=pl.col("start") + kept)


def _runs(words: Words, fields: pl.DataFrame) -> pl.DataFrame:
    """Runs of capitalised words and numbers in abstracts that stand one blank apart: row, start, end."""
    frame = words.frame
    capital, has_digit, row = (frame[name].to_numpy() for name in ("capital", "n_digit", "row"))
    continues = capital | (has_digit > 0)
    apart = (words.first[1:] - words.last[:-1] == 1) & (words.text.points[words.last[:-1]] == ord(" "))
    linked = apart & (row[1:] == row[:-1]) & continues[:-1] & continues[1:]
    padded = np.concatenate([[False], linked, [False]])
    begins = np.flatnonzero(padded[1:] & ~padded[:-1])
    closes = np.flatnonzero(~padded[1:] & padded[:-1])
    length = closes - begins + 1
    in_abstract = (fields["field"] == "abstract").to_numpy()
    kept = (length <= LONGEST_RUN) & capital[begins] & in_abstract[row[begins]]
    begins, closes = begins[kept], closes[kept]
    return pl.DataFrame(
        {"row": row[begins], "start": frame["start"].to_numpy()[begins], "end": frame["end"].to_numpy()[closes]}
    )
