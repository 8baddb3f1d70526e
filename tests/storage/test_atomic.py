"""Files appear whole or not at all."""

from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.storage.atomic import atomic_path, remove_leftovers, swap_symlink, write_parquet


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "table.parquet"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="cut"), atomic_path(target) as temporary:
        temporary.write_text("new", encoding="utf-8")
        raise RuntimeError("cut")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("lazy", [True, False])
def test_frames_are_written_whole(tmp_path: Path, lazy: bool) -> None:
    frame = pl.DataFrame({"n": [1, 2]})
    write_parquet(frame.lazy() if lazy else frame, tmp_path / "deep" / "table.parquet")
    assert pl.read_parquet(tmp_path / "deep" / "table.parquet").equals(frame)


def test_a_link_moves_to_its_new_target(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        swap_symlink(tmp_path / "link", name)
    assert (tmp_path / "link").read_text(encoding="utf-8") == "two"


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".table.parquet.part-0a0b0c0d").touch()
    (tmp_path / ".part-new" / "deep").mkdir(parents=True)
    (tmp_path / "table.part-of-a-name").touch()
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["table.part-of-a-name"]
