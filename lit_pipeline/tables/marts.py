"""Marts: tables that answer questions directly. Shares are of papers, so that a bigger month is no growth."""

import dataframely as dy

from lit_pipeline.tables.entities import ENTITY_TYPES

DIRECTION_SOURCES = ("metric", "benchmark", "assumed")
TREND_DIRECTIONS = ("rising", "steady", "falling")

_MONTHLY_GROWTH = "Share divided by the share of the month before, less 1; null where that month is missing or zero."
_UNIT = "'%', 'points' or 'x'; '' where the value has none."
_METRIC = "Name of the metric; 'score' where the text names none."
_VALUE = "The value in `unit`: an accuracy of 0.85 is 85%."
_DIRECTION_FROM = (
    "What the direction is known from: the metric, other metrics of the benchmark, or nothing ('assumed')."
)
_IMPLAUSIBLE = "Whether the value can't be right, such as an accuracy over 100%."
_OWN_MODEL = "Whether that paper introduced the model; else it reports another's."
_LIFT = "Recent share divided by past share; null where the past share is zero."
_P_VALUE = "Chance of so uneven a split between the windows, were the shares equal."
_LEAD_P_VALUE = (
    "Chance of so large a recent lead, were both named equally often; not corrected for the number of pairs."
)
_Q_VALUE = "p_value corrected for the number of names tested (Benjamini and Hochberg)."


class _Monthly(dy.Schema):
    entity_id = dy.String(primary_key=True, description="The entity.")
    entity = dy.String(description="Canonical name.")
    month = dy.Date(primary_key=True, description="First day of the month of publication.")
    papers = dy.Int64(min=0, description="Papers of that month that name it.")
    mentions = dy.Int64(min=0, description="Mentions in those papers.")
    papers_of_month = dy.Int64(min=1, description="All papers of that month: a share of few papers says little.")
    share = dy.Float64(min=0.0, max=1.0, description="Papers that name it, as a share of all papers of that month.")
    growth = dy.Float64(nullable=True, description=_MONTHLY_GROWTH)


class ModelMonthly(_Monthly):
    """One row a model and month with papers, from the model's first month on."""


class BenchmarkMonthly(_Monthly):
    """One row a benchmark and month with papers, from the benchmark's first month on."""


class ModelBenchmark(dy.Schema):
    """One row a model and a benchmark that are named in one paper."""

    model_id = dy.String(primary_key=True, description="The model.")
    model = dy.String(description="Canonical name of the model.")
    benchmark_id = dy.String(primary_key=True, description="The benchmark.")
    benchmark = dy.String(description="Canonical name of the benchmark.")
    papers = dy.Int64(min=1, description="Papers that name both.")
    first_on = dy.Date(nullable=True, description="Publication day of the earliest such paper.")
    last_on = dy.Date(nullable=True, description="Publication day of the latest such paper.")


class BenchmarkScores(dy.Schema):
    """One row an absolute score that a paper reports on a benchmark, in one unit a metric."""

    paper_id = dy.String(primary_key=True, description="Paper that reports it.")
    start = dy.Int64(primary_key=True, min=0, description="First code point of the value in the abstract, from 0.")
    end = dy.Int64(primary_key=True, description="Code point after the value's last.")
    benchmark_id = dy.String(description="The benchmark.")
    benchmark = dy.String(description="Canonical name of the benchmark.")
    metric = dy.String(description=_METRIC)
    unit = dy.String(description=_UNIT)
    model_id = dy.String(nullable=True, description="The model or method, where the text says.")
    model = dy.String(nullable=True, description="Its canonical name.")
    value = dy.Float64(description=_VALUE)
    higher_is_better = dy.Bool(description="Direction of the metric.")
    direction_from = dy.Enum(DIRECTION_SOURCES, description=_DIRECTION_FROM)
    implausible = dy.Bool(description=_IMPLAUSIBLE)
    paper = dy.String(description="Title of the paper.")
    reported_on = dy.Date(nullable=True, description="Publication day of the paper.")
    own_model = dy.Bool(description=_OWN_MODEL)
    reported_value = dy.Float64(description="The value as the text gives it.")
    reported_unit = dy.String(nullable=True, description="The unit as the text gives it.")
    quote = dy.String(description="Text around the value.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the result is right, 0 to 1.")


class Leaderboard(dy.Schema):
    """One row a benchmark, metric, unit and model: the best value that a paper reports for it."""

    benchmark_id = dy.String(primary_key=True, description="The benchmark.")
    benchmark = dy.String(description="Canonical name of the benchmark.")
    metric = dy.String(primary_key=True, description=_METRIC)
    unit = dy.String(primary_key=True, description=_UNIT)
    rank = dy.Int64(nullable=True, min=1, description="Place on this board, 1 is best; null for an implausible value.")
    model_id = dy.String(primary_key=True, description="The model or method.")
    model = dy.String(description="Its canonical name.")
    value = dy.Float64(description=_VALUE)
    higher_is_better = dy.Bool(description="Direction of the metric.")
    direction_from = dy.Enum(DIRECTION_SOURCES, description=_DIRECTION_FROM)
    implausible = dy.Bool(description=_IMPLAUSIBLE)
    paper_id = dy.String(description="Paper that reports it.")
    paper = dy.String(description="Title of that paper.")
    reported_on = dy.Date(nullable=True, description="Publication day of that paper.")
    own_model = dy.Bool(description=_OWN_MODEL)
    reported_value = dy.Float64(description="The value as the text gives it.")
    reported_unit = dy.String(nullable=True, description="The unit as the text gives it.")
    quote = dy.String(description="Text around the value.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the result is right, 0 to 1.")


