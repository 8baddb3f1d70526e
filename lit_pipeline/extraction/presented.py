"""Names that a text presents as names, whatever they look like, and where they stand in it.

What belongs here: the head of a title ('Pointy: A ...'), names after 'called' or 'we introduce', and the search for every
occurrence of a name in its paper.
"""

import numpy as np
import polars as pl

from lit_pipeline.extraction.evidence import CALLING, INTRODUCING
from lit_pipeline.extraction.texts import LETTER, code_point_offsets, code_points

NAME_WORD = r"[\p{Lu}\p{N}][\p{L}\p{N}\p{M}+*_-]*(?:\.\p{N}[\p{L}\p{N}]*)*"
NAME = rf"(?:\p{{L}}[\p{{L}}\p{{N}}\p{{M}}+*_.-]*\p{{Lu}}[\p{{L}}\p{{N}}+-]*|\p{{Lu}}[\p{{L}}\p{{N}}\p{{M}}+*_-]*(?:\.\p{{N}}[\p{{L}}\p{{N}}]*)?)(?: {NAME_WORD}){{0,5}}"
PRESENTING = (
    rf"(?i:\b(?:{CALLING}|{INTRODUCING}),?:?\s+(?:the\s+|a\s+|an\s+|our\s+)?)[\"“'‘*]*({NAME})"
)
TITLE_HEAD = r"^[\"“'‘]?([^:?!]{2,60}?)[\"”'’]?\s*:\s"
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
    called = (
        fields.lazy()
        .filter(pl.col("field") == "abstract")
        .select("paper_id", match=pl.col("text").str.extract_all(PRESENTING))
        .explode("match", empty_as_null=False)
        .select("paper_id", presented=pl.col("match").str.extract(PRESENTING), by=pl.lit("presented"))
        .collect()
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
    hits = (
        texts.select(
            "row",
            pl.int_range(pl.len(), dtype=pl.Int64).alias("at"),
            pl.col("text").str.find_many(pl.col("names"), overlapping=True).alias("byte"),
            pl.col("text").str.extract_many(pl.col("names"), overlapping=True).alias("name"),
        )
        .explode("byte", "name")
        .drop_nulls("byte")
    )
    at = hits["at"].to_numpy()
    start = code_point_offsets(texts["text"], at, hits["byte"].to_numpy().astype(np.int64))
    end = start + hits["name"].str.len_chars().to_numpy().astype(np.int64)
    points = code_points(texts["text"])
    letters = (points.classes & LETTER) > 0
    apart = ~letters[points.starts[at] + start - 1] & ~letters[points.starts[at] + end]
    return hits.select("row", pl.Series("start", start), pl.Series("end", end), "name").filter(pl.Series(apart))


def introduced_names(fields: pl.DataFrame) -> pl.DataFrame:
    """Names that a paper presents as its own: paper_id, introduced.

    The head of the title ('Pointy: A ...', 'Pointy Technical Report'), and what 'we introduce', 'called' and the like lead to.

    Args:
        fields: row, paper_id, field, text.

    """
    reports = fields.filter(pl.col("field") == "title").select("paper_id", introduced=pl.col("text").str.extract(REPORT))
    presented = presented_names(fields).select("paper_id", introduced="presented")
    return pl.concat([reports, presented]).drop_nulls().unique(maintain_order=True)
