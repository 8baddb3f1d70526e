"""Abstracts in our own words, with their names marked, for the tests of results."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from lit_pipeline.extraction.results import extract_results
from lit_pipeline.extraction.results.labels import labelled_mentions

Row = dict[str, Any]
Read = Callable[..., list[Row]]
Texts = Callable[..., pl.DataFrame]
Mentions = Callable[[pl.DataFrame, dict[str, str]], pl.DataFrame]


def texts_of(*abstracts: str | None, title: str = "A title") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "paper_id": [f"title:{number}" for number in range(len(abstracts))],
            "title": [title] * len(abstracts),
            "abstract": abstracts,
        },
        schema={"paper_id": pl.String, "title": pl.String, "abstract": pl.String},
    )


def mentions_of(texts: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Every place of each name (surface -> type) in every text."""
    entities = texts.select("paper_id").join(
        pl.DataFrame({"surface": list(names), "type": list(names.values())}, {"surface": pl.String, "type": pl.String}),
        how="cross",
    )
    return labelled_mentions(texts, entities.with_columns(pl.col("surface").alias("name")))


@pytest.fixture(scope="session")
def texts() -> Texts:
    """Texts of several abstracts, with paper ids title:0, title:1, ..."""
    return texts_of


@pytest.fixture(scope="session")
def mentions() -> Mentions:
    """Mentions of names in texts: mentions(texts, {surface: type})."""
    return mentions_of


@pytest.fixture(scope="session")
def read() -> Read:
    """Results of one abstract as rows: read(abstract, {surface: type}, title=...)."""

    def read_one(abstract: str | None, names: dict[str, str] | None = None, title: str = "A title") -> list[Row]:
        texts = texts_of(abstract, title=title)
        return extract_results(texts, mentions_of(texts, names or {})).to_dicts()

    return read_one
