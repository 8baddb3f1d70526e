"""Benchmark of the marts and the search index on made-up papers, the same for a seed.

Names are as popular as words of a language (Zipf's law), months grow, and scores are spread over models and
benchmarks; no text of a real paper is used.
"""

from collections.abc import Callable, Mapping
from datetime import date
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.marts.daily import daily_papers
from lit_pipeline.marts.leaderboard import leaderboard
from lit_pipeline.marts.metrics import load_metrics
from lit_pipeline.marts.monthly import benchmark_monthly, model_monthly
from lit_pipeline.marts.newness import new_entities
from lit_pipeline.marts.pairs import model_benchmark
from lit_pipeline.marts.scores import benchmark_scores
from lit_pipeline.marts.search import search_papers, search_terms
from lit_pipeline.marts.succession import model_succession
from lit_pipeline.marts.trends import entity_trends, trending_models

SEED = 2025
FIRST_DAY = date(2016, 1, 1)
N_DAYS = 3650
MENTIONS_A_PAPER = 6
RESULTS_A_PAPER = 0.5
PAPERS_AN_ENTITY = 40
"""One entity in so many papers: 1,000,000 papers name 25,000."""

ENTITY_SHARES = {"model": 0.4, "benchmark": 0.3, "method": 0.2, "dataset": 0.1}
MODELS_A_FAMILY = 8
POPULARITY = 1.0
"""Exponent of Zipf's law."""

VOCABULARY_SIZE = 60_000
WORDS_A_TITLE = 10
WORDS_AN_ABSTRACT = 160

Tables = Mapping[str, pl.LazyFrame]
Builder = Callable[[Tables], pl.LazyFrame]


def _named(tables: Tables) -> dict[str, pl.LazyFrame]:
    return {name: tables[name] for name in ("papers", "mentions", "entities")}


def _scored(tables: Tables) -> dict[str, pl.LazyFrame]:
    return {name: tables[name] for name in ("papers", "entities", "results")}


BUILDERS: dict[str, Builder] = {
    "model_monthly": lambda tables: model_monthly(**_named(tables)),
    "benchmark_monthly": lambda tables: benchmark_monthly(**_named(tables)),
    "model_benchmark": lambda tables: model_benchmark(**_named(tables)),
    "benchmark_scores": lambda tables: benchmark_scores(**_scored(tables), metrics=load_metrics()),
    "leaderboard": lambda tables: leaderboard(**_scored(tables), metrics=load_metrics()),
    "entity_trends": lambda tables: entity_trends(**_named(tables)),
    "trending_models": lambda tables: trending_models(**_named(tables)),
    "model_succession": lambda tables: model_succession(**_named(tables)),
    "new_entities": lambda tables: new_entities(tables["papers"], tables["entities"], days=30),
    "daily_papers": lambda tables: daily_papers(**_named(tables), results=tables["results"]),
}

SEARCH_BUILDERS: dict[str, Builder] = {
    "search_papers": lambda tables: search_papers(tables["papers"]),
    "search_terms": lambda tables: search_terms(tables["papers"]),
}


def time_builders(builders: Mapping[str, Builder], tables: Tables) -> pl.DataFrame:
    """Build each table once.

    Returns:
        table, n_rows, seconds: one row a builder, in order.

    """
    timed = []
    for name, build in builders.items():
        started = perf_counter()
        n_rows = build(tables).collect(engine="streaming").height
        timed.append((name, n_rows, perf_counter() - started))
    return pl.DataFrame(timed, schema={"table": pl.String, "n_rows": pl.Int64, "seconds": pl.Float64}, orient="row")


