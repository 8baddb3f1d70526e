"""The sensor ticks for weeks: neither memory nor disk grows."""

import gc
import os
from pathlib import Path

import dagster as dg

from lit_pipeline.defs.automation import landing_zone_sensor
from lit_pipeline.settings import Settings

N_TICKS = 2000
N_WARM_TICKS = 300
"""Ticks after which caches and allocators have what they keep."""

TICKS_A_CHANGE = 10
N_FILES = 50
MAX_GROWTH_BYTES = 12 * 1024**2
"""Growth that is noise of the allocators; a kilobyte kept a tick would be 2 MB, a frame kept a tick far more."""


def resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def stored(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_two_thousand_ticks_leave_memory_and_disk_as_they_were(tmp_path: Path) -> None:
    settings = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse", settle_seconds=0)
    settings.raw.mkdir()
    for number in range(N_FILES):
        (settings.raw / f"{number}.txt").write_text(f"page {number}", encoding="utf-8")
    sensor = landing_zone_sensor(settings)
    cursor, n_requests, first, memory = None, 0, {}, 0
    with dg.DagsterInstance.ephemeral() as instance:
        for tick in range(N_TICKS):
            if tick % TICKS_A_CHANGE == 1:
                (settings.raw / "0.txt").write_text(f"page of tick {tick:06d}", encoding="utf-8")
            if tick == N_WARM_TICKS:
                first, memory = stored(settings.warehouse), resident_bytes()
            result = sensor(dg.build_sensor_context(instance, cursor=cursor))
            assert isinstance(result, dg.SensorResult)
            cursor, n_requests = result.cursor, n_requests + len(result.run_requests or [])
    assert n_requests == N_TICKS // TICKS_A_CHANGE + 1
    assert len(cursor or "") < 200
    assert stored(settings.warehouse).keys() == first.keys()
    assert sum(stored(settings.warehouse).values()) < 2 * sum(first.values())
    assert resident_bytes() - memory < MAX_GROWTH_BYTES
