"""Asset check that keeps a worse extractor from being published."""

from datetime import UTC, datetime

import dagster as dg
import polars as pl

from lit_pipeline.defs.checks import look
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.evaluation.release import RELEASE_SCORES, held_to_release
from lit_pipeline.markdown import as_markdown
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.stages.extraction import extractor_version
from lit_pipeline.stages.scoring import published_scores, score_version

LOOK = "select type, found_by, count(*) n, avg(confidence) from mentions group by all order by n desc"
"""Query that shows what finds less than it should; `lit evaluate` prints the scores with all errors."""

SHOWN_ERRORS = 20
"""Rows of the table of the commonest errors."""


@dg.asset_check(
    asset="mentions",
    name="scores_on_labelled_sample",
    blocking=True,
    description="F1 of names and results on the labelled sample is at least the floor of each, and no more than a "
    "margin below that of the version published last. Scored once a version of the extractor.",
)
def scores_on_labelled_sample(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
    """Fail where the extractor scores worse than may be."""
    vocabulary, tagger, stores = workbench.vocabulary, workbench.tagger, workbench.stores
    version = extractor_version(vocabulary, tagger)
    found = score_version(version, stores, vocabulary, tagger, datetime.now(UTC).replace(tzinfo=None))
    published, before = _published(workbench)
    held = held_to_release(found.scores, before)
    faulty = held.drop_nulls("fault")
    return dg.AssetCheckResult(
        passed=faulty.is_empty(),
        metadata={
            **{f"f1_{measure}": f1 for measure, f1 in held.select("measure", "f1").iter_rows()},
            "n_faults": len(faulty),
            "scored_now": int(found.scored_now),
            "extractor_version": version,
            "published_version": published,
            "scores": dg.MetadataValue.md(as_markdown(held)),
            "commonest_errors": dg.MetadataValue.md(as_markdown(found.errors.head(SHOWN_ERRORS))),
            "look": look(LOOK),
        },
    )


def _published(workbench: Workbench) -> tuple[str, pl.DataFrame]:
    """Version and scores of the extractor behind the published database; nothing where nothing is published."""
    runs = published_frame(workbench.warehouse, "pipeline_runs").sort("published_at")
    if runs.is_empty():
        return "", pl.DataFrame(schema=RELEASE_SCORES)
    version, published_at = runs.select("extractor_version", "published_at").row(-1)
    return version, published_scores(version, published_at, workbench.stores)


CHECKS = [scores_on_labelled_sample]
