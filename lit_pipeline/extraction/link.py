"""Links spans to entities: which names are one thing, what it is called, which paper introduced it.

What belongs here: decisions over the whole corpus. What stands where in a text is decided before, in `extract`.

Names of two kinds are never one entity: systems (models, methods) and data (benchmarks, datasets). Within a kind a
name of the vocabulary has the vocabulary's type; a new name the type it is used as in most papers.
"""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.extraction.canonical import kind_of, named_surfaces
from lit_pipeline.extraction.homonyms import homonyms
from lit_pipeline.extraction.names import fold, parse_model_name, slug
from lit_pipeline.extraction.presented import introduced_names
from lit_pipeline.extraction.shortened import fuller_names
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import TYPE_ORDER, Vocabulary
from lit_pipeline.tables.entities import Entities, Mentions
from lit_pipeline.tables.schema import polars_schema

NAME_KEY = ("key", "kind")
"""What tells one name from another: the fold of its canonical form (with that of its long form, for an acronym of two
meanings), and whether it is a system or data."""


@dataclass(frozen=True)
class Linked:
    """Columns of `Entities`, one row an entity that is mentioned; and columns of `Mentions`, one row a span."""

    entities: pl.DataFrame
    mentions: pl.DataFrame


def link(spans: pl.DataFrame, papers: pl.DataFrame, vocabulary: Vocabulary) -> Linked:
    """Entities of all spans.

    Args:
        spans: columns of `Spans`.
        papers: paper_id, title, abstract, published_on.
        vocabulary: the known names.

    Returns:
        Entities sorted by entity_id, mentions sorted by paper_id, field and start. The same for any order of the rows.

    """
    texts = fields_of(papers.select("paper_id", "title", "abstract"))
    named = _named(spans, texts, vocabulary)
    identified = named.join(_identities(named, vocabulary), on=NAME_KEY, how="left", maintain_order="left")
    mentions = identified.select(
        "paper_id",
        "entity_id",
        pl.col("entity_type").alias("type"),
        "surface",
        "field",
        "start",
        "end",
        "confidence",
        "found_by",
    ).sort("paper_id", "field", "start")
    entities = _entities(identified, papers, texts, vocabulary)
    return Linked(_cast(entities, polars_schema(Entities)), _cast(mentions, polars_schema(Mentions)))


