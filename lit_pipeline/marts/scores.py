"""Mart of scores: every absolute value that a paper reports on a benchmark, in one unit and direction a metric.

Ranking them is `leaderboard.py`'s; which text is a result, and whose, was decided when results were extracted.
"""

import polars as pl

from lit_pipeline.marts.metrics import UNNAMED, folded

BOARD = ("benchmark_id", "metric", "unit")
"""Columns whose values are the same in all scores that can be compared."""

PERCENT = "%"
HIGHEST_BOUNDED = 100.0
"""Highest value of a bounded metric, in per cent or on a scale to 100."""

QUALIFIERS = (
    r"^(?:(?:a|an|the|new|overall|final|total|aggregate|average|avg\.?|mean|best|minimal|competitive|state-of-the-art"
    r"|generation|test|validation|db)\s+)+"
)
"""Words before a metric's name that make no metric of its own of it, where the table doesn't list them with it."""

HIGHEST_FRACTION = 1.0
"""A metric in per cent that is written without a sign is a fraction up to this value."""


def benchmark_scores(
    papers: pl.LazyFrame, entities: pl.LazyFrame, results: pl.LazyFrame, metrics: pl.DataFrame
) -> pl.LazyFrame:
    """Mart `benchmark_scores`: results of kind 'score' that name a benchmark; the model may be unknown.

    Units become those of the metric: fractions and bare numbers of a metric in per cent are percentages. A bare
    number without a metric is a percentage where most scores of the benchmark are. A metric of which
    the table knows no word goes the way most known metrics of the same benchmark go, else up.

    Args:
        papers: table `papers`.
        entities: table `entities`.
        results: table `results`.
        metrics: from `load_metrics`.

    """
    scores = results.filter(pl.col("kind").cast(pl.String) == "score").drop_nulls("benchmark_id")
    known = _with_metric(scores.rename({"value": "reported_value", "unit": "reported_unit"}), metrics).with_columns(
        value=_value(),
        unit=_unit(),
        direction_from=_direction_from(),
        higher_is_better=_higher_is_better(),
    )
    in_one_unit = known.with_columns(unit=_unit_of_benchmark()).with_columns(implausible=_implausible())
    return _named(in_one_unit, papers, entities).sort("paper_id", "start", "end")


def _with_metric(scores: pl.LazyFrame, metrics: pl.DataFrame) -> pl.LazyFrame:
    """Scores with the metric's name, metric_unit, higher_is_better and bounded, null where the table knows nothing.

    'FID scores' and 'generation FID' are 'FID'. A name that the table does not know stays, and has the rest from its
    last words: 'zero-shot accuracy' from 'accuracy'.
    """
    written = pl.col("metric").str.to_lowercase().str.strip_chars()
    bare = written.str.replace(r"\s+scores?$", "")
    spellings = {
        "written": written.fill_null(UNNAMED),
        "bare": bare,
        "unqualified": bare.str.replace(QUALIFIERS, ""),
        "last_two": bare.str.extract(r"(\S+\s+\S+)$"),
        "last": bare.str.extract(r"(\S+)$"),
    }
    joined = scores.with_columns(folded(spelling).alias(f"alias_{name}") for name, spelling in spellings.items())
    for name in spellings:
        known = metrics.lazy().select(pl.all().name.suffix(f"_{name}"))
        joined = joined.join(known, on=f"alias_{name}", how="left")
    facts = ("metric_unit", "higher_is_better", "bounded")
    return joined.with_columns(
        pl.coalesce("metric_written", "metric_bare", "metric_unqualified", written, pl.lit(UNNAMED)).alias("metric"),
        *(pl.coalesce(f"{fact}_{name}" for name in spellings).alias(fact) for fact in facts),
    )


def signed_value() -> pl.Expr:
    """A number that is greater the better a score is; implausible ones come after all others."""
    signed = pl.when("higher_is_better").then("value").otherwise(-pl.col("value"))
    return pl.when("implausible").then(-float("inf")).otherwise(signed)


def _is_percentage() -> pl.Expr:
    return (pl.col("metric_unit") == PERCENT).fill_null(value=False)


def _value() -> pl.Expr:
    is_fraction = _is_percentage() & pl.col("reported_unit").is_null() & (pl.col("reported_value") <= HIGHEST_FRACTION)
    return pl.when(is_fraction).then(pl.col("reported_value") * 100).otherwise("reported_value")


def _unit() -> pl.Expr:
    """The metric's unit where the table fixes its scale, else the unit as reported."""
    has_scale = _is_percentage() | pl.col("bounded").fill_null(value=False)
    on_scale = pl.col("reported_unit").fill_null("").is_in(["", PERCENT, "points"])
    return pl.when(has_scale & on_scale).then("metric_unit").otherwise(pl.col("reported_unit").fill_null(""))


def _unit_of_benchmark() -> pl.Expr:
    """The unit; '%' for bare numbers from 1 to 100 without a metric where at least half of the other scores have it."""
    is_bare = (pl.col("metric") == UNNAMED) & (pl.col("unit") == "")
    in_percent = pl.when(~is_bare).then(pl.col("unit") == PERCENT).cast(pl.Float64).mean().over("benchmark_id")
    fits = pl.col("value").is_between(HIGHEST_FRACTION, HIGHEST_BOUNDED, closed="right")
    return pl.when(is_bare & fits & (in_percent >= 1 / 2)).then(pl.lit(PERCENT)).otherwise("unit")


def _upward_share() -> pl.Expr:
    """Share of the benchmark's scores with a known metric whose metric goes up; null where it has none."""
    return pl.col("higher_is_better").cast(pl.Float64).mean().over("benchmark_id")


def _higher_is_better() -> pl.Expr:
    return pl.coalesce("higher_is_better", _upward_share() >= 1 / 2, pl.lit(value=True))


def _direction_from() -> pl.Expr:
    return (
        pl.when(pl.col("higher_is_better").is_not_null())
        .then(pl.lit("metric"))
        .when(_upward_share().is_not_null())
        .then(pl.lit("benchmark"))
        .otherwise(pl.lit("assumed"))
    )


def _implausible() -> pl.Expr:
    bounded = pl.coalesce("bounded", pl.col("unit") == PERCENT)
    return bounded & (pl.col("value") > HIGHEST_BOUNDED)


def _named(scores: pl.LazyFrame, papers: pl.LazyFrame, entities: pl.LazyFrame) -> pl.LazyFrame:
    benchmarks = entities.select(benchmark_id="entity_id", benchmark="name")
    models = entities.select("introduced_by", model_id="entity_id", model="name")
    own_model = (pl.col("introduced_by") == pl.col("paper_id")).fill_null(value=False)
    return (
        scores.join(benchmarks, on="benchmark_id")
        .join(models, on="model_id", how="left")
        .join(papers.select("paper_id", paper="title", reported_on="published_on"), on="paper_id")
        .with_columns(own_model=own_model)
    )
