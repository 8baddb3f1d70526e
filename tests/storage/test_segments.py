"""Segments hold the rows of a key once, and count whole or not at all."""

from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.storage import segments
from lit_pipeline.storage.seal import FOLDER_SEAL, seal_folder
from lit_pipeline.storage.segments import KEY, SegmentStore

SCHEMAS = {"numbers": pl.Schema({"n": pl.Int64()}), "words": pl.Schema({"w": pl.String()})}


@pytest.fixture
def store(tmp_path: Path) -> SegmentStore:
    return SegmentStore(tmp_path / "store", SCHEMAS)


def rows(keys: list[str], values: list[int]) -> pl.DataFrame:
    return pl.DataFrame({KEY: keys, "n": values})


def add(store: SegmentStore, keys: list[str], values: list[int], done: list[str] | None = None) -> None:
    with store.writer() as writer:
        writer.append("numbers", rows(keys, values))
        writer.done(keys if done is None else done)


def stored(store: SegmentStore, keys: list[str]) -> list[int]:
    frame = store.scan("numbers", pl.DataFrame({KEY: keys}, schema={KEY: pl.String})).collect()
    return frame["n"].sort().to_list()


def test_an_empty_store_has_no_keys_and_no_rows(store: SegmentStore) -> None:
    assert store.keys().to_list() == []
    assert stored(store, ["a"]) == []


def test_rows_of_the_asked_keys_come_back(store: SegmentStore) -> None:
    add(store, ["a", "b"], [1, 2])
    add(store, ["c"], [3])
    assert stored(store, ["a", "c"]) == [1, 3]


def test_tables_of_one_segment_are_apart(store: SegmentStore) -> None:
    with store.writer() as writer:
        writer.append("numbers", rows(["a"], [1]))
        writer.append("words", pl.DataFrame({KEY: ["a"], "w": ["one"]}))
        writer.done(["a"])
    words = store.scan("words", pl.DataFrame({KEY: ["a"]})).collect()
    assert words["w"].to_list() == ["one"]
    assert stored(store, ["a"]) == [1]


def test_columns_of_the_asked_keys_are_joined(store: SegmentStore) -> None:
    add(store, ["a"], [1])
    asked = pl.DataFrame({KEY: ["a"], "source_file": ["renamed.txt"]})
    assert store.scan("numbers", asked).collect()["source_file"].to_list() == ["renamed.txt"]


def test_a_key_without_rows_is_not_missing(store: SegmentStore) -> None:
    add(store, [], [], done=["empty"])
    assert store.missing(pl.Series(["empty", "new"])).to_list() == ["new"]


def test_a_segment_whose_writing_failed_does_not_count(store: SegmentStore) -> None:
    with pytest.raises(RuntimeError, match="disk"), store.writer() as writer:
        writer.append("numbers", rows(["a"], [1]))
        writer.done(["a"])
        raise RuntimeError("disk")
    assert store.keys().to_list() == []
    assert stored(store, ["a"]) == []


def test_leftovers_of_a_killed_run_are_removed_by_the_next(store: SegmentStore) -> None:
    leftover = store.folder / ".part-old"
    leftover.mkdir(parents=True)
    rows(["a"], [1]).write_parquet(leftover / "numbers-000000.parquet")
    add(store, ["b"], [2])
    assert store.keys().to_list() == ["b"]
    assert not leftover.exists()


def test_compacting_keeps_live_rows_alone(store: SegmentStore) -> None:
    add(store, ["a", "b", "c"], [1, 2, 3])
    add(store, ["d"], [4])
    assert store.compact(live=pl.Series(["d"]))
    assert store.keys().to_list() == ["d"]
    assert stored(store, ["a", "d"]) == [4]


def test_compacting_is_left_where_it_is_not_worth_it(store: SegmentStore) -> None:
    add(store, ["a", "b"], [1, 2])
    assert not store.compact(live=pl.Series(["a", "b"]))


