"""Finds the results of abstracts: the entry to this package's steps."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.claims import claimed
from lit_pipeline.extraction.results.entities import located
from lit_pipeline.extraction.results.pairs import list_places
from lit_pipeline.extraction.results.scene import METRIC, Scene, lengths_of, scene_of, with_digits
from lit_pipeline.extraction.results.scorer import ResultModel, Scores, probability, shipped_model, weights_version
from lit_pipeline.extraction.results.tokens import tokens_of
from lit_pipeline.tables.entities import RESULT_KINDS, Results
from lit_pipeline.tables.schema import conform, empty_frame

# To be raised when the code that decides the results of a text changes what it finds.
RESULTS_VERSION: Final = 3
# Probability from which a number is a result, and from which a name belongs to it: the best F1 in cross-validation
# on the training labels.
RESULT_THRESHOLD: Final = 0.5
PAIR_THRESHOLDS: Final = {"benchmark": 0.3, "model": 0.25, METRIC: 0.35}
# Columns that hold the best name of each kind.
PAIR_COLUMNS: Final = {"benchmark": "benchmark_id", "model": "model_id", METRIC: "metric_row"}
# Tokens of the quote on each side of the value, within its sentence.
QUOTE_REACH: Final = 10


def results_version() -> str:
    """Version of all that decides the results of a text: code and weights."""
    return f"{RESULTS_VERSION}-{weights_version()[:8]}"


def extract_results(texts: pl.DataFrame, mentions: pl.DataFrame, model: ResultModel | None = None) -> pl.DataFrame:
    """Numbers that abstracts report as results, with what they measure and whom they belong to.

    Args:
        texts: paper_id, title, abstract (see `Texts`).
        mentions: paper_id, entity_id, type, surface, field, start, end (see `Mentions`) of these papers.
        model: weights to use; those of the package by default.

    Returns:
        Columns of `Results`, sorted by paper_id and start. What is found in a paper depends on no other paper.
    """
    learnt = model or shipped_model()
    names, lengths = located(mentions, texts), lengths_of(texts)
    tokens = tokens_of(with_digits(texts))
    numbers = results_among(scene_of(_of_number_sentences(tokens), names, lengths, learnt.words), learnt)
    if numbers.is_empty():
        return empty_frame(Results)
    scene = scene_of(_of_papers(tokens, numbers), _of_papers(names, numbers), lengths, learnt.words)
    found = _found_again(numbers, scene)
    for paired, column in PAIR_COLUMNS.items():
        best = best_names(scene, found, paired, learnt).rename({"name": column})
        found = found.join(best, on="row", how="left", maintain_order="left")
    return _published(found, texts, scene)


def _of_number_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """Tokens of the sentences that hold a number."""
    return tokens.filter(pl.col("sentence").is_in(pl.col("sentence").filter(pl.col("is_number")).unique().implode()))


def _of_papers(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Rows of the papers in which something was found."""
    return rows.filter(pl.col("paper").is_in(found["paper"].unique().implode()))


def _found_again(numbers: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """Results that were found in single sentences, in the scene of whole abstracts; only scores keep a baseline."""
    decided = numbers.select("paper", "start", "confidence", "kind_number", "kind")
    is_score = pl.col("kind") == "score"
    return scene.candidates.join(decided, on=["paper", "start"], maintain_order="left").with_columns(
        pl.when(is_score).then("baseline").alias("baseline")
    )


def results_among(scene: Scene, model: ResultModel) -> pl.DataFrame:
    """Candidates that are results: their columns with confidence, kind_number and kind."""
    keys = scene.number_keys()
    confidence = probability(model.scorers["result"].scores(keys)[:, 0])
    kinds = _over_lists(scene, model.scorers["kind"].scores(keys)).argmax(axis=1)
    return (
        scene.candidates.with_columns(
            pl.Series("confidence", confidence), pl.Series("kind_number", kinds, dtype=pl.Int64)
        )
        .with_columns(
            pl.col("kind_number").replace_strict(dict(enumerate(RESULT_KINDS)), return_dtype=pl.String).alias("kind")
        )
        .filter(pl.col("confidence") >= RESULT_THRESHOLD)
    )


def _over_lists(scene: Scene, scores: Scores) -> Scores:
    """Mean scores of the members of each list of numbers, for they are of one kind."""
    place, _ = list_places(scene.windows.rows, scene.candidates["sentence"].to_numpy(), scene.fillers)
    lists = np.cumsum(place == 0) - 1
    sums = np.stack([np.bincount(lists, column) for column in scores.T], axis=1)
    means: Scores = (sums / np.bincount(lists)[:, None])[lists]
    return means


def best_names(scene: Scene, results: pl.DataFrame, paired: str, model: ResultModel) -> pl.DataFrame:
    """The name most likely to belong to each result, where one is likely enough: row, name.

    A model that is said outright to have a score goes before all others; no score is measured by what is spent.
    """
    pairs, keys = scene.pairs(results, paired)
    scores: Scores = probability(model.scorers[paired].scores(keys)[:, 0])
    is_score = pairs["kind"].to_numpy() == RESULT_KINDS.index("score")
    if paired == "model":
        scores = scores + (is_score & claimed(pairs, scene.stream))
    if paired == METRIC:
        scores = scores * ~(is_score & pairs["is_spent"].to_numpy())
    return (
        pairs.select(pl.col("value_row").alias("row"), "name", pl.Series("score", scores))
        .filter(pl.col("score") >= PAIR_THRESHOLDS[paired])
        .sort("row", "score", "name", descending=[False, True, False])
        .unique("row", keep="first", maintain_order=True)
        .select("row", "name")
    )


def _published(found: pl.DataFrame, texts: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """Results as the contract wants them."""
    papers = texts.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("paper"), "paper_id", "abstract")
    quote_start, quote_end = _quote_bounds(found, scene)
    spans = scene.metrics.select(
        pl.col("name").alias("metric_row"), pl.col("start").alias("metric_start"), pl.col("end").alias("metric_end")
    )
    abstract = pl.col("abstract")
    return conform(
        found.with_columns(quote_start.alias("quote_start"), quote_end.alias("quote_end"))
        .lazy()
        .join(papers.lazy(), on="paper")
        .join(spans.lazy(), on="metric_row", how="left")
        .with_columns(
            abstract.str.slice(pl.col("quote_start"), pl.col("quote_end") - pl.col("quote_start")).alias("quote"),
            abstract.str.slice(pl.col("metric_start"), pl.col("metric_end") - pl.col("metric_start")).alias("metric"),
        )
        .sort("paper_id", "start"),
        Results,
    ).collect()


def _quote_bounds(found: pl.DataFrame, scene: Scene) -> tuple[pl.Series, pl.Series]:
    """First and last code points of the quote around each result."""
    sentences = scene.stream["sentence"]
    rows = found["row"]
    low = pl.select(
        pl.max_horizontal(rows - QUOTE_REACH, sentences.search_sorted(found["sentence"], "left"))
    ).to_series()
    high = pl.select(
        pl.min_horizontal(rows + QUOTE_REACH, sentences.search_sorted(found["sentence"], "right") - 1)
    ).to_series()
    return scene.stream["start"][low], scene.stream["end"][high]
