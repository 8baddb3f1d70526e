"""The canonical name of a surface form, and the vocabulary's entity of that name.

What belongs here: 'Llama-3 (8B)' is Llama 3, 'ILSVRC 2012' is ImageNet-1K, 'SWE-bench Verified' is not SWE-bench. A
surface form is looked up as it stands first, then with less and less of what may be attached to a name.
"""

import polars as pl

from lit_pipeline.extraction.model_names import (
    base_of,
    is_own_edition,
    variant_of,
    version_of,
    without_size,
    without_size_and_variant,
    without_variant,
)
from lit_pipeline.extraction.names import fold, singular
from lit_pipeline.extraction.vocabulary import Vocabulary

DATA_TYPES = ("benchmark", "dataset")
SURFACE = ["spelled", "kind", "type"]

GENERIC_END = (
    r"(?i)\s+(?:benchmarks?|datasets?|test ?sets?|corpus|challenge|leaderboard|series|family|(?:diffusion )?models?|"
    r"llm|cnn|vision transformer|dense|(?:text|image)-to-\w+(?:/\w+)?)$"
)
MAKER = (
    r"^(?i:openai|anthropic|google|(?:google )?deepmind|microsoft|nvidia|alibaba|baidu|tencent|bytedance|huawei|apple|"
    r"amazon|ibm|salesforce|stanford|cohere|xai|mistral ai|stability ai|zhipu|moonshot|ultralytics)[- ]|"
    r"^(?i:meta)[- ]((?i:llama))"
)
"""Who made a model, before its name: 'OpenAI o3'; 'Meta-' is often part of a name."""

BEFORE_NUMBER = r"\b[vV](\d)"
"""'Quux v1.5' is 'Quux 1.5'."""

OWN_ACRONYM = r"^[^()]{8,} \((\p{Lu}[\w+-]*[\p{Lu}\d][\w+-]*)\)$"
"""A long form with its acronym in one: 'Mixture of Foos (MoFoo)'."""

FIRST_MEMBER = r"^(.*\d[KM]?)/\d+[KM]?$"
"""'CIFAR-10/100' names its first member."""

RESOLUTION = r"(\d)\s*(?:×|times)\s*(\d)"
"""An image size: 'ImageNet 256×256' is 'ImageNet 256x256'."""

SPLIT_END = r"(?:[-_](?:test(?:-?(?:dev|mini|std))?|val(?:id(?:ation)?)?|dev|mini(?:-?test)?)| \([vV]\d+\))$"
"""A part or issue of a benchmark that names no benchmark of its own: 'miniF2F-test', 'LiveCodeBench (V4)'."""

POINT_ZERO = r"(\d)\.0([^\p{N}.]|$)"
"""'Quux 2.0' is 'Quux 2'."""

ACRONYM_PLURAL = r"(\p{Lu}\p{L}?\p{Lu})s$"
HEAD_PLURAL = r"( (?i:network|transformer|machine|autoencoder)|\p{Lu}Net)s$"
"""A noun that says what a model is, in the plural: 'Looped Transformers'. 'Models' is often meant so."""


def kind_of(entity_type: pl.Expr) -> pl.Expr:
    """'data' for benchmarks and datasets, 'system' for models and methods; names of two kinds are never one entity."""
    return pl.when(entity_type.is_in(DATA_TYPES)).then(pl.lit("data")).otherwise(pl.lit("system"))


