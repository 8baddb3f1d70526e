"""Names that a text presents as names, whatever they look like, and where they stand in it.

What belongs here: the head of a title ('Pointy: A ...'), names after 'called' or 'we introduce', and the search for
every occurrence of a name in its paper.
"""

import polars as pl

from lit_pipeline.extraction.patterns import searchable
from lit_pipeline.extraction.texts import LETTER, code_points, places_of

NAME_WORD = r"[\p{Lu}\p{N}][\p{L}\p{N}\p{M}+*_-]*(?:\.\p{N}[\p{L}\p{N}]*)*"
FIRST_WORD = (
    r"(?:\p{Ll}[\p{L}\p{N}\p{M}+*_.-]*\p{Lu}[\p{L}\p{N}+-]*|\p{Lu}[\p{L}\p{N}\p{M}+*_-]*(?:\.\p{N}[\p{L}\p{N}]*)*)"
)
NAME = rf"^(?:(?:the|a|an|our|new|novel)\s+)*[\"'“‘*(]*({FIRST_WORD}(?: {NAME_WORD}){{0,5}})"
"""A name after a word that presents it, with articles and quotes before it."""

LONGEST_PRESENTED = 90
"""Characters after a presenting word in which the name ends."""

PRESENTING_WORDS = (
    "called|named|dubbed|termed|coined|namely|titled|entitled|nicknamed|introduce|introduces|"
    "introduced|introducing|propose|proposes|proposed|proposing|present|presents|presented|"
    "presenting|develop|develops|developed|release|releases|released|releasing|unveil|unveils|build|"
    "builds|built|design|designed|construct|constructed|create|created|establish|curate|curated|"
    "contribute|offer|implement|open source|denoted as|denoted by|referred to as|refer to as|known as|"
    "abbreviated as|we call|we name|we term"
)
"""Words that lead to a name."""

PRESENTING = pl.Series([f" {words}" for words in PRESENTING_WORDS.split("|")])
"""The same as in searchable text."""

TITLE_HEAD = r"^[\"'“‘]?([^:?!]{2,60}?)[\"”'’]?\s*:\s"
MOST_HEAD_WORDS = 6
REPORT = r"^(.{2,40}?)(?:[-\s]Omni)? (?:[Tt]echnical|[Ss]ystem) (?:[Rr]eport|[Cc]ard)"


def presented_names(fields: pl.DataFrame) -> pl.DataFrame:
    """Names that texts present: paper_id, presented (the name), by ('title_head' or 'presented').

    Args:
        fields: row, paper_id, field, text.

    """
    heads = fields.filter(pl.col("field") == "title").select(
        "paper_id", presented=pl.col("text").str.extract(TITLE_HEAD), by=pl.lit("title_head")
    )
    short = pl.col("presented").str.count_matches(r"\S+") <= MOST_HEAD_WORDS
    abstracts = fields.filter(pl.col("field") == "abstract").with_columns(searchable=searchable(pl.col("text")))
    led = places_of(abstracts, "searchable", pl.lit(PRESENTING.implode()))
    following = abstracts["text"].gather(led["at"]).str.slice(led["end"] - 1, LONGEST_PRESENTED)
    called = led.select(
        paper_id=abstracts["paper_id"].gather(led["at"]),
        presented=pl.Series(following.str.strip_chars_start(" ,:\n").str.extract(NAME)),
        by=pl.lit("presented"),
    )
    return pl.concat([heads.filter(short), called]).drop_nulls().unique(maintain_order=True)


def occurrences(fields: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Every place of a paper's names in its texts, between word boundaries.

    Args:
        fields: row, paper_id, text.
        names: paper_id, name.

    Returns:
        row, start, end (code points), name.

    """
    listed = names.group_by("paper_id").agg(names=pl.col("name").unique().sort())
    texts = fields.select("row", "paper_id", "text").join(listed, on="paper_id", how="inner", maintain_order="left")
    hits = places_of(texts, "text", pl.col("names"))
    at, start, end = (hits[name].to_numpy() for name in ("at", "start", "end"))
    points = code_points(texts["text"])
    letters = (points.classes & LETTER) > 0
    apart = ~letters[points.starts[at] + start - 1] & ~letters[points.starts[at] + end]
    rows = texts["row"].gather(hits["at"])
    return hits.select(rows, "start", "end", name="found").filter(pl.Series(apart))


def introduced_names(fields: pl.DataFrame) -> pl.DataFrame:
    """Names that a paper presents as its own: paper_id, introduced.

    The head of the title ('Pointy: A ...', 'Pointy Technical Report'), and what 'we introduce', 'called' and the like
    lead to.

    Args:
        fields: row, paper_id, field, text.

    """
    reports = fields.filter(pl.col("field") == "title").select(
        "paper_id", introduced=pl.col("text").str.extract(REPORT)
    )
    presented = presented_names(fields).select("paper_id", introduced="presented")
    return pl.concat([reports, presented]).drop_nulls().unique(maintain_order=True)
