"""Scores extracted results against labelled papers; knows nothing of how they were found."""

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Row = tuple[str, str, float, float, float, int]

RESAMPLES: Final = 1000
SEED: Final = 20240914
# Bounds of a 95% interval, in percent.
INTERVAL: Final = (2.5, 97.5)
# Values closer than this are one value: labels and texts write the same digits.
TOLERANCE: Final = 1e-9
# Fields of a matched value whose agreement is counted.
ATTRIBUTES: Final = ("kind", "unit", "baseline", "metric", "model", "benchmark")

GOLD_RESULTS: Final = pl.Schema(
    {
        "paper_id": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "kind": pl.String,
        "baseline": pl.Float64,
        "metric": pl.String,
        "model": pl.String,
        "benchmark": pl.String,
        "quote": pl.String,
    }
)
SCORES: Final = pl.Schema(
    {
        "measure": pl.String,
        "score": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,
    }
)


def gold_results(labelled: pl.DataFrame, repair: Callable[[pl.Expr], pl.Expr] = lambda text: text) -> pl.DataFrame:
    """Labelled results, one row each.

    Args:
        labelled: id, results (list of structs: model, benchmark, metric, value, unit, kind, baseline, quote), as a
            file of labelled papers is read.
        repair: the repair that the papers' texts went through, for the strings that are parts of them.

    Returns:
        Columns of `GOLD_RESULTS`; value is null where the label is no decimal number ('1/2', 'four').
    """
    rows = labelled.select(pl.col("id").alias("paper_id"), "results").explode("results").drop_nulls("results")
    if rows.is_empty():
        return pl.DataFrame(schema=GOLD_RESULTS)
    return rows.unnest("results").select(
        "paper_id",
        _number("value"),
        pl.col("unit", "kind").cast(pl.String),
        _number("baseline"),
        *(repair(pl.col(name).cast(pl.String)).alias(name) for name in ("metric", "model", "benchmark", "quote")),
    )


def score_results(
    gold: pl.DataFrame, predicted: pl.DataFrame, mentions: pl.DataFrame, papers: pl.Series
) -> pl.DataFrame:
    """Precision, recall and F1 of extracted results, and agreement in the fields of matched values.

    Over distinct (paper, value) and distinct (paper, value, benchmark). A predicted benchmark or model agrees with a
    label where any surface form of it in the paper has the label's letters and digits, or where both are null.
    Intervals: 95%, bootstrap over papers with a fixed seed.

    Args:
        gold: see `gold_results`.
        predicted: columns of `Results`.
        mentions: paper_id, entity_id, surface: what the predicted ids stand for.
        papers: ids of all labelled papers, those without results too.

    Returns:
        Columns of `SCORES`: measure ('value', 'value_benchmark', or a field), score ('precision', 'recall', 'f1' or
        'accuracy'), estimate, low, high (shares, 0 to 1) and n (labels the score is over).
    """
    order = papers.unique().sort()
    told = gold.filter(pl.col("paper_id").is_in(order.implode())).with_row_index("label")
    found = predicted.filter(pl.col("paper_id").is_in(order.implode())).with_row_index("result")
    agreed = _agreements(told, found, mentions)
    draws = np.random.default_rng(SEED).integers(0, max(len(order), 1), (RESAMPLES, len(order)))
    rows = [
        *_f1_rows("value", _sides(told, found, agreed, order, ("value",)), draws),
        *_f1_rows(
            "value_benchmark", _sides(told, found, agreed.filter("benchmark"), order, ("value", "benchmark")), draws
        ),
        *(_accuracy_row(name, agreed, order, draws) for name in ATTRIBUTES),
    ]
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def letters(name: str) -> pl.Expr:
    """Lower-case letters and digits of a column: how names are compared."""
    return pl.col(name).str.to_lowercase().str.replace_all(r"[^\p{L}\d]", "")


def _number(name: str) -> pl.Expr:
    """Number of a labelled string, null where it is none."""
    return pl.col(name).cast(pl.String).str.replace_all(r"[,\s]", "").cast(pl.Float64, strict=False).alias(name)


