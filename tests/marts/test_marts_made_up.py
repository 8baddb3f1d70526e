"""What holds for every mart whatever the data: on made-up tables of a few thousand papers."""

import polars as pl
import pytest

from lit_pipeline.bench.marts import BUILDERS, SEARCH_BUILDERS, made_up_tables, made_up_texts, time_builders
from lit_pipeline.tables.published import MARTS
from lit_pipeline.tables.schema import conform, faults

N_PAPERS = 6000
TABLES = made_up_tables(N_PAPERS)
TEXTS = made_up_texts(100)

EVERY = BUILDERS | SEARCH_BUILDERS


def built(name: str, tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    return conform(EVERY[name](tables), MARTS[name]).collect()


def tables_of(name: str) -> dict[str, pl.LazyFrame]:
    return TEXTS if name in SEARCH_BUILDERS else TABLES


@pytest.mark.parametrize("name", EVERY)
def test_rows_keep_what_is_declared(name: str) -> None:
    frame = built(name, tables_of(name))
    assert not frame.is_empty()
    assert faults(frame, MARTS[name]) == {}


@pytest.mark.parametrize("name", EVERY)
def test_the_order_of_rows_makes_no_difference(name: str) -> None:
    shuffled = {
        table: frame.collect().sample(fraction=1, shuffle=True, seed=7).lazy()
        for table, frame in tables_of(name).items()
    }
    assert built(name, shuffled).equals(built(name, tables_of(name)))


def test_a_score_leads_its_board_and_no_implausible_one_does() -> None:
    board = built("leaderboard", TABLES)
    first = board.filter(rank=1)
    assert not first["implausible"].any()
    beaten = board.join(first, on=["benchmark_id", "metric", "unit"], suffix="_first").filter(~pl.col("implausible"))
    signed = pl.when("higher_is_better").then(1).otherwise(-1)
    assert beaten.filter(signed * pl.col("value") > signed * pl.col("value_first")).is_empty()


def test_papers_of_a_month_add_up_to_all_papers() -> None:
    months = built("model_monthly", TABLES).unique("month")
    assert months["papers_of_month"].sum() == N_PAPERS


def test_counts_of_words_add_up_to_the_lengths_of_papers() -> None:
    counts = built("search_terms", TEXTS).select(pl.col("paper_numbers", "counts").explode())
    lengths = counts.group_by(paper_number="paper_numbers").agg(length=pl.col("counts").sum())
    assert lengths.sort("paper_number").equals(built("search_papers", TEXTS).select("paper_number", "length"))


def test_the_same_seed_makes_the_same_tables() -> None:
    again = made_up_tables(N_PAPERS)
    assert all(again[name].collect().equals(frame.collect()) for name, frame in TABLES.items())
    assert not made_up_tables(N_PAPERS, seed=1)["papers"].collect().equals(TABLES["papers"].collect())


def test_every_builder_is_timed() -> None:
    assert time_builders(BUILDERS, TABLES)["table"].to_list() == list(BUILDERS)
