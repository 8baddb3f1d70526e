"""Assets that fetch a day's papers into the landing zone; nothing is fetched until a setting switches it on."""

from datetime import UTC, date
from functools import partial

import dagster as dg

from lit_pipeline.defs.describe import OWNERS
from lit_pipeline.defs.errors import TRANSIENT, retried_where_it_helps
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.fetch.arxiv import new_papers
from lit_pipeline.fetch.daily_papers import daily_papers
from lit_pipeline.fetch.days import FetchedDay, Source, Target, fetch_day
from lit_pipeline.fetch.http import Fetcher
from lit_pipeline.fetch.ledger import Ledger

GROUP = "fetch"
FIRST_DAY = "2023-05-04"
"""First day of the Daily Papers listing."""

days = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone="UTC")


class FetchConfig(dg.Config):
    """How a day is fetched."""

    force: bool = False
    """Fetch a day again that was fetched before."""


@dg.asset(group_name=GROUP, kinds={"json"}, owners=OWNERS, partitions_def=days, pool=GROUP, retry_policy=TRANSIENT)
@retried_where_it_helps
def fetched_daily_papers(
    context: dg.AssetExecutionContext, config: FetchConfig, workbench: dg.ResourceParam[Workbench]
) -> dg.MaterializeResult[None]:
    """The papers featured on a day, as the Daily Papers API gives them."""
    settings = workbench.settings
    source = partial(daily_papers, settings.daily_papers_url)
    target = Target(settings.raw, "daily_papers", ".json")
    return _fetch(context.partition_key, workbench, source, target, force=config.force)


@dg.asset(group_name=GROUP, kinds={"xml"}, owners=OWNERS, partitions_def=days, pool=GROUP, retry_policy=TRANSIENT)
@retried_where_it_helps
def fetched_arxiv_papers(
    context: dg.AssetExecutionContext, config: FetchConfig, workbench: dg.ResourceParam[Workbench]
) -> dg.MaterializeResult[None]:
    """The papers first submitted to arXiv on a day, in the categories of the settings."""
    settings = workbench.settings
    source = partial(new_papers, settings.arxiv_url, settings.arxiv_categories)
    target = Target(settings.raw, "arxiv_new", ".xml")
    return _fetch(context.partition_key, workbench, source, target, force=config.force)


def _fetch(
    partition: str, workbench: Workbench, source: Source, target: Target, *, force: bool
) -> dg.MaterializeResult[None]:
    if not workbench.settings.fetch:
        raise dg.Failure("fetching is off; set LIT_FETCH=1 to switch it on", allow_retries=False)
    ledger = Ledger(workbench.warehouse.fetched / target.folder)
    fetcher = Fetcher(workbench.settings.fetch_policy)
    fetched = fetch_day(source, fetcher, date.fromisoformat(partition), target, ledger, force=force)
    return _observed(fetched)


def _observed(fetched: FetchedDay) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(
        metadata={
            "papers": fetched.entry.n_papers,
            "n_files": len(fetched.entry.files),
            "fetched_now": int(not fetched.skipped),
            "files": fetched.entry.files,
            "fetched_at": dg.MetadataValue.timestamp(fetched.entry.fetched_at.astimezone(UTC)),
        }
    )
