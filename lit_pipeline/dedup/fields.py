"""Which record gives each field of a paper: one stated rule a field, and the table `paper_fields` of the choices."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class FieldRule:
    """How the record that gives a field is chosen among a paper's records.

    The first record in ascending `order` that has a `value` is taken; where that leaves a choice, the survivor, then
    the record whose id sorts first.
    """

    field: str
    why: str
    value: pl.Expr
    order: tuple[pl.Expr, ...] = ()
    carries: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, pl.Expr]:
        """Columns of `papers` that the record gives, by name: the field, and those that go with it."""
        return {self.field: self.value} | {name: pl.col(name) for name in self.carries}


_LATEST = (pl.col("observed_on").is_null(), -pl.col("observed_on").to_physical())
"""Ascending from the latest observation down; one without a day comes last."""


def _latest(field: str, why: str) -> FieldRule:
    return FieldRule(field, why, pl.col(field), (*_LATEST, -pl.col(field)))


def _longest_list(field: str) -> FieldRule:
    return FieldRule(field, "longest list", pl.col(field), (-pl.col(field).list.len().cast(pl.Int64),))


def _real_abstract() -> pl.Expr:
    """Abstract, but not one that repeats the machine-written summary."""
    is_summary = (pl.col("abstract") == pl.col("ai_summary")).fill_null(value=False)
    return pl.when(~is_summary).then("abstract")


FIELD_RULES = (
    FieldRule("arxiv_id", "the paper's identifier", pl.col("arxiv_id")),
    FieldRule("title", "the survivor's", pl.col("title")),
    FieldRule("abstract", "longest abstract", _real_abstract(), (-pl.col("abstract").str.len_chars().cast(pl.Int64),)),
    _longest_list("authors"),
    FieldRule("n_authors", "greatest number stated", pl.col("n_authors"), (-pl.col("n_authors"),)),
    FieldRule(
        "published_on",
        "earliest stated, else earliest inferred",
        pl.col("published_on"),
        (pl.col("published_on_inferred"), pl.col("published_on")),
        carries=("published_on_inferred",),
    ),
    FieldRule("featured_on", "earliest", pl.col("featured_on"), (pl.col("featured_on"),)),
    _latest("upvotes", "latest observation"),
    _latest("n_comments", "latest observation"),
    _latest("github_stars", "latest observation"),
    FieldRule("organisation", "latest observation", pl.col("organisation"), _LATEST),
    _longest_list("categories"),
    FieldRule("url", "the survivor's, else the first record's that has one", pl.col("url")),
    FieldRule("code_url", "the survivor's, else the first record's that has one", pl.col("code_url")),
    FieldRule("ai_summary", "latest observation", pl.col("ai_summary"), _LATEST),
)
"""The rule of each field of `papers` that a record gives."""


def chosen_records(members: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of the table `paper_fields`.

    Args:
        members: cleaned records with the columns paper_id, is_survivor and n_records (of the paper).
    """
    sole = members.filter(pl.col("n_records") == 1)
    several = members.filter(pl.col("n_records") > 1)
    return pl.concat(
        [_having(sole, rule) for rule in FIELD_RULES] + [_first_chosen(several, rule) for rule in FIELD_RULES]
    )


def _having(members: pl.LazyFrame, rule: FieldRule) -> pl.LazyFrame:
    return members.filter(rule.value.is_not_null()).select(
        "paper_id", "record_id", field=pl.lit(rule.field), rule=pl.lit(rule.why)
    )


def _first_chosen(members: pl.LazyFrame, rule: FieldRule) -> pl.LazyFrame:
    keys = [expression.alias(f"order_{place}") for place, expression in enumerate(rule.order)]
    candidates = members.filter(rule.value.is_not_null()).select("paper_id", "record_id", "is_survivor", *keys)
    best_first = ["paper_id", *(f"order_{place}" for place in range(len(keys))), ~pl.col("is_survivor"), "record_id"]
    return (
        candidates.sort(best_first)
        .unique("paper_id", keep="first", maintain_order=True)
        .select("paper_id", "record_id", field=pl.lit(rule.field), rule=pl.lit(rule.why))
    )
