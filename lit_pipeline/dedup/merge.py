"""Papers out of clusters of records: identifiers, fields, superseded identifiers, observations.

Which record gives a field is stated in `fields`; which records are one paper is decided in `match`.
"""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.dedup.fields import FIELD_RULES, chosen_records
from lit_pipeline.dedup.titles import hexadecimal
from lit_pipeline.tables.papers import PaperAliases, PaperMetrics, PaperRecords, Papers
from lit_pipeline.tables.schema import conform

METRICS = ("upvotes", "n_comments", "github_stars")
"""Columns of records that are observed on a day."""

_ARXIV_PAGE = "https://arxiv.org/abs/{}"


@dataclass(frozen=True)
class Merged:
    """The tables of the paper level. The lazy ones hold texts: write them without gathering them in memory."""

    papers: pl.LazyFrame
    paper_records: pl.LazyFrame
    paper_aliases: pl.DataFrame
    paper_metrics: pl.DataFrame
    paper_fields: pl.DataFrame


def merge(clean: pl.DataFrame | pl.LazyFrame, raw: pl.DataFrame | pl.LazyFrame, matches: pl.DataFrame) -> Merged:
    """Merge the records of each cluster into one paper.

    Args:
        clean: columns of `CleanRecords`.
        raw: columns record_id, source_file, source_sha256, source_format, position, line_start, line_end, raw_title,
            raw_abstract of at least the same records.
        matches: columns of `MATCHES_SCHEMA` for the same records.

    Returns:
        The tables, each sorted by its key.
    """
    clean, raw = clean.lazy(), raw.lazy()
    owners = _owners(clean, matches)
    members = clean.join(owners.lazy(), on="record_id")
    fields = chosen_records(members).collect().sort("paper_id", "field")
    return Merged(
        papers=_papers(clean, _origins(raw, owners), fields),
        paper_records=_paper_records(raw, owners),
        paper_aliases=_aliases(owners),
        paper_metrics=_metrics(members).collect(),
        paper_fields=fields,
    )


def _owners(clean: pl.LazyFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Each record with its paper: paper_id, is_survivor, n_records, and the columns of `matches`."""
    ids = clean.select("record_id", "arxiv_id").collect()
    by_paper = pl.col("survivor_id")
    arxiv_id = pl.col("arxiv_id").drop_nulls().first().over(by_paper)
    is_survivor = pl.col("matched_by") == "self"
    title_id = hexadecimal(pl.col("paper_key").filter(is_survivor).first().over(by_paper))
    return matches.join(ids, on="record_id", validate="1:1").with_columns(
        paper_id=pl.coalesce(pl.format("arxiv:{}", arxiv_id), pl.format("title:{}", title_id)),
        is_survivor=is_survivor,
        n_records=pl.len().over(by_paper).cast(pl.Int64),
    )


def _origins(raw: pl.LazyFrame, owners: pl.DataFrame) -> pl.LazyFrame:
    """Paper, number of its records, and alphabetically first of their files."""
    return (
        raw.select("record_id", "source_file")
        .join(owners.lazy().select("record_id", "paper_id", "n_records"), on="record_id")
        .group_by("paper_id")
        .agg(pl.col("n_records").first(), first_source_file=pl.col("source_file").min())
    )


def _papers(clean: pl.LazyFrame, origins: pl.LazyFrame, fields: pl.DataFrame) -> pl.LazyFrame:
    papers = origins
    for rule in FIELD_RULES:
        chosen = fields.filter(field=rule.field).select("paper_id", "record_id").lazy()
        values = clean.select("record_id", **rule.columns).join(chosen, on="record_id").drop("record_id")
        papers = papers.join(values, on="paper_id", how="left")
    completed = papers.with_columns(
        pl.col("published_on_inferred").fill_null(value=False),
        n_authors=pl.coalesce("n_authors", pl.col("authors").list.len().cast(pl.Int64)),
        url=pl.coalesce("url", pl.format(_ARXIV_PAGE, "arxiv_id")),
    )
    return conform(completed, Papers).sort("paper_id")


def _paper_records(raw: pl.LazyFrame, owners: pl.DataFrame) -> pl.LazyFrame:
    matched = owners.lazy().select("record_id", "paper_id", "matched_by", "similarity")
    return conform(raw.join(matched, on="record_id"), PaperRecords).sort("record_id")


def _aliases(owners: pl.DataFrame) -> pl.DataFrame:
    """Other ids that a record of each paper would give it alone.

    An id that names a paper is no alias. One that several papers would have goes to the paper of a record without
    an arXiv id, which had it before, else to the paper whose id sorts first.
    """
    other_ids = owners.select(
        "paper_id",
        had_it=pl.col("arxiv_id").is_null(),
        old_paper_id=pl.format("title:{}", hexadecimal(pl.col("paper_key"))),
    )
    superseded = other_ids.join(owners, left_on="old_paper_id", right_on="paper_id", how="anti")
    claims = superseded.sort("old_paper_id", ~pl.col("had_it"), "paper_id")
    aliases = claims.unique("old_paper_id", keep="first", maintain_order=True)
    return conform(aliases.lazy(), PaperAliases).collect()


def _metrics(members: pl.LazyFrame) -> pl.LazyFrame:
    """The greatest count of each day: upvotes and stars mostly grow, so it is the day's last."""
    observed = members.filter(pl.col("observed_on").is_not_null() & pl.any_horizontal(pl.col(METRICS).is_not_null()))
    daily = observed.group_by("paper_id", "observed_on").agg(pl.col(METRICS).max())
    return conform(daily, PaperMetrics).sort("paper_id", "observed_on")