def named_surfaces(surfaces: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Canonical names of surface forms.

    Args:
        surfaces: spelled (the surface form), kind ('system' or 'data'), type; distinct rows.
        vocabulary: the known names.

    Returns:
        The columns of `surfaces`, canonical (name), key (its fold), known_id (entity of the vocabulary or null).

    """
    known = _known(surfaces, vocabulary)
    new = _left(surfaces, known).select(*SURFACE, known_id=pl.lit(None, pl.String), canonical=_new_name())
    return pl.concat([known, new]).with_columns(key=fold(_without_point_zero(pl.col("canonical"))))


def _known(surfaces: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Surface forms that the vocabulary knows under one of their forms: spelled, kind, type, known_id, canonical."""
    entities = vocabulary.entities.select(known_id="entity_id", canonical="name")
    terms = _terms(vocabulary)
    exact = vocabulary.terms.select(form="surface", kind=kind_of(pl.col("type")), known_id="entity_id").unique()
    found = [_looked_up(surfaces.with_columns(form="spelled"), exact)]
    left = _left(surfaces, found[-1])
    found.append(_looked_up(left.with_columns(form=fold(pl.col("spelled"))), terms))
    left = _taken_apart(_left(left, found[-1]))
    for form in _forms():
        written = left.with_columns(form=form).filter(pl.col("form") != pl.col("spelled"))
        found.append(_looked_up(written.with_columns(fold(pl.col("form"))), terms))
        left = _left(left, found[-1])
    return pl.concat(found).join(entities, on="known_id", how="left", maintain_order="left")


def _looked_up(written: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Surface forms whose `form` is among the terms: spelled, kind, type, known_id."""
    return written.join(terms, on=["form", "kind"], maintain_order="left").select(*SURFACE, "known_id")


def _left(surfaces: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    return surfaces.join(found, on=SURFACE, how="anti", maintain_order="left")


def _taken_apart(surfaces: pl.DataFrame) -> pl.DataFrame:
    """Surface forms with bare (no maker, no generic noun) and, of systems, unsized, version and variant of that."""
    bare = surfaces.with_columns(bare=pl.col("spelled").str.replace(GENERIC_END, "").str.replace(MAKER, "$1"))
    unsized = bare.with_columns(unsized=pl.when(pl.col("kind") == "system").then(without_size(pl.col("bare"))))
    return unsized.with_columns(version=version_of(pl.col("unsized")), variant=variant_of(pl.col("unsized")))


def _forms() -> tuple[pl.Expr, ...]:
    """Other forms under which a surface form is looked up, the fullest first; columns as of `_taken_apart`."""
    spelled, bare, unsized, version = pl.col("spelled"), pl.col("bare"), pl.col("unsized"), pl.col("version")
    of_data = pl.when(pl.col("kind") == "data")
    versioned = pl.concat_str(base_of(unsized), version.fill_null(""), separator=" ")
    return (
        _without_point_zero(spelled),
        singular(spelled),
        spelled.str.replace_all(BEFORE_NUMBER, "$1"),
        spelled.str.extract(OWN_ACRONYM),
        spelled.str.replace(GENERIC_END, ""),
        pl.when(unsized.is_not_null()).then(bare),
        unsized,
        without_variant(unsized),
        pl.when(~is_own_edition(bare, version, pl.col("variant"))).then(versioned),
        of_data.then(spelled.str.extract(FIRST_MEMBER)),
        of_data.then(spelled.str.replace(SPLIT_END, "")),
    )


def _without_point_zero(name: pl.Expr) -> pl.Expr:
    return name.str.replace(POINT_ZERO, "$1$2")


def _terms(vocabulary: Vocabulary) -> pl.DataFrame:
    """Entities by folded form and kind: form, kind, known_id."""
    terms = vocabulary.terms.with_columns(kind=kind_of(pl.col("type")))
    return (
        terms.sort("folded", "kind", "ambiguous", "entity_id")
        .unique(["folded", "kind"], keep="first", maintain_order=True)
        .select("kind", form="folded", known_id="entity_id")
    )


def _new_name() -> pl.Expr:
    """Canonical name of a name that the vocabulary doesn't hold."""
    spelled = pl.coalesce(pl.col("spelled").str.extract(OWN_ACRONYM), "spelled")
    model = (
        pl.when(pl.col("type") == "model")
        .then(without_size_and_variant(spelled).str.replace(HEAD_PLURAL, "$1"))
        .otherwise(spelled)
    )
    member = pl.coalesce(model.str.extract(FIRST_MEMBER), model)
    data = member.str.replace(SPLIT_END, "").str.replace(RESOLUTION, "${1}x${2}")
    return pl.when(pl.col("kind") == "data").then(data).otherwise(model.str.replace(ACRONYM_PLURAL, "$1"))
