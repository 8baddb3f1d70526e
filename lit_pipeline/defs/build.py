"""Puts assets, checks, automation and resources together."""

import dagster as dg

from lit_pipeline.defs import checks, release
from lit_pipeline.defs.alerts import alerts_sensor
from lit_pipeline.defs.assets import cleaning, dedup, extraction, fetch, ingest, marts, publish
from lit_pipeline.defs.automation import fetch_job, fetch_schedule, landing_zone_sensor, refresh_job, refresh_schedule
from lit_pipeline.defs.describe import with_freshness
from lit_pipeline.defs.housekeeping import clean_up_job, clean_up_schedule
from lit_pipeline.defs.io import ParquetIOManager
from lit_pipeline.defs.resources import workbench_resource
from lit_pipeline.progress import LogProgress, Progress
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse


def build_defs(settings: Settings, progress: Progress | None = None) -> dg.Definitions:
    """All definitions for these settings; `progress` is told how far a run is."""
    modules = [fetch, ingest, cleaning, dedup, extraction, marts, publish]
    assets = [asset for asset in dg.load_assets_from_modules(modules) if isinstance(asset, dg.AssetsDefinition)]
    clean_up = clean_up_job(settings)
    return dg.Definitions(
        assets=with_freshness(assets, settings.fresh_hours),
        asset_checks=[*checks.CHECKS, *release.CHECKS],
        jobs=[fetch_job, refresh_job, clean_up],
        schedules=[refresh_schedule, fetch_schedule(settings), clean_up_schedule(clean_up)],
        sensors=[landing_zone_sensor(settings), alerts_sensor(settings)],
        resources={
            "io_manager": ParquetIOManager(Warehouse(settings.warehouse)),
            "workbench": workbench_resource(settings, progress or LogProgress()),
        },
        executor=dg.in_process_executor,
    )
