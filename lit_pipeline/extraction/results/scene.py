"""Gathers what every decision about a batch of abstracts looks at: tokens, names, numbers and their features."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.baselines import with_baselines
from lit_pipeline.extraction.results.contexts import stream_of
from lit_pipeline.extraction.results.entities import FACTS, located, placed
from lit_pipeline.extraction.results.features import Keys, Windows, feature_keys, word_numbers
from lit_pipeline.extraction.results.metrics import metric_spans
from lit_pipeline.extraction.results.numbers import candidates_of, shapes_of, unit_numbers
from lit_pipeline.extraction.results.pairs import SAME, filler_counts, pair_keys, pairs_of
from lit_pipeline.extraction.results.scorer import Words

# What a result is paired with, and the types of entities that can be it.
ENTITY_PAIRS: Final = {"benchmark": ("benchmark",), "model": ("model", "method")}
METRIC: Final = "metric"
PAIRED: Final = (*ENTITY_PAIRS, METRIC)


@dataclass(frozen=True)
class Scene:
    """A batch of abstracts as the scorers see it.

    `stream`: see `contexts.stream_of`. `names`: see `entities.placed`. `candidates`: see `numbers.candidates_of`, with
    baseline. `windows`: the stream's words, around the candidates. `fillers`: see `pairs.filler_counts`.
    `metrics`: see `metrics.metric_spans`. `lengths`: code points of each abstract.
    """

    stream: pl.DataFrame
    names: pl.DataFrame
    candidates: pl.DataFrame
    windows: Windows
    fillers: Keys
    metrics: pl.DataFrame
    lengths: Keys

    def number_keys(self) -> Keys:
        """Features of every candidate."""
        return feature_keys(self.windows, shapes_of(self.candidates, self.stream, self.lengths))

    def pairs(self, results: pl.DataFrame, paired: str) -> tuple[pl.DataFrame, Keys]:
        """Pairs of results with the names of one kind, and the features of the pairs.

        Args:
            results: rows of `candidates` with kind_number.
            paired: one of `PAIRED`.
        """
        facts = () if paired == METRIC else FACTS
        pairs = pairs_of(_values(results), self._pairable(paired, facts))
        if paired == METRIC:
            pairs = pairs.filter(pl.col("place") == SAME)
        return pairs, pair_keys(pairs, self.windows, self.fillers, facts)

    def _pairable(self, paired: str, facts: tuple[str, ...]) -> pl.DataFrame:
        """Names of one kind: paper, name, row, sentence and facts."""
        if paired == METRIC:
            return self.metrics.select("paper", "name", "row", "sentence")
        of_type = self.names.filter(pl.col("type").is_in(ENTITY_PAIRS[paired]))
        return of_type.select("paper", pl.col("entity_id").alias("name"), "row", "sentence", *facts)


def scene_of(texts: pl.DataFrame, mentions: pl.DataFrame, words: Words) -> Scene:
    """Read a batch of abstracts.

    Args:
        texts: paper_id, abstract.
        mentions: paper_id, entity_id, type, field, start, end.
        words: the known words.
    """
    names = located(mentions, texts)
    stream = stream_of(texts, names.filter(pl.col("field") == "abstract"))
    candidates = with_baselines(candidates_of(stream), stream)
    numbers = word_numbers(stream, words.known)
    return Scene(
        stream=stream,
        names=placed(names, stream),
        candidates=candidates,
        windows=Windows(numbers, stream["sentence"].to_numpy(), candidates["row"].to_numpy()),
        fillers=filler_counts(stream),
        metrics=metric_spans(stream, words.metric_heads, words.metric_inner),
        lengths=texts["abstract"].str.len_chars().fill_null(0).cast(pl.Int64).to_numpy(),
    )


def _values(results: pl.DataFrame) -> pl.DataFrame:
    """Results as `pairs_of` wants them."""
    return results.select(
        "paper",
        pl.col("row").alias("value_row"),
        pl.col("sentence").alias("value_sentence"),
        pl.col("kind_number").alias("kind"),
        pl.Series("unit", unit_numbers(results["unit"]), dtype=pl.Int64),
    )
