"""The name that each span of a paper goes by: its kind, its canonical form, and the vocabulary's entity of that form.

What belongs here: what a paper's own texts tell of its names. Nothing depends on another paper, so that a text is named
once, when it is tagged. What is decided over the whole corpus is decided in `link`.
"""

import polars as pl

from lit_pipeline.extraction.canonical import kind_of, named_surfaces
from lit_pipeline.extraction.definitions import definitions_of
from lit_pipeline.extraction.homonyms import homonyms
from lit_pipeline.extraction.names import fold
from lit_pipeline.extraction.presented import introduced_names
from lit_pipeline.extraction.shortened import fuller_names
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.extraction import NamedSpans
from lit_pipeline.tables.schema import polars_schema


def name_spans(spans: pl.DataFrame, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Names of spans.

    Args:
        spans: columns of `Spans`.
        texts: columns of `Texts`, of all papers that the spans stand in.
        vocabulary: the known names.

    Returns:
        Columns of `NamedSpans`, in the order of `spans`.

    """
    fields = fields_of(texts)
    named = _named(spans, fields, vocabulary)
    introduced = introduced_names(fields).select("paper_id", folded=fold(pl.col("introduced"))).unique()
    told = named.join(
        introduced.with_columns(introduced=True), on=["paper_id", "folded"], how="left", maintain_order="left"
    )
    schema = polars_schema(NamedSpans)
    return told.with_columns(pl.col("introduced").fill_null(value=False)).select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )


def _named(spans: pl.DataFrame, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Spans with folded (of the surface), kind, canonical (name), key (what tells names apart), known_id (or null)."""
    told = spans.with_columns(
        pl.col("type").cast(pl.String), kind=kind_of(pl.col("type").cast(pl.String)), folded=fold(pl.col("surface"))
    )
    defined = (
        definitions_of(texts).join(texts.select("row", "paper_id"), on="row").select("paper_id", "acronym", "long_form")
    )
    fuller = fuller_names(told, texts, defined, vocabulary)
    spelled = (
        told.join(fuller, on=["paper_id", "kind", "folded"], how="left", maintain_order="left")
        .with_columns(spelled=pl.coalesce("fuller", "surface"))
        .drop("fuller")
    )
    surfaces = _with_meanings(spelled, defined, vocabulary)
    distinct = surfaces.select("spelled", "kind", "type").unique()
    named = surfaces.join(
        named_surfaces(distinct, vocabulary), on=["spelled", "kind", "type"], how="left", maintain_order="left"
    )
    apart = pl.col("meaning").is_not_null()
    return named.with_columns(
        canonical=pl.when(apart).then("spelled").otherwise("canonical"),
        key=pl.when(apart).then(pl.concat_str("spelled_folded", "meaning", separator="-")).otherwise("key"),
        known_id=pl.when(~apart).then("known_id"),
    ).drop("meaning")


def _with_meanings(spelled: pl.DataFrame, defined: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Spans with `spelled_folded`, and `meaning`: fold of the long form that makes an acronym another name, or null.

    Where the vocabulary knows that long form, the acronym goes by it instead.
    """
    known = vocabulary.terms.select(meaning="folded", kind=kind_of(pl.col("type"))).unique().with_columns(known=True)
    told = (
        spelled.with_columns(spelled_folded=fold(pl.col("spelled")))
        .join(
            homonyms(defined, vocabulary).rename({"folded": "spelled_folded"}),
            on=["paper_id", "kind", "spelled_folded"],
            how="left",
            maintain_order="left",
        )
        .with_columns(meaning=fold(pl.col("long_form")))
        .join(known, on=["meaning", "kind"], how="left", maintain_order="left")
    )
    return told.with_columns(
        spelled=pl.when("known").then("long_form").otherwise("spelled"),
        meaning=pl.when(pl.col("known").is_null()).then("meaning"),
    ).drop("long_form", "known")
