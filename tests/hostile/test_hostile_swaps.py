"""What is read is what was checked: links that come into the place of files and folders in between lead nowhere."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.ingest import opening
from lit_pipeline.ingest.landing import Landing, RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.opening import OutsideLandingZoneError, ReplacedError, list_landed, open_landed
from lit_pipeline.ingest.read import FileRejected, read_file

LIMITS = Limits()
LINE = b'{"id":"2501.00001","title":"A title","categories":"cs.CL"}\n'
SECRET = b'{"id":"2501.00002","title":"Secret!","categories":"cs.CL"}\n'
"""As long as the line, so that the size does not tell them apart."""

Swap = Callable[[Path], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A landing zone with a page in a folder, and a folder outside with a secret of the same name, size and time."""
    for folder, content in (("raw/day", LINE), ("outside", SECRET)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "page").write_bytes(content)
        os.utime(tmp_path / folder / "page", (1, 1))
    return tmp_path / "raw"


def swap_file(root: Path) -> None:
    (root / "day/page").unlink()
    (root / "day/page").symlink_to(root.parent / "outside/page")


def swap_folder(root: Path) -> None:
    (root / "day").rename(root.parent / "day")
    (root / "day").symlink_to(root.parent / "outside")


swaps = pytest.mark.parametrize("swap", [swap_file, swap_folder])


def between(monkeypatch: pytest.MonkeyPatch, root: Path, swap: Swap, part: str) -> None:
    """Swap once, after a path was checked and before the system opens its last part."""
    descend = opening._descend
    pending = [swap]

    def late(folder: Path, parts: Sequence[str], flags: int) -> int:
        if parts and parts[-1] == part and pending:
            pending.pop()(root)
        return descend(folder, parts, flags)

    monkeypatch.setattr(opening, "_descend", late)


def scanned(root: Path) -> RawFile:
    return RawFile.from_row(scan(root, LIMITS).files.row(0, named=True))


def reasons(landing: Landing) -> dict[str, str]:
    return dict(landing.rejected.select("source_file", "reason").iter_rows())


@swaps
def test_a_swap_leads_outside_for_whoever_opens_the_path_itself(root: Path, swap: Swap) -> None:
    swap(root)
    assert (root / "day/page").read_bytes() == SECRET


@swaps
def test_a_link_that_comes_between_check_and_opening_is_not_followed(
    root: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap
) -> None:
    between(monkeypatch, root, swap, "page")
    with pytest.raises(ReplacedError):
        open_landed(root, root / "day/page")


@swaps
def test_a_link_that_came_before_the_check_is_told_as_such(root: Path, swap: Swap) -> None:
    swap(root)
    with pytest.raises(OutsideLandingZoneError):
        open_landed(root, root / "day/page")


@swaps
def test_a_file_that_is_swapped_while_it_is_read_counts_as_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap
) -> None:
    file = scanned(root)
    between(monkeypatch, root, swap, "page")
    with pytest.raises(FileRejected) as caught:
        list(read_file(root, file, LIMITS))
    assert caught.value.reason == "changed"


@swaps
def test_a_file_that_is_swapped_while_it_is_scanned_is_not_hashed(
    root: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap
) -> None:
    between(monkeypatch, root, swap, "page")
    found = scan(root, LIMITS)
    assert found.files.is_empty()
    assert reasons(found) == {"day/page": "changed"}


def test_a_folder_that_is_swapped_while_it_is_listed_tells_no_names(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, root, swap_folder, "day")
    with pytest.raises(ReplacedError):
        list_landed(root, root / "day")


def test_a_sidecar_that_is_swapped_dates_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / "outside/note").write_text("captured_on = 2025-01-01")
    sidecar = root / "day/page.meta.toml"
    sidecar.write_text("captured_on = 2025-02-02")

    def swap_sidecar(_: Path) -> None:
        sidecar.unlink()
        sidecar.symlink_to(root.parent / "outside/note")

    between(monkeypatch, root, swap_sidecar, sidecar.name)
    found = scan(root, LIMITS)
    assert found.files["captured_on"].to_list() == [None]
    assert reasons(found) == {"day/page.meta.toml": "changed"}


def test_a_file_that_grows_over_the_limit_while_it_is_scanned_is_not_hashed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(_: Path) -> None:
        (root / "day/page").write_bytes(LINE * 2)

    between(monkeypatch, root, grow, "page")
    assert reasons(scan(root, Limits(max_file_bytes=len(LINE)))) == {"day/page": "too_large"}


def test_a_link_inside_the_landing_zone_is_read(root: Path) -> None:
    (root / "again").symlink_to("day/page")
    found = scan(root, LIMITS)
    assert found.files["source_file"].to_list() == ["again"]
    (batch,) = read_file(root, scanned(root), LIMITS)
    assert batch.records["raw_title"].to_list() == ["A title"]


def test_no_descriptor_is_left_open(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def n_open() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = n_open()
    file = scanned(root)
    list(read_file(root, file, LIMITS))
    between(monkeypatch, root, swap_folder, "page")
    with pytest.raises(FileRejected):
        list(read_file(root, file, LIMITS))
    assert n_open() == before


def test_a_landing_zone_that_is_itself_a_link_is_read(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    assert scan(root.parent / "link", LIMITS).files.equals(scan(root, LIMITS).files)
    (batch,) = read_file(root.parent / "link", scanned(root), LIMITS)
    assert isinstance(batch.records, pl.DataFrame)
