"""Scores extracted names against labelled papers; knows nothing of how they were found.

What belongs here: reading labelled names, precision, recall and F1 with intervals, and what the errors are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.float64]

RESAMPLES: Final = 1000
SEED: Final = 20240914
# Bounds of a 95% interval, in percent.
INTERVAL: Final = (2.5, 97.5)
ALL: Final = "all"

# Sources of text by the first letter of a labelled paper's id.
SOURCES: Final = {"a": "arxiv", "h": "daily_papers", "s": "listing_pages"}

ENTITY: Final = pl.Struct({"text": pl.String(), "type": pl.String(), "canonical": pl.String()})
LABELLED_TYPES: Final[dict[str, pl.DataType]] = {
    "id": pl.String(),
    "title": pl.String(),
    "abstract": pl.String(),
    "entities": pl.List(ENTITY),
}
SCORES: Final = pl.Schema(
    {
        "measure": pl.String,
        "source": pl.String,
        "score": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,
    }
)
ERRORS: Final = pl.Schema(
    {
        "error": pl.String(),
        "key": pl.String(),
        "type": pl.String(),
        "predicted_type": pl.String(),
        "papers": pl.Int64(),
        "example": pl.String(),
    }
)
"""Columns of `commonest_errors`."""


@dataclass(frozen=True)
class Gold:
    """Labelled papers.

    texts: paper_id, title, abstract (columns of `Texts`), source.
    entities: one row a distinct surface of a paper: paper_id, surface, type ('model', ..), name (canonical).
    """

    texts: pl.DataFrame
    entities: pl.DataFrame


@dataclass(frozen=True)
class Measure:
    """What is compared: names of one type (None: of all four, the type being part of what must agree).

    forgiven: gold type whose names count neither way when they are predicted as `type`.
    by: 'surface' or 'name' (canonical).
    """

    name: str
    type: str | None
    forgiven: str | None = None
    by: str = "surface"


MEASURES: Final = (
    Measure("model", "model", "method"),
    Measure("benchmark", "benchmark", "dataset"),
    Measure("model_strict", "model"),
    Measure("benchmark_strict", "benchmark"),
    Measure("method_strict", "method"),
    Measure("dataset_strict", "dataset"),
    Measure("all_strict", None),
    Measure("model_name", "model", "method", "name"),
    Measure("benchmark_name", "benchmark", "dataset", "name"),
    Measure("all_name", None, None, "name"),
)
"""The scores of a report; the first two are the ones that matter most."""


def load_gold(path: Path, repair: Callable[[pl.Expr], pl.Expr] = lambda text: text) -> Gold:
    """Labelled papers of a JSON Lines file ({id, title, abstract, entities[{text, type, canonical}]}).

    Args:
        path: the file.
        repair: the repair that the papers' texts went through; labels are parts of the texts and go through it too.

    """
    rows = pl.read_ndjson(path, schema_overrides=LABELLED_TYPES, infer_schema_length=None)
    texts = rows.select(
        pl.col("id").alias("paper_id"),
        repair(pl.col("title")).alias("title"),
        repair(pl.col("abstract")).alias("abstract"),
        source=pl.col("id").str.head(1).replace_strict(SOURCES, default="other"),
    )
    entities = (
        rows.select(pl.col("id").alias("paper_id"), "entities")
        .explode("entities")
        .drop_nulls("entities")
        .unnest("entities")
        .select(
            "paper_id",
            repair(pl.col("text")).alias("surface"),
            pl.col("type").str.to_lowercase(),
            repair(pl.coalesce("canonical", "text")).alias("name"),
        )
    )
    return Gold(texts, entities)


def compared(name: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits: how names are compared."""
    return name.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def score_entities(gold: Gold, predicted: pl.DataFrame) -> pl.DataFrame:
    """Precision, recall and F1 of every measure, over all papers and for each source of text.

    Over distinct (paper, surface) or (paper, name) pairs, matched on lower-cased alphanumerics. Intervals: 95%,
    bootstrap over papers with a fixed seed.

    Args:
        gold: the labels.
        predicted: paper_id, surface, type and name (canonical); further columns and repeated rows are allowed.

    Returns:
        Columns of `SCORES`: measure (see `MEASURES`), source ('all' or a source of `gold.texts`), score ('precision',
        'recall' or 'f1'), estimate, low, high (shares; NaN where nothing was predicted or labelled), n (labels).

    """
    frames = []
    for source in (ALL, *gold.texts["source"].unique().sort()):
        papers = gold.texts.filter((pl.col("source") == source) | (source == ALL))["paper_id"].unique().sort()
        frames += [_scores(measure, gold.entities, predicted, papers, source) for measure in MEASURES]
    return pl.concat(frames)


