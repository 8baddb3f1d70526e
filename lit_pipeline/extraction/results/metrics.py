"""Finds the names of metrics in the token stream; which result each belongs to is left to the pairs."""

from functools import cache
from importlib.resources import as_file, files
from typing import Final

import polars as pl

from lit_pipeline.extraction.results.cues import DIRECTIONS

# No name of a metric is longer (tokens).
LONGEST: Final = 7
# Words that end what stands before a metric's name; others may qualify it ('average', 'zero-shot', 'diagnostic').
GRAMMAR: Final = (
    "a", "an", "the", "its", "their", "our", "his", "this", "that", "these", "those", "it", "we", "they", "of", "in", "on",
    "at", "to", "for", "from", "by", "with", "over", "under", "than", "as", "per", "up", "about", "around", "across", "and",
    "or", "but", "while", "when", "where", "which", "who", "is", "are", "was", "were", "be", "been", "has", "have", "had",
    "not", "no", "all", "both", "each", "respectively", "only", "just", "even", "also", "further", "into", "between", "within",
    "without", "against", "via", "using", "s", "new", "best", "better", "good", "strong", "superior", "competitive",
    "significant", "substantial", "remarkable", "impressive", "notable", "state", "art", "sota", "previous", "prior", "same",
    "comparable", "similar", "nearly", "approximately", "roughly", "least", "most", "x", "pm", "percentage", "points", "point",
    "maintaining", "preserving", "achieving", "reaching", "improving", "boosting", "enhancing", "yielding", "delivering",
    "including", "demonstrates", "demonstrate", "shows", "show", "consistently", "respective", "absolute", "additional",
)  # fmt: skip
# Last words of metrics' names that are common words as well, and say nothing alone.
COMMON: Final = (
    "add", "all", "box", "byte", "character", "confidence", "degree", "explained", "function", "gain", "game", "humans",
    "information", "keypoints", "macro", "mask", "mean", "micro", "motion", "optimal", "pixel", "second", "small", "squared",
    "strict", "surface", "task", "test", "th", "top", "total", "value", "switches", "transfer", "token", "evaluator", "impact",
)  # fmt: skip
# Quantities that abstracts report and that are no metrics with a name: what is spent, and what is done.
QUANTITIES: Final = (
    "ability", "ability", "bits", "budget", "calls", "capability", "classification", "compliance", "computations", "correctness",
    "data", "days", "detection", "efficiency", "epochs", "frequency", "generation", "hallucination", "hallucinations", "inference",
    "iterations", "localization", "margin", "operations", "passes", "planning", "prediction", "queries", "reasoning",
    "requirement", "requirements", "retrieval", "samples", "segmentation", "steps", "training", "understanding", "annotations",
)  # fmt: skip
# Stems that say which way a number goes, and so are no part of a metric's name; but these are.
MEASURED: Final = (
    "loss",
    "compress",
    "sparsity",
    "throughput",
    "speed",
    "speedup",
    "footprint",
    "overhead",
    "win",
    "rat",
    "rate",
    "scor",
    "score",
    "averag",
    "average",
)
BREAKS: Final = tuple(stem for stems in DIRECTIONS.values() for stem in stems if stem not in MEASURED)
# Signs that join the parts of one name, where nothing stands between: 'pass@1', 'BD-PSNR', 'J&F'.
JOINTS: Final = ("-", "@", "&", "/", "^", "_", "+")


def metric_spans(stream: pl.DataFrame, heads: pl.Series) -> pl.DataFrame:
    """Places in sentences with a number that may name a metric: a head word and the words that qualify it.

    Args:
        stream: see `contexts.stream_of`.
        heads: words that a metric's name ends with ('accuracy', 'score'), lower case; acronyms are heads as well.

    Returns:
        paper, sentence, row (of the head), start, end (code points), name (distinct a span), letters (see `letters_of`).
    """
    of_candidates = stream.filter("is_candidate")["sentence"].unique()
    row = pl.col("row")
    return (
        stream.lazy()
        .with_row_index("row")
        .filter(pl.col("sentence").is_in(of_candidates.implode()))
        .with_columns(row.cast(pl.Int64), _is_head(heads).alias("is_head"), _is_word().alias("is_word"))
        .with_columns((pl.col("is_head") | _is_index()).alias("is_head"))
        .with_columns((pl.col("is_head") | pl.col("is_word") | _is_joint()).alias("is_part"))
        .with_columns(_opens_run().cum_sum().alias("run"))
        .filter("is_part")
        .filter(
            row <= row.filter("is_head").max().over("run"),
            row >= row.filter(pl.col("is_head") | pl.col("is_word")).min().over("run"),
        )
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("paper", "sentence").first(),
            row.last(),
            pl.col("start").tail(LONGEST).first(),
            pl.col("end").last(),
            pl.col("text").tail(LONGEST).str.join("").alias("letters"),
        )
        .select(
            "paper",
            "sentence",
            "row",
            "start",
            "end",
            row.cast(pl.String).alias("name"),
            letters_of(pl.col("letters")).alias("letters"),
        )
        .collect()
    )


def letters_of(text: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits of a name: how names are compared."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\d]", "")


@cache
def metric_heads() -> pl.Series:
    """Words that a metric's name ends with, from the vocabulary of metrics and `QUANTITIES`; lower case, sorted."""
    with as_file(files("lit_pipeline.extraction") / "vocabulary" / "metrics.csv") as path:
        table = pl.read_csv(
            path, columns=["name", "aliases"], schema_overrides={"name": pl.String, "aliases": pl.String}
        )
    names = pl.concat([table["name"], table["aliases"].drop_nulls().str.split("|").explode()])
    last = names.str.to_lowercase().str.extract(r"(\p{L}+)[\d\W]*$").drop_nulls()
    named = last.filter((last.str.len_chars() > 1) & ~last.is_in([*COMMON, *GRAMMAR]))
    return pl.concat([named, pl.Series(QUANTITIES)]).unique().sort()


def _is_head(heads: pl.Series) -> pl.Expr:
    """Whether a token can end a metric's name."""
    return (pl.col("text").is_in(heads.implode()) | pl.col("is_acronym")) & pl.col("mention").is_null()


def _is_index() -> pl.Expr:
    """Whether a number belongs to the name before it: the 1 of 'F1' and 'pass@1'; needs is_head."""
    after_name = pl.col("is_head").shift(1) | (pl.col("text").shift(1) == "f")
    after_at = (pl.col("text").shift(1) == "@") & pl.col("glued").shift(1)
    return (pl.col("is_number") & pl.col("glued") & (after_name | after_at)).fill_null(value=False)


def _is_word() -> pl.Expr:
    """Whether a token is a word that can qualify a metric."""
    breaks = pl.col("text").is_in(GRAMMAR) | pl.col("word").is_in(BREAKS)
    return pl.col("text").str.contains(r"^\p{L}+$") & pl.col("mention").is_null() & ~breaks


def _is_joint() -> pl.Expr:
    """Whether a token joins two parts of one name, with nothing between."""
    return pl.col("text").is_in(JOINTS) & pl.col("glued") & pl.col("glued").shift(-1).fill_null(value=False)


def _opens_run() -> pl.Expr:
    """Whether a token begins another run of parts of names."""
    same = (pl.col("sentence") == pl.col("sentence").shift(1)) & (pl.col("row") == pl.col("row").shift(1) + 1)
    return ~(pl.col("is_part") & pl.col("is_part").shift(1) & same).fill_null(value=False)
