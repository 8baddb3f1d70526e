"""Marts on tiny tables."""

from datetime import date
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from lit_pipeline.marts.daily import daily_papers
from lit_pipeline.marts.leaderboard import leaderboard
from lit_pipeline.marts.metrics import MetricsError, load_metrics
from lit_pipeline.marts.monthly import benchmark_monthly, model_monthly
from lit_pipeline.marts.newness import new_entities
from lit_pipeline.marts.pairs import model_benchmark
from lit_pipeline.marts.scores import benchmark_scores
from lit_pipeline.marts.search import search_papers, search_terms
from lit_pipeline.marts.succession import model_succession
from lit_pipeline.marts.trends import entity_trends, trending_models
from lit_pipeline.tables.entities import Entities, Mentions, Results
from lit_pipeline.tables.papers import Papers
from lit_pipeline.tables.published import MARTS
from lit_pipeline.tables.schema import conform, empty_frame, faults


def table(schema: type[dy.Schema], rows: list[dict[str, object]]) -> pl.LazyFrame:
    return pl.concat([empty_frame(schema), *(pl.DataFrame([row]) for row in rows)], how="diagonal_relaxed").lazy()


def papers(*days: date | None, **columns: list[object]) -> pl.LazyFrame:
    rows = [
        {"paper_id": f"p{n}", "title": f"Title {n}", "published_on": day, **{k: v[n] for k, v in columns.items()}}
        for n, day in enumerate(days)
    ]
    return table(Papers, rows)


def mentions(*named: tuple[str, str]) -> pl.LazyFrame:
    rows = [
        {"paper_id": paper, "entity_id": entity, "type": entity.split(":")[0], "start": n}
        for n, (paper, entity) in enumerate(named)
    ]
    return pl.LazyFrame(rows)


ENTITIES = pl.LazyFrame(
    {
        "entity_id": ["model:a", "model:b", "benchmark:x"],
        "type": ["model", "model", "benchmark"],
        "name": ["A", "B", "X"],
        "first_seen_on": [date(2025, 1, 1), date(2025, 3, 1), None],
        "introduced_by": ["p0", None, None],
        "n_papers": [2, 1, 1],
    }
)


def test_shares_are_of_the_months_papers_and_growth_is_of_shares() -> None:
    days = [date(2025, 1, 5), date(2025, 1, 9), date(2025, 2, 1), date(2025, 2, 2), date(2025, 2, 3), date(2025, 2, 4)]
    named = mentions(("p0", "model:a"), ("p2", "model:a"), ("p3", "model:a"), ("p4", "model:a"))
    rows = model_monthly(papers(*days), named, ENTITIES).collect()
    assert rows["papers"].to_list() == [1, 3]
    assert rows["share"].to_list() == [0.5, 0.75]
    assert rows["growth"].to_list() == [None, 0.5]


def test_a_month_without_papers_is_missing_and_one_without_mentions_is_zero() -> None:
    days = [date(2025, 1, 5), date(2025, 3, 5), date(2025, 4, 5)]
    rows = model_monthly(papers(*days), mentions(("p0", "model:a"), ("p2", "model:a")), ENTITIES).collect()
    assert rows["month"].to_list() == [date(2025, 1, 1), date(2025, 3, 1), date(2025, 4, 1)]
    assert rows["papers"].to_list() == [1, 0, 1]
    assert rows["growth"].to_list() == [None, None, None]


def test_benchmarks_and_models_are_apart() -> None:
    named = mentions(("p0", "model:a"), ("p0", "benchmark:x"))
    rows = benchmark_monthly(papers(date(2025, 1, 5)), named, ENTITIES).collect()
    assert rows["entity"].to_list() == ["X"]


def test_pairs_count_papers_that_name_both() -> None:
    named = mentions(("p0", "model:a"), ("p0", "model:a"), ("p0", "benchmark:x"), ("p1", "model:b"))
    rows = model_benchmark(papers(date(2025, 1, 5), date(2025, 1, 6)), named, ENTITIES).collect()
    assert rows.select("model", "benchmark", "papers").rows() == [("A", "X", 1)]


def test_new_entities_count_from_the_last_day_of_the_data() -> None:
    rows = new_entities(papers(date(2025, 3, 10)), ENTITIES, days=30).collect()
    assert rows["entity"].to_list() == ["B"]


