"""How long a search takes in the published database, on made-up texts."""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import dataframely as dy
import duckdb
import polars as pl

from lit_pipeline.bench.marts import SEARCH_BUILDERS, made_up_texts
from lit_pipeline.marts.search import SEARCH_DESCRIPTION, SEARCH_MACRO
from lit_pipeline.publish.database import build_database, connect
from lit_pipeline.tables.marts import SearchPapers, SearchTerms

QUERIES = {
    "one rare word": "w20000",
    "one common word": "w20",
    "three words": "w50 w500 w5000",
    "six words": "w10 w40 w160 w640 w2560 w10240",
}
"""Words of the made-up texts by their rank: w0 is the commonest."""

REPEATS = 15


class _Papers(dy.Schema):
    """What the macro reads of `papers`."""

    paper_id = dy.String(primary_key=True)
    title = dy.String()
    published_on = dy.Date(nullable=True)
    url = dy.String(nullable=True)


def time_queries(n_papers: int) -> pl.DataFrame:
    """Build the index of `n_papers` in a database and ask it.

    Returns:
        query, papers_found, milliseconds (median of `REPEATS` asked on one open connection): one row a query.

    """
    with tempfile.TemporaryDirectory() as folder:
        database = _built(Path(folder), n_papers)
        with connect(database, read_only=True) as connection:
            rows = [(name, *_timed(connection, words)) for name, words in QUERIES.items()]
    return pl.DataFrame(rows, schema=["query", "papers_found", "milliseconds"], orient="row")


def _built(folder: Path, n_papers: int) -> Path:
    texts = made_up_texts(n_papers)
    tables = {"search_papers": SearchPapers, "search_terms": SearchTerms, "papers": _Papers}
    frames = {name: build(texts) for name, build in SEARCH_BUILDERS.items()} | {
        "papers": texts["papers"].select(
            "paper_id", "title", published_on=pl.lit(None, pl.Date), url=pl.lit(None, pl.String)
        )
    }
    paths = {name: folder / f"{name}.parquet" for name in tables}
    for name, path in paths.items():
        frames[name].sink_parquet(path)
    database = folder / "search.duckdb"
    build_database(database, tables, paths, views={}, macros={"search": (SEARCH_DESCRIPTION, SEARCH_MACRO)})
    return database


def _timed(connection: duckdb.DuckDBPyConnection, words: str) -> tuple[int, float]:
    seconds = []
    found = 0
    for _ in range(REPEATS):
        started = perf_counter()
        found = len(connection.execute("select * from search(?)", [words]).fetchall())
        seconds.append(perf_counter() - started)
    return found, median(seconds) * 1000
