"""Asset checks: one blocking contract check a table, and checks of what must hold between tables."""

from collections.abc import Callable, Mapping

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.resources import Workbench
from lit_pipeline.publish import consistency
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.tables.published import MARTS, RECORDS_TO_RESULTS
from lit_pipeline.tables.schema import faults

Frames = Mapping[str, pl.LazyFrame]
Rule = Callable[..., pl.LazyFrame]

MAX_EXAMPLES = 5
"""Rows shown of what breaks a rule."""


def contract_check(name: str, table: type[dy.Schema]) -> dg.AssetChecksDefinition:
    """Blocking check that a table has the declared columns, types, ranges and unique keys."""

    @dg.asset_check(
        name="contract",
        asset=name,
        blocking=True,
        description="Columns, types, nullability, ranges and keys are as declared.",
    )
    def contract(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
        frame = workbench.stored(name).collect()
        found = faults(frame, table)
        return dg.AssetCheckResult(
            passed=not found,
            metadata={
                "rows": len(frame),
                "n_faults": sum(found.values()),
                "faults": dg.MetadataValue.json(found),
            },
        )

    return contract


def rule_check(asset: str, name: str, rule: Rule, tables: tuple[str, ...], look: str) -> dg.AssetChecksDefinition:
    """Blocking check that no row breaks a rule between tables.

    Args:
        asset: asset the check belongs to.
        name: name of the check.
        rule: takes the lazy frames of `tables` and returns the rows that break it; its docstring says what holds.
        tables: names of the tables it reads.
        look: query that shows the rows that break it.

    """

    @dg.asset_check(
        name=name,
        asset=asset,
        blocking=True,
        additional_deps=[table for table in tables if table != asset],
        description=rule.__doc__,
    )
    def check(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
        broken = rule(*(workbench.stored(table) for table in tables)).collect()
        return dg.AssetCheckResult(
            passed=broken.is_empty(),
            metadata={
                "n_faults": len(broken),
                "examples": dg.MetadataValue.json(broken.head(MAX_EXAMPLES).cast(pl.String, strict=False).to_dicts()),
                "look": dg.MetadataValue.md(f"```sql\n{look}\n```"),
            },
        )

    return check


RULES = [
    rule_check(
        "paper_records",
        "no_record_lost",
        consistency.lost_records,
        ("raw_files", "paper_records", "rejected_records"),
        "select source_file, n_records from raw_files",
    ),
    rule_check(
        "papers",
        "papers_match_their_records",
        consistency.papers_without_their_records,
        ("papers", "paper_records"),
        "select p.paper_id, p.n_records, count(r.record_id) from papers p left join paper_records r using (paper_id) "
        "group by all having p.n_records <> count(r.record_id)",
    ),
    rule_check(
        "paper_aliases",
        "aliases_lead_to_papers",
        consistency.loose_aliases,
        ("paper_aliases", "papers"),
        "select * from paper_aliases where paper_id not in (select paper_id from papers)",
    ),
    rule_check(
        "mentions",
        "offsets_give_surfaces",
        consistency.wrong_offsets,
        ("mentions", "papers"),
        "select * from mentions join papers using (paper_id) where surface <> "
        "substring(if(field = 'title', title, abstract), start + 1, \"end\" - start)",
    ),
    rule_check(
        "mentions",
        "mentions_have_entities",
        consistency.mentions_without_entity,
        ("mentions", "entities"),
        "select * from mentions where entity_id not in (select entity_id from entities)",
    ),
    rule_check(
        "results",
        "results_stand_in_abstracts",
        consistency.results_without_text,
        ("results", "papers"),
        "select * from results join papers using (paper_id) where not contains(abstract, quote)",
    ),
    rule_check(
        "results",
        "results_have_entities",
        consistency.results_without_entity,
        ("results", "entities"),
        "select * from results where model_id not in (select entity_id from entities) "
        "or benchmark_id not in (select entity_id from entities)",
    ),
]


@dg.asset_check(
    asset="published_database",
    name="no_sudden_drop",
    description="No count falls by more than a tenth against the last run over the same landing zone.",
)
def no_sudden_drop(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
    """Warn where a count falls suddenly."""
    drops = consistency.sudden_drops(published_frame(workbench.warehouse, "pipeline_runs"))
    return dg.AssetCheckResult(
        passed=not drops,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "n_faults": len(drops),
            "drops": dg.MetadataValue.json(drops),
            "look": dg.MetadataValue.md("```sql\nselect * from pipeline_runs order by published_at desc limit 2\n```"),
        },
    )


@dg.asset_check(
    asset="papers",
    name="share_with_date",
    description="The share of papers with a publication day falls by no more than a tenth against the last snapshot.",
)
def share_with_date(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
    """Warn where fewer papers have a date than before."""
    share = consistency.share_with_date(workbench.stored("papers").collect())
    before = consistency.share_with_date(published_frame(workbench.warehouse, "papers"))
    return dg.AssetCheckResult(
        passed=share >= before - consistency.MAX_DROP,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"share_with_date": share, "share_with_date_before": before},
    )


@dg.asset_check(
    asset="record_matches",
    name="no_jump_in_merged_records",
    blocking=True,
    description="The share of merged records stays within LIT_MAX_MERGED_JUMP of the published snapshot's. It blocks "
    "where the records of both are now merged otherwise; where only files that came or went move it, it warns.",
)
def no_jump_in_merged_records(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
    """Fail where the share of merged records jumps."""
    published = published_frame(workbench.warehouse, "paper_records")
    shares = consistency.merged_shares(workbench.stored("record_matches").collect(), published)
    most = workbench.settings.max_merged_jump
    jump = abs(shares["share_merged"] - shares["share_merged_before"])
    jump_of_known = abs(shares["share_merged_known"] - shares["share_merged_known_before"])
    return dg.AssetCheckResult(
        passed=max(jump, jump_of_known) <= most,
        severity=dg.AssetCheckSeverity.ERROR if jump_of_known > most else dg.AssetCheckSeverity.WARN,
        metadata={
            **shares,
            "allowed_jump": most,
            "look": dg.MetadataValue.md(
                "```sql\nselect paper_id, count(*) n, list(distinct raw_title) from paper_records "
                "group by all order by n desc limit 20\n```"
            ),
        },
    )


CHECKS = [
    *(contract_check(name, table) for name, table in {**RECORDS_TO_RESULTS, **MARTS}.items()),
    *RULES,
    no_jump_in_merged_records,
    share_with_date,
    no_sudden_drop,
]
