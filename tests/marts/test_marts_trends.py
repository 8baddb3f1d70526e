"""What rises, falls and is replaced, on tiny tables."""

from datetime import date, timedelta

import polars as pl
import pytest

from lit_pipeline.marts.succession import model_succession
from lit_pipeline.marts.trends import entity_trends, false_discovery, trending_models
from lit_pipeline.marts.windows import PAST_DAYS, RECENT_DAYS, last_day, windows_of

LAST_DAY = date(2025, 6, 30)
PAST, RECENT = LAST_DAY - timedelta(days=200), LAST_DAY


def papers(*days: date | None) -> pl.LazyFrame:
    ids = [f"p{number}" for number in range(len(days))]
    return pl.LazyFrame({"paper_id": ids, "published_on": days}, schema_overrides={"published_on": pl.Date})


def mentions(**numbers: list[int]) -> pl.LazyFrame:
    rows = [
        {"paper_id": f"p{number}", "entity_id": f"model:{name}"}
        for name, papers in numbers.items()
        for number in papers
    ]
    return pl.LazyFrame(rows, schema={"paper_id": pl.String, "entity_id": pl.String})


def entities(*names: str, entity_type: str = "model") -> pl.LazyFrame:
    rows = [
        {"entity_id": f"model:{name}", "type": entity_type, "name": name.upper(), "family": name[0]} for name in names
    ]
    return pl.LazyFrame(rows)


def test_the_windows_end_with_the_data_and_meet() -> None:
    windows = windows_of(papers(LAST_DAY, LAST_DAY - timedelta(days=RECENT_DAYS), None))
    assert windows is not None
    assert (LAST_DAY - windows.recent_from).days == RECENT_DAYS - 1
    assert (windows.recent_from - windows.past_from).days == PAST_DAYS
    assert (windows.n_past, windows.n_recent) == (1, 1)


def test_a_single_date_far_ahead_does_not_move_the_end_of_the_data() -> None:
    days = [LAST_DAY - timedelta(days=3), LAST_DAY - timedelta(days=2), LAST_DAY, LAST_DAY + timedelta(days=40)]
    assert last_day(papers(*days)) == LAST_DAY


def test_few_papers_end_with_the_latest() -> None:
    assert last_day(papers(PAST, LAST_DAY)) == LAST_DAY
    assert last_day(papers(None)) is None


def test_papers_after_the_end_of_the_data_are_in_no_window() -> None:
    windows = windows_of(papers(PAST, LAST_DAY, LAST_DAY, LAST_DAY, LAST_DAY + timedelta(days=40)))
    assert windows is not None
    assert (windows.n_past, windows.n_recent) == (1, 3)


def test_without_papers_in_the_past_nothing_rises() -> None:
    frame = entity_trends(papers(RECENT, RECENT, RECENT), mentions(a=[0, 1, 2]), entities("a")).collect()
    assert frame.is_empty()


def test_a_name_whose_papers_all_fall_into_the_recent_window_rises() -> None:
    days = papers(*[PAST] * 40, *[RECENT] * 10)
    row = entity_trends(days, mentions(a=list(range(40, 50))), entities("a")).collect().row(0, named=True)
    assert (row["direction"], row["recent_share"], row["past_share"], row["lift"]) == ("rising", 1.0, 0.0, None)
    one_of_fifty_choose_ten = 1 / 10272278170
    assert row["p_value"] == pytest.approx(2 * one_of_fifty_choose_ten, rel=1e-6)


def test_a_name_that_recent_papers_leave_falls() -> None:
    days = papers(*[PAST] * 10, *[RECENT] * 10)
    row = entity_trends(days, mentions(a=[0, 1, 2]), entities("a")).collect().row(0, named=True)
    assert row["direction"] == "falling"
    assert row["p_value"] == pytest.approx(2 * (10 * 9 * 8) / (20 * 19 * 18))


def test_more_papers_in_a_bigger_window_are_no_rise() -> None:
    days = papers(*[PAST] * 10, *[RECENT] * 30)
    row = entity_trends(days, mentions(a=[0, 10, 11, 12]), entities("a")).collect().row(0, named=True)
    assert (row["direction"], row["lift"], row["p_value"]) == ("steady", 1.0, 1.0)


