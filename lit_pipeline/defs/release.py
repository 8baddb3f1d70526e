"""Asset check that keeps a worse extractor from being published."""

import dagster as dg

from lit_pipeline.defs.resources import Workbench
from lit_pipeline.evaluation.release import held_to_release
from lit_pipeline.markdown import as_markdown
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.stages.extraction import extractor_version
from lit_pipeline.stages.scoring import remembered_scores, score_version

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
    found = score_version(version, stores, vocabulary, tagger)
    published = _published_version(workbench)
    held = held_to_release(found.scores, remembered_scores(published, stores, beside=version))
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
            "look": dg.MetadataValue.md("```console\n$ lit evaluate\n```"),
        },
    )


def _published_version(workbench: Workbench) -> str:
    """Version of the extractor that the published database was made with; empty where nothing is published."""
    runs = published_frame(workbench.warehouse, "pipeline_runs").sort("published_at")
    return str(runs["extractor_version"][-1]) if len(runs) else ""


CHECKS = [scores_on_labelled_sample]