class EntityTrends(dy.Schema):
    """One row an entity that is named often enough to ask whether it rises or falls against its own past."""

    entity_id = dy.String(primary_key=True, description="The entity.")
    type = dy.Enum(ENTITY_TYPES, description="What it is.")
    entity = dy.String(description="Canonical name.")
    direction = dy.Enum(TREND_DIRECTIONS, description="Whether the recent share is above or below the past share.")
    first_seen_on = dy.Date(description="Publication day of the earliest paper that names it.")
    recent_from = dy.Date(description="First day of the recent window, which ends with the data.")
    past_from = dy.Date(description="First day of the past window, which ends where the recent one begins.")
    recent_papers = dy.Int64(min=0, description="Papers of the recent window that name it.")
    recent_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    past_papers = dy.Int64(min=0, description="Papers of the past window that name it.")
    past_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    lift = dy.Float64(nullable=True, description=_LIFT)
    p_value = dy.Float64(min=0.0, max=1.0, description=_P_VALUE)
    q_value = dy.Float64(min=0.0, max=1.0, description=_Q_VALUE)


class TrendingModels(dy.Schema):
    """One row a model that is rising against its own past, best first."""

    entity_id = dy.String(primary_key=True, description="The model.")
    entity = dy.String(description="Canonical name.")
    rank = dy.Int64(min=1, description="Place, 1 rises most surely.")
    first_seen_on = dy.Date(description="Publication day of the earliest paper that names it.")
    recent_from = dy.Date(description="First day of the recent window.")
    recent_papers = dy.Int64(min=0, description="Papers of the recent window that name it.")
    recent_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    past_papers = dy.Int64(min=0, description="Papers of the past window that name it.")
    past_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    lift = dy.Float64(nullable=True, description=_LIFT)
    p_value = dy.Float64(min=0.0, max=1.0, description=_P_VALUE)
    q_value = dy.Float64(min=0.0, max=1.0, description=_Q_VALUE)


class ModelSuccession(dy.Schema):
    """One row an older and a newer model of one family, where recent papers name the newer more often."""

    family = dy.String(description="Family of both.")
    older_id = dy.String(primary_key=True, description="The older model.")
    older = dy.String(description="Canonical name of the older model.")
    newer_id = dy.String(primary_key=True, description="The newer model.")
    newer = dy.String(description="Canonical name of the newer model.")
    same_line = dy.Bool(description="Whether the names differ in version numbers alone, as Qwen2 and Qwen3 do.")
    older_first_on = dy.Date(description="Publication day of the earliest paper that names the older model.")
    newer_first_on = dy.Date(description="Publication day of the earliest paper that names the newer model.")
    older_papers_before = dy.Int64(min=1, description="Papers that named the older model before the newer one's first.")
    older_recent_papers = dy.Int64(min=0, description="Papers of the recent window that name the older model.")
    newer_recent_papers = dy.Int64(min=1, description="Papers of the recent window that name the newer model.")
    overtaken_in = dy.Date(
        description="First month with more papers for the newer after the last with more for the older.",
    )
    p_value = dy.Float64(min=0.0, max=1.0, description=_LEAD_P_VALUE)


class NewEntities(dy.Schema):
    """One row an entity first seen in the last days of the data."""

    entity_id = dy.String(primary_key=True, description="The entity.")
    type = dy.String(description="model, method, benchmark or dataset.")
    entity = dy.String(description="Canonical name.")
    first_seen_on = dy.Date(description="Earliest publication day of a paper that names it.")
    introduced_by = dy.String(nullable=True, description="Paper that introduced it, where one says so.")
    paper = dy.String(nullable=True, description="Title of that paper.")
    n_papers = dy.Int64(min=1, description="Papers that name it.")


class DailyPapers(dy.Schema):
    """One row a paper on the day it was featured, else published, with the names it holds."""

    day = dy.Date(primary_key=True, description="Day featured, else published.")
    paper_id = dy.String(primary_key=True, description="The paper.")
    title = dy.String(description="Its title.")
    featured = dy.Bool(description="Whether the day is that of the listing, not of publication.")
    upvotes = dy.Int64(nullable=True, description="Upvotes, latest observation.")
    models = dy.List(dy.String(), description="Canonical names of its models, sorted.")
    benchmarks = dy.List(dy.String(), description="Canonical names of its benchmarks, sorted.")
    n_results = dy.Int64(min=0, description="Results reported in its abstract.")


class SearchPapers(dy.Schema):
    """One row a paper that can be searched, with the number the search index knows it by."""

    paper_number = dy.Int64(primary_key=True, min=0, description="Place among the paper ids in order, from 0.")
    paper_id = dy.String(description="The paper.")
    length = dy.Int64(min=0, description="Words in title (counted twice) and abstract.")


class SearchTerms(dy.Schema):
    """One row a word of titles and abstracts, with the papers it stands in."""

    term = dy.String(primary_key=True, description="The word, lower-case and without accents.")
    n_papers = dy.Int64(min=1, description="Papers it stands in.")
    paper_numbers = dy.List(dy.Int64(), description="Numbers of those papers, ascending, as in `search_papers`.")
    counts = dy.List(dy.Int64(), description="How often it stands in each of them; a title counts twice.")
