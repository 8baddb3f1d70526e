"""The five real pages, where they are there: exact counts."""

from pathlib import Path

import pytest

from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import Settings
from lit_pipeline.storage.warehouse import Warehouse
from tests.pipeline.conftest import Run

RECORDS = {"000": 32, "001": 106, "002": 79, "003": 247, "004": 45}


@pytest.fixture(scope="module")
def seeds(shared: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("seeds")
    settings = Settings(raw=shared / "raw" / "seeds", warehouse=folder)
    assert run(settings).success
    return Warehouse(folder)


def test_each_page_gives_its_records(seeds: Warehouse) -> None:
    files = published_frame(seeds, "raw_files")
    assert {name[:3]: n for name, n in files.select("source_file", "n_records").iter_rows()} == RECORDS


def test_509_records_are_443_papers(seeds: Warehouse) -> None:
    assert len(published_frame(seeds, "paper_records")) == 509
    assert len(published_frame(seeds, "papers")) == 443


def test_nothing_is_rejected(seeds: Warehouse) -> None:
    assert published_frame(seeds, "rejected_files").is_empty()
    assert published_frame(seeds, "rejected_records").is_empty()


def test_look_alikes_stay_apart(seeds: Warehouse) -> None:
    titles = published_frame(seeds, "papers")["title"]
    assert titles.str.contains(r"^(B-)?PROP: ").sum() == 2
    assert titles.str.contains(r"^Qwen2\.5(-1M)? Technical Report$").sum() == 2


def test_yearless_dates_are_of_the_year_of_the_capture(seeds: Warehouse) -> None:
    papers = published_frame(seeds, "papers").filter(
        title="Should We Still Pretrain Encoders with Masked Language Modeling?"
    )
    assert str(papers["published_on"][0]) == "2025-07-01"
    assert papers["published_on_inferred"][0]
    assert papers["n_comments"][0] == 9
