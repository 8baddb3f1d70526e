"""Marts: tables that answer questions directly. Shares are of papers, so that a bigger month is no growth."""

import dataframely as dy

_MONTHLY_GROWTH = "Share divided by the share of the month before, less 1; null where that month is missing or zero."


class _Monthly(dy.Schema):
    entity_id = dy.String(primary_key=True, description="The entity.")
    entity = dy.String(description="Canonical name.")
    month = dy.Date(primary_key=True, description="First day of the month of publication.")
    papers = dy.Int64(min=0, description="Papers of that month that name it.")
    mentions = dy.Int64(min=0, description="Mentions in those papers.")
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


class Leaderboard(dy.Schema):
    """One row a benchmark, metric, unit and model: the best value that a paper reports for it."""

    benchmark_id = dy.String(primary_key=True, description="The benchmark.")
    benchmark = dy.String(description="Canonical name of the benchmark.")
    metric = dy.String(primary_key=True, description="Name of the metric, folded; 'score' where the text names none.")
    unit = dy.String(primary_key=True, description="'%', 'points', or '' where the value has none.")
    rank = dy.Int64(nullable=True, min=1, description="Place on this board, 1 is best; null for an implausible value.")
    model_id = dy.String(primary_key=True, description="The model or method.")
    model = dy.String(description="Canonical name of the model or method.")
    value = dy.Float64(description="Best value reported.")
    higher_is_better = dy.Bool(description="Direction of the metric.")
    implausible = dy.Bool(description="Whether the value can't be right, such as an accuracy over 100%.")
    paper_id = dy.String(description="Paper that reports it.")
    paper = dy.String(description="Title of that paper.")
    reported_on = dy.Date(nullable=True, description="Publication day of that paper.")
    quote = dy.String(description="Text around the value.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the result is right, 0 to 1.")


class TrendingModels(dy.Schema):
    """One row a model that is rising against its own past, best first."""

    entity_id = dy.String(primary_key=True, description="The model.")
    entity = dy.String(description="Canonical name.")
    rank = dy.Int64(min=1, description="Place, 1 rises most surely.")
    recent_from = dy.Date(description="First day of the recent window.")
    recent_papers = dy.Int64(min=0, description="Papers of the recent window that name it.")
    recent_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    past_papers = dy.Int64(min=0, description="Papers of the past window that name it.")
    past_share = dy.Float64(min=0.0, max=1.0, description="The same as a share of the window's papers.")
    lift = dy.Float64(
        nullable=True, description="Recent share divided by past share; null where the past share is zero."
    )
    p_value = dy.Float64(min=0.0, max=1.0, description="Chance of so high a recent count were the shares equal.")


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