def test_a_name_of_two_papers_is_not_tested() -> None:
    days = papers(PAST, RECENT, RECENT)
    assert entity_trends(days, mentions(a=[1, 2]), entities("a")).collect().is_empty()


def test_two_mentions_in_one_paper_count_once() -> None:
    days = papers(*[PAST] * 3, *[RECENT] * 3)
    row = entity_trends(days, mentions(a=[0, 0, 1, 2, 3]), entities("a")).collect().row(0, named=True)
    assert (row["past_papers"], row["recent_papers"]) == (3, 1)


def test_q_values_are_corrected_within_a_type() -> None:
    days = papers(*[PAST] * 40, *[RECENT] * 10)
    named = mentions(a=list(range(40, 50)), b=[0, 1, 2, 40], c=list(range(40, 50)))
    known = pl.concat([entities("a", "b"), entities("c", entity_type="method")])
    rows = {row["entity"]: row for row in entity_trends(days, named, known).collect().iter_rows(named=True)}
    assert rows["A"]["q_value"] == pytest.approx(2 * rows["A"]["p_value"])
    assert rows["C"]["q_value"] == rows["C"]["p_value"]


def test_q_values_never_fall_as_p_values_rise() -> None:
    p_values = pl.DataFrame({"p": [0.01, 0.04, 0.041, 0.9]})
    q_values = p_values.select(false_discovery(pl.col("p"))).to_series().to_list()
    assert q_values == pytest.approx([0.04, 0.041 * 4 / 3, 0.041 * 4 / 3, 0.9])


def test_only_rising_models_trend_the_surest_first() -> None:
    days = papers(*[PAST] * 40, *[RECENT] * 10)
    named = mentions(a=[0, 41, 42, 43], b=list(range(40, 50)), c=[0, 1, 2], d=list(range(40, 50)))
    known = pl.concat([entities("a", "b", "c"), entities("d", entity_type="method")])
    rows = trending_models(days, named, known).collect()
    assert rows.select("rank", "entity").rows() == [(1, "B"), (2, "A")]


OLD, MIDDLE, NEW = date(2024, 9, 1), date(2025, 1, 1), date(2025, 6, 1)
SUCCESSION = papers(*[OLD] * 4, *[MIDDLE] * 4, *[NEW] * 6)


def succession(**named: list[int]) -> pl.DataFrame:
    return model_succession(SUCCESSION, mentions(**named), entities(*named)).collect()


def test_a_newer_model_of_the_family_replaces_an_older_one() -> None:
    row = succession(a1=[0, 1, 2, 4, 8], a2=[5, 6, 9, 10, 11]).row(0, named=True)
    assert (row["older"], row["newer"], row["family"]) == ("A1", "A2", "a")
    assert (row["older_papers_before"], row["older_recent_papers"], row["newer_recent_papers"]) == (3, 1, 3)
    assert row["overtaken_in"] == MIDDLE
    assert row["p_value"] == pytest.approx((1 + 4) / 2**4)


@pytest.mark.parametrize("older_in_the_middle", [[4], [4, 6]])
def test_a_month_of_a_draw_or_behind_is_not_yet_overtaken(older_in_the_middle: list[int]) -> None:
    row = succession(a1=[0, 1, 2, *older_in_the_middle], a2=[5, 9, 10, 11]).row(0, named=True)
    assert row["overtaken_in"] == NEW


def test_versions_of_one_line_are_told_from_other_names_of_the_family() -> None:
    rows = succession(a1=[0, 1, 2], ax=[0, 1, 3], a2=[5, 9, 10, 11, 12])
    assert rows.sort("older").select("older", "same_line").rows() == [("A1", True), ("AX", False)]


def test_a_newer_model_that_recent_papers_name_less_replaces_nothing() -> None:
    assert succession(a1=[0, 1, 2, 8, 9, 10, 11], a2=[5, 11, 12, 13]).is_empty()


def test_a_model_that_was_not_in_use_before_is_not_replaced() -> None:
    assert succession(a1=[0, 1], a2=[5, 9, 10, 11, 12]).is_empty()


def test_models_of_two_families_do_not_replace_each_other() -> None:
    assert succession(a1=[0, 1, 2], b2=[5, 9, 10, 11, 12]).is_empty()
