"""Asset checks: one blocking contract check a table, and checks of what must hold between tables."""

from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg
import dataframely as dy
import polars as pl

from lit_pipeline.defs.resources import Workbench
from lit_pipeline.publish import consistency
from lit_pipeline.publish.look import query_for_faults
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.tables.published import MARTS, RECORDS_TO_RESULTS
from lit_pipeline.tables.schema import faults

Rule = Callable[..., pl.LazyFrame]

MAX_EXAMPLES = 5
"""Rows shown of what breaks a rule."""


def look(query: str, *, stages: bool = True) -> dg.MarkdownMetadataValue:
    """How to see for oneself: a query to paste, over the tables of the last run or over the published ones."""
    prompt = "lit sql --stages" if stages else "lit sql"
    of = "the tables of the last run, published or not" if stages else "the published database"
    return dg.MetadataValue.md(f"At the prompt of `{prompt}` ({of}):\n\n```sql\n{query};\n```")


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
        told = ", ".join(f"{rule}: {n}" for rule, n in sorted(found.items()))
        return dg.AssetCheckResult(
            passed=not found,
            description=f"Rows of {name} that break a rule: {told}." if found else None,
            metadata={
                "rows": len(frame),
                "n_faults": sum(found.values()),
                "faults": dg.MetadataValue.json(found),
                "look": look(query_for_faults(name, table, found)),
            },
        )

    return contract


@dataclass(frozen=True)
class TableRule:
    """A rule between tables that no row may break.

    Args:
        asset: asset the check belongs to.
        name: name of the check.
        rule: takes the lazy frames of `tables` and returns the rows that break it; its docstring says what holds.
        tables: names of the tables it reads.
        query: SQL query that returns the rows that break it.

    """

    asset: str
    name: str
    rule: Rule
    tables: tuple[str, ...]
    query: str

    @property
    def holds(self) -> str:
        """What holds, in one sentence."""
        return (self.rule.__doc__ or "").strip().splitlines()[0]


def rule_check(rule: TableRule) -> dg.AssetChecksDefinition:
    """Blocking check that no row breaks a rule between tables."""

    @dg.asset_check(
        name=rule.name,
        asset=rule.asset,
        blocking=True,
        additional_deps=[table for table in rule.tables if table != rule.asset],
        description=rule.holds,
    )
    def check(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
        broken = rule.rule(*(workbench.stored(table) for table in rule.tables)).collect()
        return dg.AssetCheckResult(
            passed=broken.is_empty(),
            description=None if broken.is_empty() else f"It does not hold for {len(broken)} rows: {rule.holds}",
            metadata={
                "n_faults": len(broken),
                "examples": dg.MetadataValue.json(broken.head(MAX_EXAMPLES).cast(pl.String, strict=False).to_dicts()),
                "look": look(rule.query),
            },
        )

    return check


RULES = (
    TableRule(
        "paper_records",
        "no_record_lost",
        consistency.lost_records,
        ("raw_files", "paper_records", "rejected_records"),
        "select source_file, n_records, n_kept from raw_files full join (select source_file, count(*) as n_kept from "
        "(select source_file from paper_records union all select source_file from rejected_records) group by all) "
        "using (source_file) where coalesce(n_records, 0) <> coalesce(n_kept, 0)",
    ),
    TableRule(
        "papers",
        "papers_match_their_records",
        consistency.papers_without_their_records,
        ("papers", "paper_records"),
        "select paper_id, p.n_records, count(r.record_id) as n_found, "
        "count(*) filter (r.matched_by = 'self') as n_survivors "
        "from papers p full join paper_records r using (paper_id) group by all "
        "having p.n_records is distinct from n_found or n_survivors <> 1",
    ),
    TableRule(
        "paper_aliases",
        "aliases_lead_to_papers",
        consistency.loose_aliases,
        ("paper_aliases", "papers"),
        "select * from paper_aliases where paper_id not in (select paper_id from papers) "
        "or old_paper_id in (select paper_id from papers)",
    ),
    TableRule(
        "mentions",
        "offsets_give_surfaces",
        consistency.wrong_offsets,
        ("mentions", "papers"),
        "select paper_id, field, start, surface, substring(if(field = 'title', title, abstract), start + 1, \"end\" - "
        "start) as found from mentions left join papers using (paper_id) where surface is distinct from found",
    ),
    TableRule(
        "mentions",
        "mentions_have_entities",
        consistency.mentions_without_entity,
        ("mentions", "entities"),
        "(select distinct entity_id, type::varchar as type from mentions) "
        "except (select entity_id, type::varchar from entities) union all "
        "((select entity_id, type::varchar from entities) except (select entity_id, type::varchar from mentions))",
    ),
    TableRule(
        "results",
        "results_stand_in_abstracts",
        consistency.results_without_text,
        ("results", "papers"),
        "select paper_id, start, value, quote from results left join papers using (paper_id) where not coalesce("
        'contains(abstract, quote) and contains(quote, substring(abstract, start + 1, "end" - start)), false)',
    ),
    TableRule(
        "results",
        "results_have_entities",
        consistency.results_without_entity,
        ("results", "entities"),
        "select distinct entity_id from (select model_id as entity_id from results union all "
        "select benchmark_id from results) where entity_id not in (select entity_id from entities)",
    ),
)


@dg.asset_check(
    asset="published_database",
    name="no_sudden_drop",
    description="No count falls by more than a tenth against the last run over the same landing zone.",
)
def no_sudden_drop(workbench: dg.ResourceParam[Workbench]) -> dg.AssetCheckResult:
    """Warn where a count falls suddenly."""
    drops = consistency.sudden_drops(published_frame(workbench.warehouse, "pipeline_runs"))
    told = ", ".join(f"{name} from {counts['before']} to {counts['now']}" for name, counts in drops.items())
    return dg.AssetCheckResult(
        passed=not drops,
        description=f"Counts fell: {told}." if drops else None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "n_faults": len(drops),
            "drops": dg.MetadataValue.json(drops),
            "look": look("select * from pipeline_runs order by published_at desc limit 2", stages=False),
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
    passed = share >= before - consistency.MAX_DROP
    return dg.AssetCheckResult(
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=None if passed else f"The share of papers with a date fell from {before:.0%} to {share:.0%}.",
        metadata={
            "share_with_date": share,
            "share_with_date_before": before,
            "look": look(
                "select first_source_file, count(*) as n_papers, count(published_on) as n_with_date "
                "from papers group by all order by n_papers - n_with_date desc limit 20"
            ),
        },
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
    passed = max(jump, jump_of_known) <= most
    told = f"The share of merged records went from {shares['share_merged_before']:.1%} to {shares['share_merged']:.1%}."
    return dg.AssetCheckResult(
        passed=passed,
        description=None if passed else told,
        severity=dg.AssetCheckSeverity.ERROR if jump_of_known > most else dg.AssetCheckSeverity.WARN,
        metadata={
            **shares,
            "allowed_jump": most,
            "look": look(
                "select survivor_id, count(*) as n_records, list(distinct raw_title) as titles from record_matches "
                "left join paper_records using (record_id) group by all order by n_records desc limit 20"
            ),
        },
    )


CHECKS = [
    *(contract_check(name, table) for name, table in {**RECORDS_TO_RESULTS, **MARTS}.items()),
    *(rule_check(rule) for rule in RULES),
    no_jump_in_merged_records,
    share_with_date,
    no_sudden_drop,
]
