"""Lays labelled results over the numbers and names that the package's own steps see, for training."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.results.metrics import letters_of
from lit_pipeline.extraction.results.scene import ENTITY_PAIRS, METRIC, Scene
from lit_pipeline.tables.entities import RESULT_KINDS

# Two letters or digits in a row: where a name begins or ends between them it is part of a longer word.
CUT: Final = r"^[\p{L}\p{N}]{2}"


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


def labelled_mentions(texts: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Every place where a labelled name stands as a whole word; of names that overlap the one that begins first.

    Args:
        texts: paper_id, title, abstract.
        entities: paper_id, surface, type, name; one row a distinct surface form of a paper.

    Returns:
        paper_id, entity_id, type, surface, field, start, end; sorted by paper_id, field and start.
    """
    one = ("paper_id", "field")
    longest_end = pl.col("end").cum_max().shift(1).over(one).fill_null(0)
    return (
        entities.lazy()
        .filter(pl.col("surface").str.len_chars() > 0)
        .join(texts.lazy().unpivot(["title", "abstract"], index="paper_id", variable_name="field"), on="paper_id")
        .filter(pl.col("value").str.contains(pl.col("surface"), literal=True))
        .with_columns(pl.col("value").str.split(pl.col("surface")).alias("piece"))
        .with_row_index("name_in_text")
        .explode("piece")
        .with_columns(
            (pl.col("piece").str.len_chars() + pl.col("surface").str.len_chars()).cast(pl.Int64).alias("step")
        )
        .with_columns(pl.col("step").cum_sum().over("name_in_text").alias("end"))
        .with_columns((pl.col("end") - pl.col("surface").str.len_chars()).alias("start"))
        .filter(pl.col("end") <= pl.col("value").str.len_chars(), _is_whole_word())
        .sort("paper_id", "field", "start", "end", "type", descending=[False, False, False, True, False])
        .filter(pl.col("start") >= longest_end)
        .select(
            "paper_id",
            (pl.col("type") + ":" + pl.col("name")).alias("entity_id"),
            "type",
            "surface",
            "field",
            "start",
            "end",
        )
        .collect()
    )


def _is_whole_word() -> pl.Expr:
    """Whether neither end of a surface at start and end of value cuts a word in two."""
    before = pl.col("value").str.slice(pl.col("start") - 1, 2)
    after = pl.col("value").str.slice(pl.col("end") - 1, 2)
    return ~(((pl.col("start") > 0) & before.str.contains(CUT)) | after.str.contains(CUT))
