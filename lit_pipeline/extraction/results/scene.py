"""Gathers what every decision about a batch of abstracts looks at: tokens, names, numbers and their features."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from lit_pipeline.extraction.results.baselines import with_baselines
from lit_pipeline.extraction.results.candidates import candidates_of, shapes_of, unit_numbers
from lit_pipeline.extraction.results.contexts import stream_of
from lit_pipeline.extraction.results.cues import cue_numbers, cue_properties, nearest_cues
from lit_pipeline.extraction.results.entities import FACTS, placed
from lit_pipeline.extraction.results.features import (
    Keys,
    Windows,
    keys_of,
    number_bags,
    number_properties,
    word_numbers,
)
from lit_pipeline.extraction.results.lexicon import lexicon
from lit_pipeline.extraction.results.metrics import metric_spans
from lit_pipeline.extraction.results.pairs import filler_counts, pair_keys, pairs_of

# What a result is paired with, and the types of entities that can be it.
ENTITY_PAIRS: Final = {"benchmark": ("benchmark",), "model": ("model", "method")}
METRIC: Final = "metric"
# Sentences back from a result in which its metric is looked for.
METRIC_REACH: Final = 1
PAIRED: Final = (*ENTITY_PAIRS, METRIC)


@dataclass(frozen=True)
class Scene:
    """A batch of abstracts as the scorers see it.

    `stream`: see `contexts.stream_of`. `names`: see `entities.located`. `candidates`: see `candidates_of`; with
    baseline. `windows`: the stream's words, around the candidates. `fillers`: see `pairs.filler_counts`.
    `lengths`: code points of each abstract.
    """

    stream: pl.DataFrame
    names: pl.DataFrame
    candidates: pl.DataFrame
    windows: Windows
    fillers: Keys
    lengths: Keys

    def number_keys(self) -> Keys:
        """Features of every candidate."""
        shapes = shapes_of(self.candidates, self.stream, self.lengths)
        properties = number_properties(self.windows, shapes)
        for classes in (lexicon().directions, lexicon().measures):
            nearest = nearest_cues(cue_numbers(self.stream, classes), self.windows.sentences, self.windows.rows)
            properties += cue_properties(nearest, shapes[0])
        return keys_of(properties, number_bags(self.windows))

    def pairs(self, results: pl.DataFrame, paired: str) -> tuple[pl.DataFrame, Keys]:
        """Pairs of results with the names of one kind, and the features of the pairs.

        Args:
            results: rows of `candidates` with kind_number.
            paired: one of `PAIRED`.
        """
        facts = () if paired == METRIC else FACTS
        pairs = pairs_of(_values(results), self._pairable(paired))
        if paired == METRIC:
            pairs = pairs.filter((pl.col("value_sentence") - pl.col("sentence")).is_between(0, METRIC_REACH))
        return pairs, pair_keys(pairs, self.windows, self.fillers, facts)

    @cached_property
    def metrics(self) -> pl.DataFrame:
        """See `metrics.metric_spans`."""
        return metric_spans(self.stream, self.candidates["sentence"])

    @cached_property
    def placed_names(self) -> pl.DataFrame:
        """See `entities.placed`."""
        return placed(self.names, self.stream)

    def _pairable(self, paired: str) -> pl.DataFrame:
        """Names of one kind: paper, name, row, sentence and facts; of metrics is_spent."""
        if paired == METRIC:
            return self.metrics.select("paper", "name", "row", "sentence", "is_spent")
        of_type = self.placed_names.filter(pl.col("type").is_in(ENTITY_PAIRS[paired]))
        return of_type.select("paper", pl.col("entity_id").alias("name"), "row", "sentence", *FACTS)


def scene_of(tokens: pl.DataFrame, names: pl.DataFrame, lengths: Keys, known_words: pl.Series) -> Scene:
    """Read abstracts, or those of their sentences whose tokens are given.

    Args:
        tokens: see `tokens.tokens_of`.
        names: see `entities.located`.
        lengths: code points of each abstract, by `paper`.
        known_words: see `features.word_numbers`.
    """
    stream = stream_of(tokens, names.filter(pl.col("field") == "abstract"))
    candidates = with_baselines(candidates_of(stream), stream)
    numbers = word_numbers(stream, known_words)
    return Scene(
        stream=stream,
        names=names,
        candidates=candidates,
        windows=Windows(numbers, stream["sentence"].to_numpy(), candidates["row"].to_numpy()),
        fillers=filler_counts(stream),
        lengths=lengths,
    )


def with_digits(texts: pl.DataFrame) -> pl.DataFrame:
    """Abstracts that hold a digit: paper (row of `texts`, from 0), abstract."""
    numbered = texts.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("paper"), "abstract")
    return numbered.filter(pl.col("abstract").str.contains(r"\d"))


def lengths_of(texts: pl.DataFrame) -> Keys:
    """Code points of each abstract."""
    return texts["abstract"].str.len_chars().fill_null(0).cast(pl.Int64).to_numpy()


def _values(results: pl.DataFrame) -> pl.DataFrame:
    """Results as `pairs_of` wants them."""
    return results.select(
        "paper",
        pl.col("row").alias("value_row"),
        pl.col("sentence").alias("value_sentence"),
        pl.col("kind_number").alias("kind"),
        pl.Series("unit", unit_numbers(results["unit"]), dtype=pl.Int64),
        pl.col("baseline").is_not_null().alias("is_compared"),
    )
