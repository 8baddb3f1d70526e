"""Scores an extractor on the labelled sample, once a version; remembers the scores of every version."""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.evaluation.extraction import evaluate_extraction
from lit_pipeline.evaluation.release import RELEASE_SCORES, SAMPLE, release_scores, sample_version
from lit_pipeline.extraction.extract import Tagger
from lit_pipeline.extraction.results import RESULTS_VERSION
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.stages.stores import Stores, segment_key
from lit_pipeline.storage.segments import KEY


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


def score_version(version: str, stores: Stores, vocabulary: Vocabulary, tagger: Tagger | None) -> VersionScores:
    """Scores of an extractor on the labelled sample, computed where none are remembered.

    Args:
        version: see `stages.extraction.extractor_version`.
        stores: where scores are remembered.
        vocabulary: known names.
        tagger: the trained tagger.

    """
    key = _key(version)
    scored_now = not stores.scored.missing(pl.Series(KEY, [key])).is_empty()
    if scored_now:
        _score(key, version, stores, vocabulary, tagger)
    scores, errors = (
        stores.scored.scan(table, pl.DataFrame({KEY: [key]})).drop(KEY).collect() for table in ("scores", "errors")
    )
    return VersionScores(scores.select(RELEASE_SCORES.names()), errors, scored_now)


def remembered_scores(version: str, stores: Stores, *, beside: str) -> pl.DataFrame:
    """Scores of an earlier version on the same sample: columns of `RELEASE_SCORES`; no rows where none are remembered.

    Args:
        version: version of the extractor.
        stores: where scores are remembered.
        beside: version that they are to be compared with. Where it is the same one, the scores are those with the
            results' version before.

    """
    known = stores.scored.scan("scores", stores.scored.keys().to_frame())
    earlier = known.filter(
        pl.col("extractor_version") == version, pl.col("sample") == sample_version(), pl.col(KEY) != _key(beside)
    )
    last = earlier.filter(pl.col("results_version") == pl.col("results_version").max())
    return last.select(RELEASE_SCORES.names()).collect()


def _key(version: str) -> str:
    """Key of the scores of a version, with the current version of results and of the sample."""
    return str(pl.select(segment_key(version, str(RESULTS_VERSION), sample_version())).item())


def _score(key: str, version: str, stores: Stores, vocabulary: Vocabulary, tagger: Tagger | None) -> None:
    report = evaluate_extraction(SAMPLE, vocabulary, tagger)
    keyed = pl.lit(key).alias(KEY)
    scores = release_scores(report).with_columns(
        keyed,
        extractor_version=pl.lit(version),
        results_version=pl.lit(RESULTS_VERSION),
        sample=pl.lit(sample_version()),
    )
    with stores.scored.writer() as writer:
        writer.append("scores", scores)
        writer.append("errors", report.errors.with_columns(keyed))
        writer.done([key])
