"""The cleaning stage: raw records in, clean and rejected records out, one batch at a time.

Each column's rule stands in the module named after it; here they are put together. A record is rejected for one
reason only: it has no title. Everything else that is missing or can't be read becomes null.
"""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.cleaning.dates import capture_year, has_year, observed_on, printed_day
from lit_pipeline.cleaning.identifiers import arxiv_id, implied_month, web_address
from lit_pipeline.cleaning.names import clean_names, count_names
from lit_pipeline.cleaning.text import repair_named, repair_text
from lit_pipeline.tables.records import CleanRecords, RejectedRecords
from lit_pipeline.tables.schema import polars_schema

CLEANING_VERSION = 2
"""Raise it when cleaning gives another result for the same record: all records are then cleaned again."""

HAS_LETTER_OR_DIGIT = r"[\p{L}\p{N}]"
EXCERPT_CHARACTERS = 200

METRICS = ("upvotes", "n_comments", "github_stars")


@dataclass(frozen=True)
class Cleaned:
    """What becomes of a batch of raw records; each is in one of the two frames, in the order of the batch.

    Attributes:
        records: those taken, with the columns of `CleanRecords`.
        rejected: those without a title, with the columns of `RejectedRecords`.
    """

    records: pl.DataFrame
    rejected: pl.DataFrame


def clean_records(raw: pl.DataFrame) -> Cleaned:
    """Clean a batch of raw records; the result for a record never depends on the others.

    Args:
        raw: rows with the columns of `RawRecords`.
    """
    repaired = repair_named(raw.with_columns(title="raw_title", abstract="raw_abstract"), ["title", "abstract"])
    has_title = pl.col("title").str.contains(HAS_LETTER_OR_DIGIT).fill_null(value=False)
    return Cleaned(
        records=repaired.filter(has_title).pipe(_with_clean_columns).select(_typed(CleanRecords)),
        rejected=repaired.filter(~has_title).pipe(_with_reason).select(_typed(RejectedRecords)),
    )


def _typed(table: type[CleanRecords] | type[RejectedRecords]) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items()]


def _with_clean_columns(records: pl.DataFrame) -> pl.DataFrame:
    year = capture_year(pl.col("latest_printed_year"), pl.col("captured_on"), pl.col("file_modified_on"))
    identified = records.with_columns(
        abstract=_not_empty(pl.col("abstract")),
        arxiv_id=pl.coalesce(arxiv_id(pl.col("raw_arxiv_id")), arxiv_id(pl.col("url"))),
        authors=clean_names(pl.col("authors")),
        categories=_not_empty_list(pl.col("categories")),
        organisation=_not_empty(repair_text("organisation")),
        ai_summary=_not_empty(repair_text("ai_summary")),
        url=web_address(pl.col("url")),
        code_url=web_address(pl.col("code_url")),
        printed_on=printed_day(pl.col("printed_date"), year),
        page_on=printed_day(pl.col("page_date"), year),
        **{metric: pl.when(pl.col(metric) >= 0).then(pl.col(metric)) for metric in METRICS},
    )
    return identified.with_columns(
        n_authors=count_names(pl.col("n_authors"), pl.col("authors")),
        published_on=pl.coalesce("published_on", "printed_on", implied_month(pl.col("arxiv_id"))),
        published_on_inferred=_inferred(),
        observed_on=observed_on(
            [pl.col(metric) for metric in METRICS],
            [pl.col(day) for day in ("captured_on", "page_on", "featured_on", "file_modified_on")],
        ),
    )


def _inferred() -> pl.Expr:
    """Whether the day of publication was completed: a printed one without year, or the month an arXiv id implies."""
    return (
        pl.when(pl.col("published_on").is_not_null())
        .then(statement=False)
        .when(pl.col("printed_on").is_not_null())
        .then(~has_year(pl.col("printed_date")))
        .otherwise(pl.col("arxiv_id").is_not_null())
    )


def _with_reason(records: pl.DataFrame) -> pl.DataFrame:
    found = pl.coalesce(_not_empty(pl.col("raw_title")), pl.col("raw_abstract"))
    return records.with_columns(
        stage=pl.lit("cleaning"),
        reason=pl.lit("missing_title"),
        detail=pl.lit("The record has no title: nothing with a letter or a digit is left of it after repair."),
        excerpt=_not_empty(found.str.slice(0, EXCERPT_CHARACTERS)),
    )


def _not_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.strip_chars().str.len_bytes() > 0).then(text)


def _not_empty_list(texts: pl.Expr) -> pl.Expr:
    stripped = texts.list.eval(pl.element().str.strip_chars())
    kept = stripped.list.eval(pl.element().filter(pl.element().str.len_bytes() > 0))
    return pl.when(kept.list.len() > 0).then(kept)
