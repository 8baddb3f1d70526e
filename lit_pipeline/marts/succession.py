"""Mart of what replaces what: newer models of a family that papers now name more often than an older one."""

import polars as pl
from scipy import stats

from lit_pipeline.marts.named import dated_entities
from lit_pipeline.marts.windows import counts_by_window, windows_of
from lit_pipeline.tables.marts import ModelSuccession
from lit_pipeline.tables.schema import empty_frame

MIN_PAPERS = 3
"""Papers of the older model before, and of the newer model recently, below which neither was in use."""

PAIR = ("older_id", "newer_id")


def model_succession(papers: pl.LazyFrame, mentions: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Mart `model_succession`: pairs where the older was in use before, and the newer leads in the recent window.

    The p-value is that of the one-sided sign test (Dixon and Mood, Journal of the American Statistical Association
    41, 1946): of the recent papers that name either, the chance of so many for the newer, were each as likely.
    Papers that name both count for both.
    """
    windows = windows_of(papers)
    if windows is None:
        return empty_frame(ModelSuccession).lazy()
    models = entities.filter(pl.col("type").cast(pl.String) == "model").drop_nulls("family")
    of_families = mentions.join(models.select("entity_id"), on="entity_id", how="semi")
    dated = dated_entities(papers, of_families).select("entity_id", "published_on").collect().lazy()
    members = models.select("entity_id", "family", entity="name").join(
        counts_by_window(dated, windows).drop("past_papers"), on="entity_id"
    )
    pairs = _leading_pairs(members, dated).collect()
    leads = _with_sign_test(pairs).lazy()
    same_line = _line(pl.col("older")) == _line(pl.col("newer"))
    taken_over = leads.join(_overtaken(leads, dated), on=PAIR).with_columns(same_line=same_line)
    return taken_over.sort("family", "newer_first_on", *PAIR)


def _line(name: pl.Expr) -> pl.Expr:
    """A name without version numbers and punctuation: 'qwen' for 'Qwen2.5', 'qwenvl' for 'Qwen2-VL'."""
    return name.str.to_lowercase().str.replace_all(r"[^\p{L}]", "")


def _leading_pairs(members: pl.LazyFrame, dated: pl.LazyFrame) -> pl.LazyFrame:
    names = {"entity_id": "id", "entity": "", "first_on": "first_on", "recent_papers": "recent_papers"}
    older, newer = (
        members.rename({name: f"{side}_{suffix}".rstrip("_") for name, suffix in names.items()})
        for side in ("older", "newer")
    )
    in_use_now = newer.filter(pl.col("newer_recent_papers") >= MIN_PAPERS)
    pairs = in_use_now.join(older, on="family").filter(
        (pl.col("older_first_on") < pl.col("newer_first_on"))
        & (pl.col("older_recent_papers") < pl.col("newer_recent_papers"))
    )
    return (
        pairs.sort("newer_first_on")
        .join_asof(
            _papers_so_far(dated).sort("published_on"),
            left_on="newer_first_on",
            right_on="published_on",
            by_left="older_id",
            by_right="entity_id",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("older_papers_before") >= MIN_PAPERS)
    )


def _papers_so_far(dated: pl.LazyFrame) -> pl.LazyFrame:
    """Papers that name an entity up to a day: entity_id, published_on, older_papers_before."""
    by_day = dated.group_by("entity_id", "published_on").agg(pl.len().cast(pl.Int64).alias("papers"))
    so_far = pl.col("papers").cum_sum().over("entity_id", order_by="published_on")
    return by_day.select("entity_id", "published_on", older_papers_before=so_far)


def _with_sign_test(pairs: pl.DataFrame) -> pl.DataFrame:
    newer = pairs["newer_recent_papers"].to_numpy()
    both = newer + pairs["older_recent_papers"].to_numpy()
    return pairs.with_columns(pl.Series("p_value", stats.binom.sf(newer - 1, both, 0.5), dtype=pl.Float64))


def _overtaken(pairs: pl.LazyFrame, dated: pl.LazyFrame) -> pl.LazyFrame:
    """When the newer model took over: older_id, newer_id, overtaken_in.

    That is the first month in which it leads after the last in which it was behind.
    A pair without such a month, because the older one leads in the last, is left out.
    """
    by_month = dated.group_by("entity_id", month=pl.col("published_on").dt.truncate("1mo")).len("papers")
    months = pl.concat(
        pairs.select(PAIR)
        .join(by_month, left_on=side, right_on="entity_id")
        .with_columns(lead=sign * pl.col("papers").cast(pl.Int64))
        for side, sign in (("older_id", -1), ("newer_id", 1))
    )
    leads = months.group_by(*PAIR, "month").agg(pl.col("lead").sum())
    last_behind = pl.col("month").filter(pl.col("lead") < 0).max()
    after = pl.col("month").filter((pl.col("month") > last_behind.fill_null(pl.date(1, 1, 1))) & (pl.col("lead") > 0))
    return leads.group_by(PAIR).agg(after.min().alias("overtaken_in")).drop_nulls("overtaken_in")