def _scores(
    measure: Measure, gold: pl.DataFrame, predicted: pl.DataFrame, papers: pl.Series, source: str
) -> pl.DataFrame:
    """Scores of one measure over `papers`; every measure draws the same resamples."""
    judged = judgements(measure, gold, predicted)
    counts = _per_paper(judged, papers)
    draws = np.random.default_rng(SEED).multinomial(len(papers), np.full(len(papers), 1 / len(papers)), RESAMPLES)
    estimates, resampled = _shares(counts.sum(axis=0)), _shares(draws.astype(np.float64) @ counts)
    low, high = np.transpose([_interval(score) for score in resampled.T])
    n_labels = int(counts[:, 0].sum() + counts[:, 2].sum())
    rows = [
        (measure.name, source, score, float(estimates[at]), float(low[at]), float(high[at]), n_labels)
        for at, score in enumerate(("precision", "recall", "f1"))
    ]
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def _interval(resampled: Counts) -> Counts:
    """Low and high end of the resampled scores that are numbers; NaN where none is."""
    numbers = resampled[~np.isnan(resampled)]
    return np.percentile(numbers, INTERVAL) if len(numbers) else np.full(len(INTERVAL), np.nan)


def judgements(measure: Measure, gold: pl.DataFrame, predicted: pl.DataFrame) -> pl.DataFrame:
    """One row a distinct name of a paper: paper_id, key, type, verdict ('right', 'spurious' or 'missed').

    Predictions that match only the forgiven type are left out.
    """
    key = ("paper_id", "key", "type")
    told = _keyed(gold, measure)
    found = _keyed(predicted, measure)
    of_type = pl.col("type") == measure.type if measure.type else pl.lit(value=True)
    labels = told.filter(of_type).select(key).with_columns(labelled=True)
    claims = found.filter(of_type).select(key).with_columns(claimed=True)
    verdict = (
        pl.when(pl.col("labelled") & pl.col("claimed"))
        .then(pl.lit("right"))
        .when(pl.col("claimed"))
        .then(pl.lit("spurious"))
        .otherwise(pl.lit("missed"))
    )
    judged = labels.join(claims, on=key, how="full", coalesce=True).select(*key, verdict.alias("verdict"))
    forgiven = told.filter(pl.col("type").eq(pl.lit(measure.forgiven, dtype=pl.String))).select("paper_id", "key")
    spurious = judged.filter(pl.col("verdict") == "spurious").join(forgiven, on=["paper_id", "key"], how="anti")
    return pl.concat([judged.filter(pl.col("verdict") != "spurious"), spurious]).sort(key)


def _keyed(names: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Distinct paper_id, key and type of names."""
    keyed = names.select("paper_id", compared(pl.col(measure.by)).alias("key"), pl.col("type").cast(pl.String))
    return keyed.filter(pl.col("key") != "").unique(maintain_order=True)


def _per_paper(judged: pl.DataFrame, papers: pl.Series) -> Counts:
    """Right, spurious and missed names of each paper: shape (papers, 3)."""
    counted = judged.group_by("paper_id").agg(
        (pl.col("verdict") == verdict).sum().alias(verdict) for verdict in ("right", "spurious", "missed")
    )
    aligned = pl.DataFrame({"paper_id": papers}).join(counted, on="paper_id", how="left", maintain_order="left")
    return aligned.drop("paper_id").fill_null(0).cast(pl.Float64).to_numpy()


def _shares(counts: Counts) -> Counts:
    """Precision, recall and F1 of right, spurious and missed names in the last axis."""
    right, spurious, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = (right / (right + spurious), right / (right + missed), 2 * right / (2 * right + spurious + missed))
    return np.stack(shares, axis=-1)


def commonest_errors(gold: Gold, predicted: pl.DataFrame, limit: int = 40) -> pl.DataFrame:
    """What is wrong most often, over all four types.

    Args:
        gold: the labels.
        predicted: paper_id, surface, type.
        limit: number of rows.

    Returns:
        error ('missed', 'spurious' or 'wrong_type'), key (the name's letters and digits), type (labelled, or predicted
        where nothing is labelled), predicted_type (null where missed), papers, example (a paper_id); most papers first.

    """
    key = ["paper_id", "key"]
    by_surface = Measure("surface", None)
    known = gold.texts.select("paper_id")
    told = _keyed(gold.entities, by_surface)
    found = _keyed(predicted, by_surface).join(known, on="paper_id", how="semi").rename({"type": "predicted_type"})
    wrong = (
        told.join(found, on=key, how="full", coalesce=True)
        .filter(pl.col("type").ne_missing(pl.col("predicted_type")))
        .join(_agreed(told, found), on=key, how="anti")
    )
    error = (
        pl.when(pl.col("predicted_type").is_null())
        .then(pl.lit("missed"))
        .when(pl.col("type").is_null())
        .then(pl.lit("spurious"))
        .otherwise(pl.lit("wrong_type"))
    )
    return (
        wrong.with_columns(error=error, type=pl.coalesce("type", "predicted_type"))
        .group_by("error", "key", "type", "predicted_type")
        .agg(papers=pl.col("paper_id").n_unique().cast(pl.Int64), example=pl.col("paper_id").min())
        .sort("papers", "error", "key", "type", "predicted_type", descending=[True, False, False, False, False])
        .head(limit)
    )


def _agreed(told: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Names of papers that are predicted with one of their labelled types: paper_id, key."""
    return told.join(found, left_on=["paper_id", "key", "type"], right_on=["paper_id", "key", "predicted_type"]).select(
        "paper_id", "key"
    )
