"""The vocabulary of known names: the package's files and the user's own, merged into one table of surface forms.

What belongs here: what names exist and which entity each stands for. How they are found in text is `matches`'
business.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import polars as pl

from lit_pipeline.extraction.names import fold, slug
from lit_pipeline.extraction.patterns import name_patterns
from lit_pipeline.extraction.vocabulary_files import VocabularyError, read_folder

__all__ = ["Vocabulary", "VocabularyError", "fold", "load_vocabulary"]

PACKAGED = Path(str(files("lit_pipeline.extraction"))) / "vocabulary"
TYPE_ORDER = ("benchmark", "model", "dataset", "method")
"""Which type a surface form takes that two entities of one origin claim: the one that is named by it more often
first."""

VERSION_DIGITS = 16
"""Hexadecimal digits of a version: 64 bits."""


@dataclass(frozen=True)
class Vocabulary:
    """Known names.

    terms: one row a surface form: surface, folded, name, family, type, ambiguous, entity_id. One folded form can
    stand for
        two entities only under different surface forms ('OSCAR', 'Oscar'); both are ambiguous then.
    entities: one row an entity: entity_id, type, name, family, aliases (sorted).
    conflicts: one row a claim that was not granted: surface, name, type, place, granted_to (entity_id).
    version: hash of the content.
    """

    terms: pl.DataFrame
    entities: pl.DataFrame
    conflicts: pl.DataFrame
    version: str

    @cached_property
    def patterns(self) -> pl.DataFrame:
        """How the names may be written: pattern (see `patterns`), known_as (surface form), and the terms' columns."""
        return name_patterns(self.terms.rename({"surface": "known_as"}).drop("folded", "family"), "known_as")


def load_vocabulary(user_folder: Path | None = None) -> Vocabulary:
    """The package's vocabulary, extended and overridden by the user's files of the same names.

    A user's row whose folded name is a packaged one of the same type takes its place and keeps its aliases; family
    and ambiguity that the user leaves empty stay as packaged. Where two entities claim one surface form, the user's
    wins, else the order of `TYPE_ORDER`, else the first in the file.

    Raises:
        VocabularyError: a file or folder can't be used.

    """
    packaged = read_folder(PACKAGED)
    rows = packaged if user_folder is None else _overridden(packaged, read_folder(user_folder))
    return vocabulary_of(rows)


def vocabulary_of(rows: pl.DataFrame) -> Vocabulary:
    """Vocabulary of read rows (columns of `vocabulary_files.ROWS`), earlier rows winning within a type."""
    entities = _identified(rows)
    claims = _claims(entities)
    shared = pl.col("entity_id").n_unique().over("folded") > 1
    terms = (
        claims.with_columns(ambiguous=pl.col("ambiguous") | shared)
        .filter("granted")
        .select("surface", "folded", "name", "family", "type", "ambiguous", "entity_id")
        .sort("folded", "surface")
    )
    conflicts = (
        claims.filter(~pl.col("granted") & (pl.col("entity_id") != pl.col("granted_to")))
        .select("surface", "name", "type", "place", "granted_to")
        .sort("surface", "type", "name")
    )
    aliases = (
        terms.filter(pl.col("surface") != pl.col("name")).group_by("entity_id").agg(aliases=pl.col("surface").sort())
    )
    listed = (
        entities.join(aliases, on="entity_id", how="left", suffix="_granted", maintain_order="left")
        .select("entity_id", "type", "name", "family", aliases=pl.col("aliases_granted").fill_null([]))
        .sort("entity_id")
    )
    return Vocabulary(terms, listed, conflicts, _version(terms))


def _overridden(packaged: pl.DataFrame, user: pl.DataFrame) -> pl.DataFrame:
    """Rows of both, the user's first; a packaged row that the user names again gives what the user leaves open."""
    key = (fold(pl.col("name")).alias("key"),)
    known = packaged.with_columns(key).unique(["type", "key"], keep="first", maintain_order=True)
    told = user.with_columns(key)
    merged = told.join(known, on=["type", "key"], how="left", suffix="_packaged", maintain_order="left").select(
        "type",
        "name",
        pl.coalesce("family", "family_packaged").alias("family"),
        pl.concat_list(
            "aliases", pl.col("aliases_packaged").fill_null([]), pl.concat_list("name_packaged").list.drop_nulls()
        ).alias("aliases"),
        pl.coalesce("ambiguous", "ambiguous_packaged").alias("ambiguous"),
        "place",
    )
    rest = packaged.with_columns(key).join(told, on=["type", "key"], how="anti", maintain_order="left").drop("key")
    return pl.concat([merged.with_columns(user=True), rest.with_columns(user=False)])


def _identified(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with entity_id; of two names of one type with one fold the first stays, the other's become aliases."""
    of_user = pl.col("user") if "user" in rows.columns else pl.lit(value=False)
    keyed = rows.with_columns(fold(pl.col("name")).alias("key"), of_user.alias("user"))
    merged = keyed.group_by("type", "key", maintain_order=True).agg(
        pl.col("name", "family", "place", "user").first(),
        pl.concat_list("aliases", pl.concat_list("name")).explode().unique(maintain_order=True).alias("aliases"),
        pl.col("ambiguous").first().fill_null(value=False),
    )
    identified = merged.with_columns(entity_id=pl.concat_str("type", slug(pl.col("name")), separator=":"))
    taken = identified.filter(pl.col("entity_id").is_duplicated())
    if not taken.is_empty():
        places = " and ".join(taken.filter(pl.col("entity_id") == taken["entity_id"][0])["place"].head(2))
        raise VocabularyError(f"{places}: two names give one identifier, '{taken['entity_id'][0]}'")
    return identified


def _claims(entities: pl.DataFrame) -> pl.DataFrame:
    """Surface forms that the entities claim, with whether each is granted and to whom instead."""
    order = pl.col("type").replace_strict({kind: rank for rank, kind in enumerate(TYPE_ORDER)}, return_dtype=pl.Int8)
    claims = (
        entities.with_row_index("row")
        .with_columns(surface=pl.concat_list(pl.concat_list("name"), "aliases"))
        .explode("surface")
        .unique(["row", "surface"], keep="first", maintain_order=True)
        .with_columns(
            folded=fold(pl.col("surface")),
            rank=pl.struct(~pl.col("user"), pl.col("surface") != pl.col("name"), order, "row").rank("ordinal"),
        )
    )
    winner = pl.col("entity_id").sort_by("rank").first().over("surface")
    return claims.with_columns(granted_to=winner).with_columns(granted=pl.col("entity_id") == pl.col("granted_to"))


def _version(terms: pl.DataFrame) -> str:
    """Hash of all that decides what the vocabulary finds."""
    return hashlib.sha256(terms.write_csv().encode()).hexdigest()[:VERSION_DIGITS]
