"""Links named spans to entities: which names are one thing, what it is called, which paper introduced it.

What belongs here: decisions over the whole corpus, which need no text any more. What stands where in a text is decided
before, in `extract`, and the name a span goes by in `naming`.

Names of two kinds are never one entity: systems (models, methods) and data (benchmarks, datasets). Within a kind a
name of the vocabulary has the vocabulary's type; a new name the type it is used as in most papers.
"""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.extraction.model_names import parse_model_name
from lit_pipeline.extraction.names import slug
from lit_pipeline.extraction.naming import name_spans
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
    """Entities of the spans of papers that are at hand: `name_spans`, then `link_names`.

    Args:
        spans: columns of `Spans`.
        papers: paper_id, title, abstract, published_on.
        vocabulary: the known names.

    """
    named = name_spans(spans, papers.select("paper_id", "title", "abstract"), vocabulary)
    entities, mentions = link_names(named.lazy(), papers.lazy(), vocabulary)
    return Linked(entities, mentions.collect())


def link_names(named: pl.LazyFrame, papers: pl.LazyFrame, vocabulary: Vocabulary) -> tuple[pl.DataFrame, pl.LazyFrame]:
    """Entities of all named spans of a corpus.

    Args:
        named: columns of `NamedSpans`.
        papers: paper_id, published_on.
        vocabulary: the known names.

    Returns:
        Entities sorted by entity_id, and mentions, not yet collected, sorted by paper_id, field and start: the columns
        of `Entities` and of `Mentions`. The same for any order of the rows.

    """
    identities = _identities(named, vocabulary)
    identified = named.join(identities.lazy(), on=NAME_KEY, how="left")
    mentions = identified.with_columns(type="entity_type").sort("paper_id", "field", "start")
    entities = _entities(identified, papers.select("paper_id", "published_on"), vocabulary)
    return entities.select(_cast(Entities)), mentions.select(_cast(Mentions))


def _cast(table: type[Entities | Mentions]) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items()]


def _identities(named: pl.LazyFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Identifier and type of each name: `NAME_KEY`, entity_id, entity_type."""
    votes = (
        named.group_by(*NAME_KEY, pl.col("type").cast(pl.String))
        .agg(pl.col("paper_id").n_unique().cast(pl.Int64).alias("papers"), pl.col("known_id").min())
        .collect(engine="streaming")
    )
    order = pl.col("type").replace_strict({kind: at for at, kind in enumerate(TYPE_ORDER)}, return_dtype=pl.Int8)
    chosen = (
        votes.sort(-pl.col("papers"), order)
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


def _entities(identified: pl.LazyFrame, dates: pl.LazyFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Entities with the columns of `Entities`, sorted by entity_id."""
    dated = identified.join(dates, on="paper_id", how="left")
    counted, seen, forms, claims = pl.collect_all(
        [_counted(dated), _surfaces(identified), _forms(identified), _claims(dated)], engine="streaming"
    )
    known = vocabulary.entities.select("entity_id", known_name="name", known_family="family", known_aliases="aliases")
    told = (
        counted.join(known, on="entity_id", how="left")
        .join(seen, on="entity_id", how="left")
        .join(_commonest(forms), on="entity_id", how="left")
        .join(_introductions(claims), on="entity_id", how="left")
        .with_columns(name=pl.coalesce("known_name", "canonical"))
    )
    parsed = parse_model_name(pl.col("name"))
    base = pl.when(parsed.struct.field("version").is_not_null()).then(parsed.struct.field("base"))
    aliases = pl.concat_list(pl.col("known_aliases").fill_null([]), "seen").list.unique().list.sort()
    return told.with_columns(
        family=pl.coalesce("known_family", base),
        aliases=aliases.list.set_difference(pl.concat_list("name")).list.sort(),
    ).sort("entity_id")


def _counted(dated: pl.LazyFrame) -> pl.LazyFrame:
    """One row an entity: entity_id, type, n_papers, first_seen_on."""
    return dated.group_by("entity_id").agg(
        pl.col("entity_type").min().alias("type"),
        pl.col("paper_id").n_unique().cast(pl.Int64).alias("n_papers"),
        pl.col("published_on").min().alias("first_seen_on"),
    )


def _surfaces(identified: pl.LazyFrame) -> pl.LazyFrame:
    """Surface forms of each entity: entity_id, seen."""
    return identified.select("entity_id", "surface").unique().group_by("entity_id").agg(seen="surface")


def _forms(identified: pl.LazyFrame) -> pl.LazyFrame:
    """How often each entity goes by each canonical form: entity_id, canonical, papers, spans."""
    return identified.group_by("entity_id", "canonical").agg(
        papers=pl.col("paper_id").n_unique().cast(pl.Int64), spans=pl.len().cast(pl.Int64)
    )


def _commonest(forms: pl.DataFrame) -> pl.DataFrame:
    """The canonical form that most papers use: entity_id, canonical."""
    ordered = forms.sort("entity_id", -pl.col("papers"), -pl.col("spans"), "canonical")
    return ordered.unique("entity_id", keep="first", maintain_order=True).select("entity_id", "canonical")


def _claims(dated: pl.LazyFrame) -> pl.LazyFrame:
    """Papers that present an entity as their own: entity_id, paper_id, published_on."""
    return dated.filter("introduced").select("entity_id", "paper_id", "published_on").unique()


def _introductions(claims: pl.DataFrame) -> pl.DataFrame:
    """The earliest paper that presents each entity as its own: entity_id, introduced_by."""
    ordered = claims.sort("published_on", "paper_id", nulls_last=True)
    return ordered.group_by("entity_id", maintain_order=True).agg(introduced_by=pl.col("paper_id").first())
