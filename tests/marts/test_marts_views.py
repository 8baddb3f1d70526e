"""Views and macros answer the questions they are named for."""

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import polars as pl
import pytest

from lit_pipeline.marts.metrics import load_metrics
from lit_pipeline.marts.pairs import model_benchmark
from lit_pipeline.marts.scores import benchmark_scores
from lit_pipeline.marts.search import search_papers, search_terms
from lit_pipeline.marts.views import MACROS, VIEWS
from lit_pipeline.publish.database import create_table_sql
from lit_pipeline.tables.entities import Entities, Mentions, Results
from lit_pipeline.tables.marts import BenchmarkScores, ModelBenchmark, SearchPapers, SearchTerms
from lit_pipeline.tables.papers import PaperRecords, Papers
from lit_pipeline.tables.schema import conform, polars_schema

PAPERS = [
    ("arxiv:1", "Alpha: a small model", date(2024, 3, 1)),
    ("arxiv:2", "Beta: a larger model", date(2024, 5, 1)),
    ("arxiv:3", "On agents", date(2025, 1, 5)),
    ("arxiv:4", "Quiz, a new benchmark", date(2025, 1, 20)),
    ("arxiv:6", "On nothing", date(2025, 1, 21)),
    ("arxiv:7", "From the future, by a wrong date", date(2035, 1, 1)),
    ("title:5", "Undated", None),
]
ENTITIES = [
    ("model:alpha", "model", "Alpha", ["ALPHA-1"], "arxiv:1", date(2024, 3, 1)),
    ("model:beta", "model", "Beta", [], "arxiv:2", date(2024, 5, 1)),
    ("benchmark:exam", "benchmark", "Exam", [], None, date(2024, 3, 1)),
    ("benchmark:quiz", "benchmark", "Quiz", [], "arxiv:4", date(2025, 1, 20)),
]
MENTIONS = [
    ("arxiv:1", "model:alpha", "title", 0),
    ("arxiv:1", "model:alpha", "abstract", 0),
    ("arxiv:1", "benchmark:exam", "abstract", 10),
    ("arxiv:2", "model:beta", "title", 0),
    ("arxiv:2", "benchmark:exam", "abstract", 0),
    ("arxiv:4", "benchmark:quiz", "title", 0),
    ("arxiv:4", "benchmark:exam", "abstract", 0),
    ("arxiv:4", "model:alpha", "abstract", 8),
]
SCORES = [
    ("arxiv:1", "model:alpha", 60.0, 100),
    ("arxiv:2", "model:beta", 55.0, 100),
    ("arxiv:2", "model:beta", 900.0, 120),
    ("arxiv:3", None, 70.0, 100),
    ("arxiv:4", "model:alpha", 65.0, 100),
]


def frames() -> dict[str, pl.LazyFrame]:
    papers = pl.LazyFrame(
        [
            {"paper_id": paper, "title": title, "published_on": day, "n_records": 1, "first_source_file": "a.txt"}
            for paper, title, day in PAPERS
        ],
        schema_overrides={"published_on": pl.Date},
    )
    names = ["entity_id", "type", "name", "aliases", "introduced_by", "first_seen_on"]
    mentions = [
        {"paper_id": paper, "entity_id": entity, "type": entity.split(":")[0], "field": field, "start": start}
        for paper, entity, field, start in MENTIONS
    ]
    results = [
        {"paper_id": paper, "model_id": model, "benchmark_id": "benchmark:exam", "value": value, "start": start}
        for paper, model, value, start in SCORES
    ]
    records = [
        {"record_id": f"r:{number}", "paper_id": paper, "source_file": "day/a.txt", "position": number, "line_start": 7}
        for number, (paper, _, _) in enumerate(PAPERS)
    ]
    found = {"confidence": 0.9, "found_by": "rule", "surface": "s", "end": 200}
    reported = {"metric": "accuracy", "unit": "%", "kind": "score", "quote": "q", "end": 200, "confidence": 0.9}
    kept = {"source_sha256": "0", "source_format": "listing", "raw_title": "t", "matched_by": "self"}
    return {
        "papers": papers.with_columns(published_on_inferred=pl.lit(value=False)),
        "entities": pl.LazyFrame(ENTITIES, schema=names, orient="row").with_columns(n_papers=pl.lit(1)),
        "mentions": pl.LazyFrame(mentions).with_columns(**_constants(found)),
        "results": pl.LazyFrame(results).with_columns(**_constants(reported)),
        "paper_records": pl.LazyFrame(records).with_columns(**_constants(kept)),
    }


def _constants(values: Mapping[str, object]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in values.items()}


