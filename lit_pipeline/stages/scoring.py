"""Scores an extractor on the labelled sample, once a version; remembers the scores of every version.

A version here is more than what spans are stored under: links and results are scored too, and the code of neither has a
part in `extractor_version`. So every change of the extraction package counts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import polars as pl

from lit_pipeline.evaluation.extraction import ExtractionReport, evaluate_extraction
from lit_pipeline.evaluation.release import RELEASE_SCORES, SAMPLE, release_scores, sample_version
from lit_pipeline.extraction.extract import Tagger
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.stages.stores import Stores, segment_key
from lit_pipeline.storage.segments import KEY

EXTRACTION: Final = Path(str(files("lit_pipeline.extraction")))


@dataclass(frozen=True)
class VersionScores:
    """Scores of one version of the extractor.

    scores: columns of `RELEASE_SCORES`.
    errors: error, key, type, predicted_type, papers, example: the commonest errors in names.
    scored_now: whether they were computed now, not remembered.
    """

    scores: pl.DataFrame
    errors: pl.DataFrame
    scored_now: bool


def score_version(
    version: str, stores: Stores, vocabulary: Vocabulary, tagger: Tagger | None, now: datetime
) -> VersionScores:
    """Scores of an extractor on the labelled sample, computed where none are remembered.

    Args:
        version: see `stages.extraction.extractor_version`.
        stores: where scores are remembered.
        vocabulary: known names.
        tagger: the trained tagger.
        now: time of scoring, UTC.

    """
    key = _key(version)
    scored_now = not stores.scored.missing(pl.Series(KEY, [key])).is_empty()
    if scored_now:
        _remember(key, version, evaluate_extraction(SAMPLE, vocabulary, tagger), stores, now)
    scores, errors = (
        stores.scored.scan(table, pl.DataFrame({KEY: [key]})).drop(KEY).collect() for table in ("scores", "errors")
    )
    return VersionScores(scores.select(RELEASE_SCORES.names()), errors, scored_now)


def published_scores(version: str, published_at: datetime, stores: Stores) -> pl.DataFrame:
    """Scores with which an extractor was published: columns of `RELEASE_SCORES`; no rows where none are remembered.

    They are the last of that version, on the sample of today, from before it was published.

    Args:
        version: see `stages.extraction.extractor_version`.
        published_at: time of publishing, UTC.
        stores: where scores are remembered.

    """
    known = stores.scored.scan("scores", stores.scored.keys().to_frame())
    earlier = known.filter(
        pl.col("extractor_version") == version,
        pl.col("sample") == sample_version(),
        pl.col("scored_at") <= pl.lit(published_at, pl.Datetime("us")),
    )
    last = earlier.filter(pl.col("scored_at") == pl.col("scored_at").max())
    return last.select(RELEASE_SCORES.names()).collect()


def package_version(folder: Path = EXTRACTION) -> str:
    """Hash of the code and the data of a package: the names and contents of its files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__"):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _key(version: str) -> str:
    """Key of the scores of a version, with the package and the sample of today."""
    return str(pl.select(segment_key(version, package_version(), sample_version())).item())


def _remember(key: str, version: str, report: ExtractionReport, stores: Stores, now: datetime) -> None:
    """Store the scores and errors of a report."""
    keyed = pl.lit(key).alias(KEY)
    scores = release_scores(report).with_columns(
        keyed,
        extractor_version=pl.lit(version),
        sample=pl.lit(sample_version()),
        scored_at=pl.lit(now, pl.Datetime("us")),
    )
    with stores.scored.writer() as writer:
        writer.append("scores", scores)
        writer.append("errors", report.errors.with_columns(keyed))
        writer.done([key])
