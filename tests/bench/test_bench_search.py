"""The benchmark of searches, on few papers."""

from lit_pipeline.bench.search import QUERIES, time_queries
from lit_pipeline.marts.search import DEFAULT_TOP


def test_every_query_is_asked_and_finds_papers() -> None:
    timed = time_queries(2_000)
    assert timed["query"].to_list() == list(QUERIES)
    assert timed.filter(query="one common word")["papers_found"].item() == DEFAULT_TOP
    assert (timed["milliseconds"] > 0).all()