TABLES = {
    "papers": Papers,
    "entities": Entities,
    "mentions": Mentions,
    "results": Results,
    "paper_records": PaperRecords,
    "model_benchmark": ModelBenchmark,
    "benchmark_scores": BenchmarkScores,
    "search_papers": SearchPapers,
    "search_terms": SearchTerms,
}


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    filled = {
        name: conform(
            pl.concat([pl.LazyFrame(schema=polars_schema(TABLES[name])), frame], how="diagonal_relaxed"), TABLES[name]
        )
        for name, frame in frames().items()
    }
    papers, mentions, entities, results = (filled[name] for name in ("papers", "mentions", "entities", "results"))
    filled["model_benchmark"] = model_benchmark(papers, mentions, entities)
    filled["benchmark_scores"] = benchmark_scores(papers, entities, results, load_metrics())
    filled["search_papers"] = search_papers(papers)
    filled["search_terms"] = search_terms(papers)
    with duckdb.connect() as connection:
        for name, table in TABLES.items():
            connection.execute(create_table_sql(name, table))
            connection.register("filled", conform(filled[name], table).collect())
            connection.execute(f"insert into {name} by name from filled")
        for name, (_, query) in VIEWS.items():
            connection.execute(f"create view {name} as {query}")
        for _, statement in MACROS.values():
            connection.execute(statement)
        yield connection


def rows(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return database.execute(query).fetchall()


def test_every_description_is_one_sentence() -> None:
    assert [name for name, (text, _) in (VIEWS | MACROS).items() if not text.endswith(".") or "\n" in text] == []


def test_a_name_is_found_by_its_aliases(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select spelling from entity_names where entity_id = 'model:alpha' order by all")
    assert found == [("ALPHA-1",), ("Alpha",)]


def test_an_entity_is_found_whatever_the_case_and_punctuation(database: duckdb.DuckDBPyConnection) -> None:
    assert rows(database, "select name from entity('alpha 1')") == [("Alpha",)]


def test_introductions_name_the_paper(database: duckdb.DuckDBPyConnection) -> None:
    assert rows(database, "select paper_id from introductions where entity = 'Quiz'") == [("arxiv:4",)]


def test_a_paper_and_entity_stand_once_with_their_mentions(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        database, "select entity, mentions, in_title from paper_entities where paper_id = 'arxiv:1' order by 1"
    )
    assert found == [("Alpha", 2, True), ("Exam", 1, False)]


def test_what_is_used_with_a_benchmark(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select with_entity, papers from named_together where entity = 'Exam' order by all")
    assert found == [("Alpha", 2), ("Beta", 1), ("Quiz", 1)]


def test_benchmarks_of_a_model_with_its_scores(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select benchmark, papers, scores from measured_on where model = 'Alpha' order by all")
    assert found == [("Exam", 2, 2), ("Quiz", 1, 0)]


def test_records_beat_all_before_and_are_plausible(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select value, value_before, model from record_progress order by reported_on")
    assert found == [(60.0, None, "Alpha"), (70.0, 60.0, None)]


def test_benchmarks_of_a_year_are_ranked_by_papers(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select year, rank, benchmark, papers, share from benchmarks_by_year order by all")
    assert found == [(2024, 1, "Exam", 2, 1.0), (2025, 1, "Exam", 1, 1 / 3), (2025, 1, "Quiz", 1, 1 / 3)]


def test_papers_without_benchmark(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select paper_id from papers_without_benchmark order by all")
    assert found == [("arxiv:3",), ("arxiv:6",), ("arxiv:7",), ("title:5",)]


def test_provenance_leads_to_file_and_line(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "select source_file, line_start from provenance where paper_id = 'arxiv:3'")
    assert found == [("day/a.txt", 7)]


def test_new_benchmarks_are_of_the_latest_month_of_the_data(database: duckdb.DuckDBPyConnection) -> None:
    assert rows(database, "select benchmark from new_benchmarks") == [("Quiz",)]


def test_months_without_papers_are_missing(database: duckdb.DuckDBPyConnection) -> None:
    found = rows(database, "from months order by all")
    assert found == [(date(2024, 3, 1), 1), (date(2024, 5, 1), 1), (date(2025, 1, 1), 3), (date(2035, 1, 1), 1)]


def test_papers_that_name_all_asked_for(database: duckdb.DuckDBPyConnection) -> None:
    assert rows(database, "select paper_id from papers_naming_all(['Exam', 'Quiz', 'Exam'])") == [("arxiv:4",)]
    assert rows(database, "select paper_id from papers_naming_all(['Exam', 'Unheard'])") == []


def test_search_works_beside_the_other_tables(database: duckdb.DuckDBPyConnection) -> None:
    assert rows(database, "select paper_id from search('agents')") == [("arxiv:3",)]
