"""What counts as a version of the extractor, and which scores are those of the published one."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.evaluation.release import RELEASE_SCORES, sample_version
from lit_pipeline.stages.scoring import package_version, published_scores
from lit_pipeline.stages.stores import Stores
from lit_pipeline.storage.segments import KEY
from lit_pipeline.storage.warehouse import Warehouse

NOON = datetime(2026, 3, 1, 12)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(Warehouse(tmp_path))


def remember(stores: Stores, key: str, f1: float, *, hour: int, version: str = "v1", sample: str | None = None) -> None:
    row = pl.DataFrame([("model", f1, 0.0, 1.0, 9)], schema=RELEASE_SCORES, orient="row").with_columns(
        pl.lit(key).alias(KEY),
        extractor_version=pl.lit(version),
        sample=pl.lit(sample or sample_version()),
        scored_at=pl.lit(NOON.replace(hour=hour)),
    )
    with stores.scored.writer() as writer:
        writer.append("scores", row)
        writer.done([key])


def test_the_scores_of_the_published_version_are_the_last_before_it_was_published(stores: Stores) -> None:
    remember(stores, "first", 0.7, hour=10)
    remember(stores, "second", 0.8, hour=11)
    remember(stores, "tried later", 0.2, hour=13)
    assert published_scores("v1", NOON, stores)["f1"].to_list() == [0.8]


def test_scores_of_other_versions_and_other_samples_are_not_compared(stores: Stores) -> None:
    remember(stores, "other version", 0.7, hour=10, version="v0")
    remember(stores, "other sample", 0.8, hour=11, sample="older labels")
    assert published_scores("v1", NOON, stores).is_empty()


@pytest.mark.parametrize("change", ["content", "name", "new file"])
def test_any_change_of_the_package_is_another_version(tmp_path: Path, change: str) -> None:
    (tmp_path / "link.py").write_text("one", encoding="utf-8")
    before = package_version(tmp_path)
    assert package_version(tmp_path) == before
    if change == "content":
        (tmp_path / "link.py").write_text("two", encoding="utf-8")
    elif change == "name":
        (tmp_path / "link.py").rename(tmp_path / "linker.py")
    else:
        (tmp_path / "weights.csv").write_text("", encoding="utf-8")
    assert package_version(tmp_path) != before


def test_compiled_files_are_no_part_of_a_version(tmp_path: Path) -> None:
    before = package_version(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "link.pyc").write_bytes(b"compiled")
    assert package_version(tmp_path) == before