def _cast(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _named(spans: pl.DataFrame, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Spans with kind, canonical (name), key (what tells names apart) and known_id (its entity or null)."""
    told = spans.with_columns(
        pl.col("type").cast(pl.String), kind=kind_of(pl.col("type").cast(pl.String)), folded=fold(pl.col("surface"))
    )
    fuller = fuller_names(told, texts, vocabulary)
    spelled = (
        told.join(fuller, on=["paper_id", "kind", "folded"], how="left", maintain_order="left")
        .with_columns(spelled=pl.coalesce("fuller", "surface"))
        .drop("fuller", "folded")
    )
    surfaces = _with_meanings(spelled, texts, vocabulary)
    distinct = surfaces.select("spelled", "kind", "type").unique()
    named = surfaces.join(
        named_surfaces(distinct, vocabulary), on=["spelled", "kind", "type"], how="left", maintain_order="left"
    )
    apart = pl.col("meaning").is_not_null()
    return named.with_columns(
        canonical=pl.when(apart).then("spelled").otherwise("canonical"),
        key=pl.when(apart).then(pl.concat_str(fold(pl.col("spelled")), "meaning", separator="-")).otherwise("key"),
        known_id=pl.when(~apart).then("known_id"),
    ).drop("meaning")


def _with_meanings(spelled: pl.DataFrame, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Spans with `meaning`: fold of the long form that makes an acronym another name than the vocabulary's, or null.

    Where the vocabulary knows that long form, the acronym goes by it instead.
    """
    known = vocabulary.terms.select(meaning="folded", kind=kind_of(pl.col("type"))).unique().with_columns(known=True)
    told = (
        spelled.with_columns(folded=fold(pl.col("spelled")))
        .join(homonyms(texts, vocabulary), on=["paper_id", "kind", "folded"], how="left", maintain_order="left")
        .with_columns(meaning=fold(pl.col("long_form")))
        .join(known, on=["meaning", "kind"], how="left", maintain_order="left")
    )
    return told.with_columns(
        spelled=pl.when("known").then("long_form").otherwise("spelled"),
        meaning=pl.when(pl.col("known").is_null()).then("meaning"),
    ).drop("folded", "long_form", "known")


def _identities(named: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Identifier and type of each name: `NAME_KEY`, entity_id, entity_type."""
    order = pl.col("type").replace_strict({kind: at for at, kind in enumerate(TYPE_ORDER)}, return_dtype=pl.Int8)
    votes = named.group_by(*NAME_KEY, "type").agg(
        pl.col("paper_id").n_unique().alias("papers"), pl.col("known_id").min()
    )
    chosen = (
        votes.sort(-pl.col("papers").cast(pl.Int64), order)
        .group_by(NAME_KEY, maintain_order=True)
        .agg(pl.col("type").first(), pl.col("known_id").drop_nulls().min())
    )
    known = vocabulary.entities.select(known_id="entity_id", known_type="type")
    typed = chosen.join(known, on="known_id", how="left", maintain_order="left").with_columns(
        entity_type=pl.coalesce("known_type", "type")
    )
    new_id = pl.concat_str("entity_type", slug(pl.col("key")), separator=":")
    taken = new_id.is_in(vocabulary.entities["entity_id"].implode())
    apart = pl.when(taken).then(new_id + "-new").otherwise(new_id)
    return typed.select(*NAME_KEY, "entity_type", entity_id=pl.coalesce("known_id", apart))


def _entities(
    identified: pl.DataFrame, papers: pl.DataFrame, texts: pl.DataFrame, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Columns of `Entities`."""
    dated = identified.join(papers.select("paper_id", "published_on"), on="paper_id", how="left", maintain_order="left")
    counted = dated.group_by("entity_id").agg(
        pl.col("entity_type").first().alias("type"),
        pl.col("paper_id").n_unique().cast(pl.Int64).alias("n_papers"),
        pl.col("published_on").min().alias("first_seen_on"),
        pl.col("surface").unique().alias("seen"),
    )
    known = vocabulary.entities.select("entity_id", known_name="name", known_family="family", known_aliases="aliases")
    names = _new_names(dated)
    told = (
        counted.join(known, on="entity_id", how="left")
        .join(names, on="entity_id", how="left")
        .join(_introductions(dated, texts), on="entity_id", how="left")
        .with_columns(name=pl.coalesce("known_name", "canonical"))
    )
    parsed = parse_model_name(pl.col("name"))
    base = pl.when(parsed.struct.field("version").is_not_null()).then(parsed.struct.field("base"))
    forms = pl.concat_list(pl.col("known_aliases").fill_null([]), "seen").list.unique().list.sort()
    return told.with_columns(
        family=pl.coalesce("known_family", base), aliases=forms.list.set_difference(pl.concat_list("name")).list.sort()
    ).sort("entity_id")


def _new_names(dated: pl.DataFrame) -> pl.DataFrame:
    """The canonical form that most papers use: entity_id, canonical."""
    used = dated.group_by("entity_id", "canonical").agg(
        papers=pl.col("paper_id").n_unique().cast(pl.Int64), spans=pl.len().cast(pl.Int64)
    )
    ordered = used.sort("entity_id", -pl.col("papers"), -pl.col("spans"), "canonical")
    return ordered.unique("entity_id", keep="first", maintain_order=True).select("entity_id", "canonical")


def _introductions(dated: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """The earliest paper that presents each entity as its own: entity_id, introduced_by."""
    introduced = introduced_names(texts).select("paper_id", folded=fold(pl.col("introduced"))).unique()
    by_paper = dated.select("entity_id", "paper_id", "published_on", folded=fold(pl.col("surface"))).unique()
    claims = by_paper.join(introduced, on=["paper_id", "folded"], how="semi")
    ordered = claims.sort("published_on", "paper_id", nulls_last=True)
    return ordered.group_by("entity_id", maintain_order=True).agg(introduced_by=pl.col("paper_id").first())
