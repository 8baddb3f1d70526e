"""Whether an extractor may be published: its scores on our own labelled sample, held to floors and to those before it.

What belongs here: the sample, which scores count, and how far each may fall. Who remembers scores is not known here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import polars as pl

from lit_pipeline.evaluation.entities import ALL
from lit_pipeline.evaluation.extraction import ExtractionReport

SAMPLE: Final = Path(str(files("lit_pipeline.evaluation"))) / "labelled_sample.jsonl"
"""Papers that we made up and labelled; see docs/labelled_sample.md."""

SCORING_VERSION: Final = 1
"""Rises when the same spans and the same labels give other scores."""

F1: Final = "f1"

NAME_MEASURES: Final = {
    "model": "model",
    "benchmark": "benchmark",
    "method": "method_strict",
    "dataset": "dataset_strict",
    "canonical": "all_name",
}
"""Scores of names that count, and the measure of `evaluation.entities` that each is."""

RESULT_MEASURES: Final = {"result_value": "value", "result_value_benchmark": "value_benchmark"}
"""Scores of results that count, and the measure of `evaluation.results` that each is."""

RELEASE_SCORES: Final = pl.Schema(
    {"measure": pl.String(), "f1": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "n": pl.Int64()}
)
"""One row a score that counts: F1, its 95% interval (shares, 0 to 1), and the labels it is over."""


@dataclass(frozen=True)
class Released:
    """A score of the current release: F1, and the low end of its 95% interval."""

    f1: float
    low: float

    @property
    def floor(self) -> float:
        """Least F1 with which an extractor is published."""
        return self.low

    @property
    def margin(self) -> float:
        """How far F1 may fall from one version to the next.

        The interval says how F1 moves when other papers of the same kind are drawn. A fall within it may be the choice
        of papers; a longer one is the extractor's doing. Both versions read the same papers, so that less than the
        margin may be real too: the check is there to stop what is broken, not to rank versions.
        """
        return self.f1 - self.low


RELEASED: Final[Mapping[str, Released]] = {
    "model": Released(0.967, 0.948),
    "benchmark": Released(0.938, 0.903),
    "method": Released(0.885, 0.833),
    "dataset": Released(0.606, 0.421),
    "canonical": Released(0.899, 0.869),
    "result_value": Released(0.954, 0.935),
    "result_value_benchmark": Released(0.748, 0.677),
}
"""Scores of the current release on the sample, as `lit evaluate` prints them; to be renewed with every release."""


def sample_version() -> str:
    """Hash of all that decides the scores of given spans: the labels and how they are scored."""
    content = f"{SCORING_VERSION}\n".encode() + SAMPLE.read_bytes()
    return hashlib.sha256(content).hexdigest()


def release_scores(report: ExtractionReport) -> pl.DataFrame:
    """The scores that count: columns of `RELEASE_SCORES`, those of names first."""
    names = report.entities.filter(pl.col("source") == ALL)
    parts = [_renamed(names, NAME_MEASURES), _renamed(report.results, RESULT_MEASURES)]
    return pl.concat(parts).sort(pl.col("measure").cast(pl.Enum([*NAME_MEASURES, *RESULT_MEASURES])))


def _renamed(scores: pl.DataFrame, measures: Mapping[str, str]) -> pl.DataFrame:
    """F1 of the measures under the names that they have here."""
    ours = {theirs: name for name, theirs in measures.items()}
    chosen = scores.filter(pl.col("score") == F1, pl.col("measure").is_in(list(ours)))
    return chosen.select(
        pl.col("measure").replace_strict(ours, return_dtype=pl.String),
        pl.col("estimate").fill_nan(0.0).alias("f1"),
        "low",
        "high",
        "n",
    )


def held_to_release(scores: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Scores beside what they must not fall below.

    Args:
        scores: columns of `RELEASE_SCORES`, of the extractor that is to be published.
        before: columns of `RELEASE_SCORES`, of the version that was published last; no rows where nothing was.

    Returns:
        The rows of `scores` with floor, before (null where nothing was), margin, and fault (null where none): 'below
        the floor' or 'fell by more than the margin'.

    """
    bounds = pl.DataFrame(
        [(name, released.floor, released.margin) for name, released in RELEASED.items()],
        schema={"measure": pl.String, "floor": pl.Float64, "margin": pl.Float64},
        orient="row",
    )
    beside = scores.join(bounds, on="measure", how="left", maintain_order="left").join(
        before.select("measure", before="f1"), on="measure", how="left", maintain_order="left"
    )
    fault = (
        pl.when(pl.col("f1") < pl.col("floor"))
        .then(pl.lit("below the floor"))
        .when(pl.col("before") - pl.col("f1") > pl.col("margin"))
        .then(pl.lit("fell by more than the margin"))
    )
    return beside.with_columns(fault=fault)
