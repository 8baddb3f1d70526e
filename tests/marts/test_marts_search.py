"""The search index and the macro over it."""

import unicodedata
from math import log

import duckdb
import polars as pl
import pytest

from lit_pipeline.marts import search
from lit_pipeline.marts.search import SEARCH_MACRO, search_papers, search_terms, sql_words, words

PAPERS = pl.DataFrame(
    {
        "paper_id": ["arxiv:3", "arxiv:1", "arxiv:2"],
        "title": ["Agents on SWE-bench", "A Fréchet Distance", "Ranking"],
        "abstract": [
            "We build agents.",
            None,
            "Distance, distance and Distance for agents; a long text of many words.",
        ],
    }
)


@pytest.fixture
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    papers = PAPERS.with_columns(published_on=pl.lit(None, dtype=pl.Date), url=pl.lit("u"))
    tables = {
        "papers": papers,
        "search_papers": search_papers(PAPERS.lazy()).collect(),
        "search_terms": search_terms(PAPERS.lazy()).collect(),
    }
    for name, frame in tables.items():
        connection.register("frame", frame)
        connection.execute(f"create table {name} as from frame")
    connection.execute(SEARCH_MACRO)
    return connection


def found(database: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    return [paper for (paper,) in database.execute("select paper_id from search(?)", [text]).fetchall()]


def test_papers_are_numbered_by_id_and_a_title_counts_twice() -> None:
    rows = search_papers(PAPERS.lazy()).collect()
    assert rows.rows() == [(0, "arxiv:1", 6), (1, "arxiv:2", 2 + 12), (2, "arxiv:3", 8 + 3)]


def test_a_term_lists_its_papers_with_counts() -> None:
    rows = search_terms(PAPERS.lazy()).collect()
    assert rows.filter(term="agents").row(0, named=True) == {
        "term": "agents",
        "paper_numbers": [1, 2],
        "counts": [1, 3],
        "n_papers": 2,
    }


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = search_terms(PAPERS.lazy()).collect()
    monkeypatch.setattr(search, "PAPERS_A_BATCH", 1)
    assert search_terms(PAPERS.lazy()).collect().equals(whole)


def test_the_order_of_papers_makes_no_difference() -> None:
    assert search_terms(PAPERS.reverse().lazy()).collect().equals(search_terms(PAPERS.lazy()).collect())


def test_no_papers_give_no_terms() -> None:
    assert search_terms(PAPERS.clear().lazy()).collect().is_empty()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SWE-bench Qwen2.5 GPT-4o", ["swe", "bench", "qwen2", "5", "gpt", "4o"]),
        ("Fréchet naïve", ["frechet", "naive"]),
        ("  …  ", []),
        ("評価 мир", ["評価", "мир"]),
    ],
)
def test_words_are_letters_and_digits_without_accents(text: str, expected: list[str]) -> None:
    assert pl.DataFrame({"t": [text]}).select(words(pl.col("t"))).item().to_list() == expected


def test_sql_and_frames_split_every_character_alike() -> None:
    """All assigned code points, but for marks that Unicode versions treat apart."""
    assigned = [
        chr(point) for point in range(1, 0x110000) if unicodedata.category(chr(point)) not in ("Cn", "Cs", "Co")
    ]
    frame = pl.DataFrame({"text": [f"Ab{character}Σς{character}" for character in assigned]})
    ours = frame.with_columns(words(pl.col("text")).alias("words"))
    relation = duckdb.sql(f"select text, {sql_words('text')} as words from frame")
    assert relation is not None
    theirs = relation.pl()
    assert theirs.join(ours, on=["text", "words"], how="anti")["text"].to_list() == []


def test_the_score_is_bm25(database: duckdb.DuckDBPyConnection) -> None:
    (score,) = database.execute("select score from search('swe')").fetchone() or (None,)
    mean_length = (6 + 14 + 11) / 3
    rarity = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 11 / mean_length))
    assert score == pytest.approx(expected, abs=0.0005)


def test_a_rare_word_in_a_title_leads(database: duckdb.DuckDBPyConnection) -> None:
    assert found(database, "agents swe-bench") == ["arxiv:3", "arxiv:2"]


def test_case_and_accents_of_the_question_make_no_difference(database: duckdb.DuckDBPyConnection) -> None:
    assert found(database, "FRECHET") == found(database, "Fréchet") == ["arxiv:1"]


def test_a_word_asked_twice_counts_once(database: duckdb.DuckDBPyConnection) -> None:
    once = database.execute("from search('agents')").fetchall()
    assert database.execute("from search('agents AGENTS')").fetchall() == once


def test_no_more_papers_than_asked_for(database: duckdb.DuckDBPyConnection) -> None:
    assert database.execute("select paper_id from search('agents', top := 1)").fetchall() == [("arxiv:3",)]


@pytest.mark.parametrize("text", ["", "  ", "unheard", "'; drop table papers; --", "% _ \\ \x00"])
def test_a_question_without_known_words_finds_nothing(database: duckdb.DuckDBPyConnection, text: str) -> None:
    assert found(database, text) == []
    assert database.execute("select count(*) from papers").fetchone() == (3,)
