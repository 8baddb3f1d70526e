import polars as pl
import pytest

from lit_pipeline.bench import dedup as bench


def test_made_up_records_are_the_same_for_a_seed() -> None:
    first, again = (pl.concat(bench.made_up_records(300, seed=4)) for _ in range(2))
    assert first.equals(again)
    assert len(first) == 300


def test_a_quarter_of_made_up_records_are_copies() -> None:
    records = pl.concat(bench.made_up_records(400, seed=4))
    assert len(records) - records["paper"].n_unique() == 100


def test_our_own_way_finds_the_copies() -> None:
    (measured,) = bench.scaling((2_000,), seed=2).to_dicts()
    assert measured["records"] == 2_000
    assert measured["copies_found"] > 0.99


def test_a_missing_library_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "ENGINES", {"no_such_library": bench.ENGINES["rensa"]})
    (row,) = bench.compare_engines(100).to_dicts()
    assert row["note"] == "no_such_library is not installed; it is in the extra 'bench'"
    assert row["seconds"] is None


def test_the_exponent_of_a_linear_run_is_one() -> None:
    scaled = pl.DataFrame({"records": [10, 100, 1000], "seconds": [0.2, 2.0, 20.0]})
    assert bench.exponent(scaled) == pytest.approx(1.0)
