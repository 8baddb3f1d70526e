"""Lays labelled results over the numbers and names that the package's own steps see, for training."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.results.metrics import letters_of
from lit_pipeline.extraction.results.scene import ENTITY_PAIRS, METRIC, Scene
from lit_pipeline.tables.entities import RESULT_KINDS


def aligned_labels(scene: Scene, texts: pl.DataFrame, mentions: pl.DataFrame, gold: pl.DataFrame) -> pl.DataFrame:
    """Candidates that the labels call results, in the order of the scene, with what the labels say of them.

    A labelled value is laid on the first number of that value in its quote, else in the abstract; each number is
    taken once; labels whose value stands nowhere are left out.

    Returns:
        Columns of the candidates, kind_number, and benchmark, model (entity ids or null) and metric (letters or null).
    """
    papers = texts.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("paper"), "paper_id", "abstract")
    before_quote = pl.col("abstract").str.split(pl.col("quote")).list.first().str.len_chars().cast(pl.Int64)
    after_value = pl.col("start") - before_quote
    in_quote = (after_value >= 0) & (after_value < pl.col("quote").str.len_chars())
    laid = (
        gold.with_row_index("label")
        .join(papers, on="paper_id")
        .join(scene.candidates, on=["paper", "value"], suffix="_found")
        .with_columns(in_quote.alias("in_quote"))
        .sort("label", "in_quote", "start", descending=[False, True, False])
        .unique("label", keep="first", maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
        .sort("row")
    )
    kinds = {kind: number for number, kind in enumerate(RESULT_KINDS)}
    stated = laid.select(
        "row",
        pl.col("kind").replace_strict(kinds, return_dtype=pl.Int64).alias("kind_number"),
        letters_of(pl.col(METRIC)).alias(METRIC),
        *(_entity_ids(laid, mentions, name).alias(name) for name in ENTITY_PAIRS),
    )
    return scene.candidates.join(stated, on="row", maintain_order="left")


def pair_targets(pairs: pl.DataFrame, labels: pl.DataFrame, scene: Scene, paired: str) -> NDArray[np.bool_]:
    """Whether each pair (see `Scene.pairs`) is one that the labels state; metrics agree where one ends the other."""
    stated = pairs.select("name", pl.col("value_row").alias("row")).join(
        labels.select("row", pl.col(paired).alias("stated")), on="row", how="left", maintain_order="left"
    )
    if paired == METRIC:
        stated = stated.join(scene.metrics.select("name", "letters"), on="name", how="left", maintain_order="left")
        found, told = pl.col("letters"), pl.col("stated")
        target = told.str.ends_with(found) | found.str.ends_with(told) | told.str.starts_with(found)
    else:
        target = pl.col("name") == pl.col("stated")
    return stated.select(target.fill_null(value=False)).to_series().to_numpy()


def _entity_ids(laid: pl.DataFrame, mentions: pl.DataFrame, name: str) -> pl.Series:
    """Entity of each label's surface form of one type."""
    surfaces = (
        mentions.filter(pl.col("type").cast(pl.String).is_in(ENTITY_PAIRS[name]))
        .select("paper_id", pl.col("surface").alias(name), "entity_id")
        .unique(["paper_id", name], keep="first", maintain_order=True)
    )
    return laid.join(surfaces, on=["paper_id", name], how="left", maintain_order="left")["entity_id"]