def made_up_tables(n_papers: int, seed: int = SEED) -> dict[str, pl.LazyFrame]:
    """Tables papers (without abstracts), entities, mentions and results of `n_papers`, with what the marts read."""
    random = np.random.default_rng(seed)
    entities = _entities(max(n_papers // PAPERS_AN_ENTITY, len(ENTITY_SHARES)), random)
    papers = _papers(n_papers, random)
    mentions = _mentions(papers, entities, random)
    results = _results(papers, entities, random)
    return {
        "papers": papers.lazy(),
        "entities": entities.lazy(),
        "mentions": mentions.lazy(),
        "results": results.lazy(),
    }


def made_up_texts(n_papers: int, seed: int = SEED) -> dict[str, pl.LazyFrame]:
    """Table papers with titles and abstracts of made-up words, for the search index."""
    random = np.random.default_rng(seed)
    vocabulary = pl.Series([f"w{number}" for number in range(VOCABULARY_SIZE)])

    def texts(n_words: int) -> pl.Series:
        drawn = vocabulary.gather(pl.Series(_popular(VOCABULARY_SIZE, n_papers * n_words, random)))
        return drawn.reshape((n_papers, n_words)).arr.join(" ")

    papers = pl.DataFrame(
        {"paper_id": _paper_ids(n_papers), "title": texts(WORDS_A_TITLE), "abstract": texts(WORDS_AN_ABSTRACT)}
    )
    return {"papers": papers.lazy()}


def _paper_ids(n_papers: int) -> pl.Series:
    number = pl.int_range(n_papers).cast(pl.String).str.zfill(8)
    return pl.select(pl.format("arxiv:{}", number)).to_series()


def _popular(n_things: int, n_draws: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Draws of things, the first the most popular, by Zipf's law."""
    weights = 1 / np.arange(1, n_things + 1) ** POPULARITY
    bounds = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(bounds, random.random(n_draws)), n_things - 1)


def _entities(n_entities: int, random: np.random.Generator) -> pl.DataFrame:
    types = random.choice(list(ENTITY_SHARES), n_entities, p=list(ENTITY_SHARES.values()))
    number = pl.int_range(pl.len())
    family = pl.format("Family {}", number // MODELS_A_FAMILY)
    age = pl.int_range(pl.len()) * N_DAYS // n_entities
    return pl.DataFrame({"type": types}).select(
        pl.format("{}:{}", "type", number).alias("entity_id"),
        "type",
        pl.format("Name {}", number).alias("name"),
        pl.when(pl.col("type") == "model").then(family).alias("family"),
        pl.lit(None, dtype=pl.String).alias("introduced_by"),
        (pl.lit(FIRST_DAY) + pl.duration(days=age)).cast(pl.Date).alias("first_seen_on"),
        pl.lit(1, dtype=pl.Int64).alias("n_papers"),
    )


def _papers(n_papers: int, random: np.random.Generator) -> pl.DataFrame:
    """Papers over the days, ever more of them: the density of days rises in a straight line."""
    days = np.sqrt(random.random(n_papers)) * N_DAYS
    published_on = (pl.lit(FIRST_DAY) + pl.duration(days=pl.lit(pl.Series(days.astype(np.int64))))).cast(pl.Date)
    return pl.DataFrame({"paper_id": _paper_ids(n_papers)}).with_columns(
        title=pl.format("Paper {}", "paper_id"),
        published_on=published_on,
        featured_on=pl.lit(None, dtype=pl.Date),
        upvotes=pl.lit(None, dtype=pl.Int64),
    )


def _mentions(papers: pl.DataFrame, entities: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    n_mentions = len(papers) * MENTIONS_A_PAPER
    drawn = entities.select("entity_id", "type")[_popular(len(entities), n_mentions, random)]
    return drawn.with_columns(paper_id=papers["paper_id"].gather(random.integers(0, len(papers), n_mentions)))


def _results(papers: pl.DataFrame, entities: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    n_results = int(len(papers) * RESULTS_A_PAPER)
    ids = {name: entities.filter(type=name)["entity_id"] for name in ("model", "benchmark")}
    drawn = {name: column.gather(_popular(len(column), n_results, random)) for name, column in ids.items()}
    metric = random.choice(["accuracy", "F1", "WER", "perplexity", "pass@1"], n_results)
    return pl.DataFrame(
        {
            "paper_id": papers["paper_id"].gather(random.integers(0, len(papers), n_results)),
            "model_id": drawn["model"],
            "benchmark_id": drawn["benchmark"],
            "metric": metric,
            "value": np.round(random.random(n_results) * 100, 1),
            "start": np.arange(n_results),
            "end": np.arange(n_results) + 4,
            "confidence": np.round(random.random(n_results), 2),
        }
    ).with_columns(
        unit=pl.lit("%"),
        kind=pl.lit("score"),
        baseline=pl.lit(None, dtype=pl.Float64),
        quote=pl.lit("a quote of a sentence"),
    )