def test_a_paper_is_listed_on_the_day_it_was_featured() -> None:
    listed = papers(date(2025, 1, 5), None, featured_on=[date(2025, 1, 8), None])
    rows = daily_papers(listed, mentions(("p0", "model:a")), ENTITIES, table(Results, [])).collect()
    assert rows.select("day", "models", "benchmarks", "n_results").rows() == [(date(2025, 1, 8), ["A"], [], 0)]


def result(value: float, model: str | None = "model:a", **more: object) -> dict[str, object]:
    return {
        "paper_id": "p0",
        "model_id": model,
        "benchmark_id": "benchmark:x",
        "metric": "accuracy",
        "value": value,
        "unit": "%",
        "kind": "score",
        "quote": "q",
        "start": int(value * 1000),
        "end": int(value * 1000) + 4,
        "confidence": 0.9,
        **more,
    }


PAPERS = papers(date(2025, 1, 5), date(2025, 2, 5))


def board(*results: dict[str, object]) -> pl.DataFrame:
    return leaderboard(PAPERS, ENTITIES, table(Results, list(results)), load_metrics()).collect()


def scores(*results: dict[str, object], user_folder: Path | None = None) -> pl.DataFrame:
    metrics = load_metrics(user_folder)
    return benchmark_scores(PAPERS, ENTITIES, table(Results, list(results)), metrics).collect()


def test_each_model_stands_with_its_best() -> None:
    rows = board(result(80.0), result(85.0), result(83.0, "model:b"))
    assert rows.select("rank", "model", "value").rows() == [(1, "A", 85.0), (2, "B", 83.0)]


def test_lower_is_better_where_the_metric_says_so() -> None:
    rows = board(result(12.0, metric="WER"), result(9.0, "model:b", metric="word error rate"))
    assert rows.select("rank", "model", "value").rows() == [(1, "B", 9.0), (2, "A", 12.0)]
    assert rows["metric"].n_unique() == 1


def test_an_impossible_value_has_no_rank() -> None:
    rows = board(result(120.0), result(83.0, "model:b"))
    assert rows.select("rank", "model", "implausible").rows() == [(1, "B", False), (None, "A", True)]


def test_a_model_with_a_plausible_value_stands_with_that() -> None:
    assert board(result(120.0), result(83.0))["value"].to_list() == [83.0]


def test_equal_values_share_a_rank() -> None:
    assert board(result(83.0), result(83.0, "model:b", start=1))["rank"].to_list() == [1, 1]


def test_of_equal_values_the_earlier_paper_is_named() -> None:
    later = result(83.0, paper_id="p1")
    assert board(later, result(83.0))["paper_id"].to_list() == ["p0"]


def test_a_board_says_whether_the_paper_introduced_the_model() -> None:
    rows = board(result(83.0), result(84.0, "model:b"))
    assert rows.select("model", "own_model").rows() == [("B", False), ("A", True)]


def test_fractions_of_a_metric_in_per_cent_are_percentages() -> None:
    row = scores(result(0.85, unit=None)).row(0, named=True)
    assert (row["value"], row["unit"], row["reported_value"], row["reported_unit"]) == (85.0, "%", 0.85, None)


def test_points_and_bare_numbers_of_a_metric_in_per_cent_are_percentages() -> None:
    rows = scores(result(85.0, unit=None), result(86.0, unit="points"))
    assert rows.select("value", "unit").rows() == [(85.0, "%"), (86.0, "%")]


def test_a_small_percentage_is_no_fraction() -> None:
    assert scores(result(0.5))["value"].to_list() == [0.5]


def test_a_bare_number_is_a_percentage_where_most_scores_of_the_benchmark_are() -> None:
    bare = result(80.0, metric=None, unit=None)
    assert scores(bare, result(85.0), result(3.0, metric="FID", unit=None)).filter(value=80.0)["unit"].to_list() == [
        "%"
    ]
    assert scores(bare, result(3.0, metric="FID", unit=None)).filter(value=80.0)["unit"].to_list() == [""]


def test_a_bare_number_that_may_be_a_fraction_stays_as_it_is() -> None:
    rows = scores(result(0.8, metric=None, unit=None), result(85.0)).filter(reported_value=0.8)
    assert rows.select("value", "unit").rows() == [(0.8, "")]


def test_a_metric_without_bounds_may_exceed_a_hundred() -> None:
    assert scores(result(130.0, unit=None, metric="perplexity"))["implausible"].to_list() == [False]