def test_many_segments_become_one(store: SegmentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_SEGMENTS", 2)
    for n in range(4):
        add(store, [f"k{n}"], [n])
    assert store.compact(live=store.keys())
    assert len(list(store.folder.iterdir())) == 1
    assert stored(store, ["k0", "k1", "k2", "k3"]) == [0, 1, 2, 3]


def test_segments_that_a_compaction_superseded_do_not_count_twice(store: SegmentStore) -> None:
    add(store, ["a"], [1])
    superseded = next(store.folder.iterdir())
    copy = store.folder.parent / "copy"
    superseded.rename(copy)
    with store.writer() as writer:
        writer.append("numbers", rows(["a"], [1]))
        writer.done(["a", "b"])
    newer = next(store.folder.iterdir())
    (newer / segments.SUPERSEDES_FILE).write_text(superseded.name, encoding="utf-8")
    seal_folder(newer)
    copy.rename(superseded)
    assert stored(store, ["a"]) == [1]
    assert not superseded.exists()


def test_many_small_batches_become_one_file(store: SegmentStore) -> None:
    with store.writer() as writer:
        for n in range(50):
            writer.append("numbers", rows([f"k{n:02d}"], [n]))
            writer.done([f"k{n:02d}"])
    assert len(list(store.folder.glob("*/numbers-*.parquet"))) == 1
    assert stored(store, [f"k{n:02d}" for n in range(50)]) == list(range(50))


@pytest.mark.parametrize("rows_a_file", [1, 100])
def test_rows_of_a_dropped_key_are_never_stored(
    store: SegmentStore, monkeypatch: pytest.MonkeyPatch, rows_a_file: int
) -> None:
    monkeypatch.setattr(segments, "ROWS_A_FILE", rows_a_file)
    with store.writer() as writer:
        writer.append("numbers", rows(["cut"], [1]))
        writer.drop("cut")
        writer.append("numbers", rows(["whole"], [2]))
        writer.done(["whole"])
    add(store, ["cut"], [3])
    assert stored(store, ["cut", "whole"]) == [2, 3]


def test_a_segment_with_a_flipped_bit_is_dropped(store: SegmentStore) -> None:
    add(store, ["a"], [1])
    add(store, ["b"], [2])
    path = next(path for path in store.folder.glob("*/numbers-*.parquet") if pl.read_parquet(path)["n"][0] == 1)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert store.drop_damaged() == [path.parent]
    assert store.keys().to_list() == ["b"]


@pytest.mark.parametrize("lost", [FOLDER_SEAL, segments.KEYS_FILE, "numbers-000000.parquet"])
def test_a_segment_that_lost_a_file_is_dropped(store: SegmentStore, lost: str) -> None:
    add(store, ["a"], [1])
    (next(store.folder.iterdir()) / lost).unlink()
    assert len(store.drop_damaged()) == 1
    assert store.missing(pl.Series(["a"])).to_list() == ["a"]


def test_whole_segments_are_kept(store: SegmentStore) -> None:
    add(store, ["a"], [1])
    assert store.drop_damaged() == []
    assert stored(store, ["a"]) == [1]


@pytest.mark.parametrize("step", ["_commit", "_segments"])
def test_a_compaction_that_is_cut_changes_no_rows(
    store: SegmentStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before the new segment counts, and after it counts while the old ones are still there."""
    monkeypatch.setattr(segments, "MAX_SEGMENTS", 2)
    for n in range(4):
        add(store, [f"k{n}"], [n])

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    live = store.keys()
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        if step == "_commit":
            patched.setattr(SegmentStore, "_commit", cut)
        else:
            patched.setattr("shutil.rmtree", cut)
        store.compact(live)
    assert stored(store, ["k0", "k1", "k2", "k3"]) == [0, 1, 2, 3]
    assert len(list(store.folder.glob("[!.]*"))) == (4 if step == "_commit" else 1)
