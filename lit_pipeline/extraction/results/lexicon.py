"""Reads the package's word lists (lexicon.toml) and the last words of known metrics."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import polars as pl


@dataclass(frozen=True)
class Lexicon:
    """Word lists; see the comments in lexicon.toml.

    directions, measures: stem -> class, from 1. grammar: words as written. breaks: stems that are no part of a metric's
    name. metric_heads: words that a metric's name ends with. spent: those of them that no score is measured by.
    """

    directions: dict[str, int]
    measures: dict[str, int]
    grammar: pl.Series
    breaks: pl.Series
    metric_heads: pl.Series
    spent: pl.Series


@cache
def lexicon() -> Lexicon:
    """The word lists of the package."""
    lists = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
    names = lists["metric_names"]
    directions = _classes(lists["directions"])
    unspeaking = [*names["common"], *names["grammar"]]
    heads = _last_words_of_metrics().filter(~_last_words_of_metrics().is_in(unspeaking))
    return Lexicon(
        directions=directions,
        measures=_classes(lists["measures"]),
        grammar=pl.Series(names["grammar"]),
        breaks=pl.Series(sorted(directions.keys() - set(names["measured"]))),
        metric_heads=pl.concat([heads, pl.Series([*names["quantities"], *names["spent"]])]).unique().sort(),
        spent=pl.Series(names["spent"]),
    )


def _classes(lists: dict[str, list[str]]) -> dict[str, int]:
    """Number of the list that holds each word; of the last where several do."""
    return {word: number for number, words in enumerate(lists.values(), start=1) for word in words}


@cache
def _last_words_of_metrics() -> pl.Series:
    """Last words of the names and aliases in the vocabulary of metrics, lower case, of two letters at least."""
    with as_file(files("lit_pipeline.extraction").joinpath("vocabulary", "metrics.csv")) as path:
        table = pl.read_csv(
            path, columns=["name", "aliases"], schema_overrides={"name": pl.String, "aliases": pl.String}
        )
    names = pl.concat([table["name"], table["aliases"].drop_nulls().str.split("|").explode()])
    return names.str.to_lowercase().str.extract(r"(\p{L}{2,})[\d\W]*$").drop_nulls()