def test_words_that_say_no_more_than_score_are_one_metric() -> None:
    rows = scores(result(1.0, metric=None), result(2.0, metric="score"), result(3.0, metric="overall score"))
    assert rows["metric"].unique().to_list() == ["score"]


def test_a_metric_the_table_does_not_know_keeps_its_name() -> None:
    row = scores(result(3.0, metric="Wobbliness", unit=None)).row(0, named=True)
    assert (row["metric"], row["unit"], row["direction_from"]) == ("wobbliness", "", "assumed")


@pytest.mark.parametrize("metric", ["reconstructed FID", "average patch fid"])
def test_a_metric_the_table_knows_by_its_last_words_goes_their_way(metric: str) -> None:
    row = scores(result(3.0, metric=metric, unit=None)).row(0, named=True)
    assert (row["metric"], row["higher_is_better"], row["direction_from"]) == (metric.lower(), False, "metric")


def test_the_word_score_after_a_metric_adds_nothing() -> None:
    spellings = ["FID", "FID scores", "minimal FID", "the best FID score"]
    rows = scores(*(result(3.0 + at, metric=metric, unit=None) for at, metric in enumerate(spellings)))
    assert rows["metric"].to_list() == ["FID"] * 4


def test_a_known_name_is_not_taken_apart() -> None:
    row = scores(result(3.0, metric="word error rate")).row(0, named=True)
    assert (row["metric"], row["higher_is_better"]) == ("word error rate", False)


def test_an_unnamed_metric_goes_the_way_of_its_benchmark() -> None:
    rows = scores(result(9.0, metric="WER"), result(8.0, metric="WER"), result(7.0, metric=None))
    unnamed = rows.filter(metric="score").row(0, named=True)
    assert (unnamed["higher_is_better"], unnamed["direction_from"]) == (False, "benchmark")


def test_a_score_without_a_model_is_a_score_all_the_same() -> None:
    assert scores(result(50.0, model=None)).select("model", "value").rows() == [(None, 50.0)]


def test_gains_and_results_without_a_model_are_no_scores() -> None:
    assert board(result(5.0, kind="gain"), result(50.0, model_id=None)).is_empty()


@pytest.mark.parametrize("name", list(MARTS))
def test_empty_tables_give_empty_marts_of_the_declared_shape(name: str) -> None:
    none = {"papers": table(Papers, []), "mentions": table(Mentions, []), "entities": table(Entities, [])}
    results = table(Results, [])
    built = {
        "model_monthly": lambda: model_monthly(**none),
        "benchmark_monthly": lambda: benchmark_monthly(**none),
        "model_benchmark": lambda: model_benchmark(**none),
        "leaderboard": lambda: leaderboard(none["papers"], none["entities"], results, load_metrics()),
        "benchmark_scores": lambda: benchmark_scores(none["papers"], none["entities"], results, load_metrics()),
        "entity_trends": lambda: entity_trends(**none),
        "model_succession": lambda: model_succession(**none),
        "search_papers": lambda: search_papers(none["papers"]),
        "search_terms": lambda: search_terms(none["papers"]),
        "trending_models": lambda: trending_models(**none),
        "new_entities": lambda: new_entities(none["papers"], none["entities"], days=30),
        "daily_papers": lambda: daily_papers(**none, results=results),
    }[name]()
    frame = conform(built, MARTS[name]).collect()
    assert frame.is_empty()
    assert faults(frame, MARTS[name]) == {}


def test_a_users_metric_replaces_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("name,aliases,direction,unit,bounded\nWER,,up,,\n", encoding="utf-8")
    assert load_metrics(tmp_path).filter(alias="wer")["higher_is_better"].to_list() == [True]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,up,,", "name is missing"),
        ("B,,sideways,,", "direction is none of 'up', 'down'"),
        ("B,,,,", "direction is none of"),
        ("B,,up,percent,", "unit is none of '%', ''"),
        ("B,,up,%,perhaps", "bounded is none of"),
    ],
)
def test_a_wrong_row_of_a_metrics_file_is_named_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "metrics.csv").write_text(f"name,aliases,direction,unit,bounded\nA,,up,,\n{row}\n", encoding="utf-8")
    with pytest.raises(MetricsError, match=f"metrics.csv, line 3: .*{reason}"):
        load_metrics(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"name;aliases\n", b"name,aliases\na,b,c,d,e\n"])
def test_a_file_that_is_no_metrics_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "metrics.csv").write_bytes(content)
    with pytest.raises(MetricsError, match=r"metrics\.csv"):
        load_metrics(tmp_path)
