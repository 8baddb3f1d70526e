"""A run a day for a year leaves a store as small as what it holds."""

from pathlib import Path

import polars as pl

from lit_pipeline.storage.segments import KEY, MAX_SEGMENTS, SegmentStore

N_DAYS = 365
N_KEPT_DAYS = 30
"""Days that files stay in the landing zone here, so that keys go out of use."""


def key(day: int) -> str:
    return f"day-{day:03d}"


def test_a_year_of_daily_runs_leaves_few_segments_and_few_dead_keys(tmp_path: Path) -> None:
    store = SegmentStore(tmp_path / "store", {"numbers": pl.Schema({"n": pl.Int64()})})
    n_segments = []
    for day in range(N_DAYS):
        with store.writer() as writer:
            writer.append("numbers", pl.DataFrame({KEY: [key(day)] * 100, "n": range(100)}))
            writer.done([key(day)])
        live = pl.Series([key(kept) for kept in range(max(0, day - N_KEPT_DAYS + 1), day + 1)])
        store.compact(live)
        n_segments.append(len(list(store.folder.iterdir())))
        assert len(store.keys()) <= 2 * len(live) + 1
    assert max(n_segments) == MAX_SEGMENTS
    assert len(store.scan("numbers", live.to_frame(KEY)).collect()) == 100 * N_KEPT_DAYS