def _agreements(gold: pl.DataFrame, predicted: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a label and a prediction of one value in one paper: label, result, paper_id, which fields agree."""
    surfaces = mentions.group_by("paper_id", "entity_id").agg(letters("surface").unique().alias("surfaces"))
    pairs = (
        gold.join(predicted, on="paper_id", suffix="_found")
        .filter((pl.col("value") - pl.col("value_found")).abs() <= TOLERANCE)
        .join(_renamed(surfaces, "model"), on=["paper_id", "model_id"], how="left", maintain_order="left")
        .join(_renamed(surfaces, "benchmark"), on=["paper_id", "benchmark_id"], how="left", maintain_order="left")
    )
    return pairs.select(
        "label",
        "result",
        "paper_id",
        *(
            pl.col(name).cast(pl.String).eq_missing(pl.col(f"{name}_found").cast(pl.String))
            for name in ("kind", "unit")
        ),
        pl.col("baseline").eq_missing(pl.col("baseline_found")),
        letters("metric").eq_missing(letters("metric_found")),
        *(_same_name(name) for name in ("model", "benchmark")),
    )


def _renamed(surfaces: pl.DataFrame, name: str) -> pl.DataFrame:
    """Surfaces of entities under the names of one field."""
    return surfaces.rename({"entity_id": f"{name}_id", "surfaces": f"{name}_surfaces"})


def _same_name(name: str) -> pl.Expr:
    """Whether a labelled name is one of the predicted entity's surface forms, or both are null."""
    both_null = pl.col(name).is_null() & pl.col(f"{name}_id").is_null()
    named = pl.col(f"{name}_surfaces").list.contains(letters(name)).fill_null(value=False)
    return (both_null | (named & pl.col(name).is_not_null())).alias(name)


def _f1_rows(measure: str, sides: tuple[Counts, Counts], draws: NDArray[np.int64]) -> list[Row]:
    """Precision, recall and F1 from the counts a paper (see `_counted`) of predictions and of labels."""
    counts = np.concatenate(sides, axis=1)
    estimate, resampled = _shares(counts.sum(axis=0)), _shares(counts[draws].sum(axis=1))
    low, high = np.nanpercentile(resampled, INTERVAL, axis=0)
    n_labels = int(sides[1][:, 1].sum())
    names = ("precision", "recall", "f1")
    return [
        (measure, name, float(estimate[at]), float(low[at]), float(high[at]), n_labels) for at, name in enumerate(names)
    ]


def _sides(
    gold: pl.DataFrame, predicted: pl.DataFrame, agreed: pl.DataFrame, papers: pl.Series, key: tuple[str, ...]
) -> tuple[Counts, Counts]:
    """Counts a paper of distinct predicted keys and of distinct labelled keys, where `agreed` says which are hits."""
    found = predicted.with_columns(pl.col("result").is_in(agreed["result"].implode()).alias("hit"))
    told = gold.with_columns(pl.col("label").is_in(agreed["label"].implode()).alias("hit"), letters("benchmark"))
    return _counted(found.rename({"benchmark_id": "benchmark"}), papers, key), _counted(told, papers, key)


def _counted(frame: pl.DataFrame, papers: pl.Series, key: tuple[str, ...]) -> Counts:
    """For each paper, how many distinct keys are hit and how many there are: shape (papers, 2)."""
    distinct = frame.group_by("paper_id", *key).agg(pl.col("hit").any())
    per_paper = distinct.group_by("paper_id").agg(pl.col("hit").sum(), pl.len().alias("n"))
    aligned = pl.DataFrame({"paper_id": papers}).join(per_paper, on="paper_id", how="left", maintain_order="left")
    return aligned.select(pl.col("hit", "n").fill_null(0).cast(pl.Float64)).to_numpy()


def _shares(counts: Counts) -> Counts:
    """Precision, recall and F1 of hits and totals of predictions and labels in the last axis."""
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = counts[..., 0] / counts[..., 1]
        recall = counts[..., 2] / counts[..., 3]
        f1 = 2 * precision * recall / (precision + recall)
    return np.stack([precision, recall, np.nan_to_num(f1)], axis=-1)


def _accuracy_row(name: str, agreed: pl.DataFrame, papers: pl.Series, draws: NDArray[np.int64]) -> Row:
    """Share of matched labels for which a field agrees with one of the predictions of that value."""
    labels = agreed.group_by("paper_id", "label").agg(pl.col(name).any().alias("hit"))
    counts = _counted(labels, papers, ("label",))
    hits, totals = counts.sum(axis=0)
    resampled = counts[draws].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = np.nanpercentile(resampled[:, 0] / resampled[:, 1], INTERVAL)
        estimate = hits / totals
    return (name, "accuracy", float(estimate), float(low), float(high), int(totals))
