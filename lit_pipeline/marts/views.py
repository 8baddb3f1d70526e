"""Views and macros of the published database: the questions people ask, ready to select from.

Each is SQL over published tables, with one sentence on what it shows. A question that needs a word of the asker's
(a name, a benchmark) is a column to filter by, or a macro's argument.
"""

from lit_pipeline.marts.search import SEARCH_DESCRIPTION, SEARCH_MACRO
from lit_pipeline.marts.windows import SUPPORT_PAPERS

VIEWS: dict[str, tuple[str, str]] = {
    "models": ("Entities that are models.", "select * from entities where type = 'model'"),
    "benchmarks": ("Entities that are benchmarks.", "select * from entities where type = 'benchmark'"),
    "model_mentions": ("Mentions of models.", "select * from mentions where type = 'model'"),
    "benchmark_mentions": ("Mentions of benchmarks.", "select * from mentions where type = 'benchmark'"),
    "entity_names": (
        "Every name of every entity, canonical or alias, one a row.",
        """
        select name as spelling, entity_id, type, name as entity from entities
        union
        select unnest(aliases), entity_id, type, name from entities
        """,
    ),
    "introductions": (
        "Who introduced what: each entity that a paper introduced, with that paper.",
        """
        select entity_id, entities.name as entity, type, family, paper_id, title as paper, published_on, authors, url
        from entities join papers on papers.paper_id = entities.introduced_by
        """,
    ),
    "paper_entities": (
        "Which paper names what: one row a paper and entity, with the number of mentions.",
        """
        select
            paper_id, title as paper, published_on, entity_id, name as entity, entities.type, count(*) as mentions,
            bool_or(field = 'title') as in_title, max(confidence) as confidence
        from mentions join entities using (entity_id) join papers using (paper_id)
        group by all
        """,
    ),
    "named_together": (
        "What is used with what: pairs of entities that one paper names, with the number of such papers.",
        """
        select
            one.entity_id, this.name as entity, this.type, other.entity_id as with_id, that.name as with_entity,
            that.type as with_type, count(distinct one.paper_id) as papers
        from mentions as one
        join mentions as other on other.paper_id = one.paper_id and other.entity_id <> one.entity_id
        join entities as this on this.entity_id = one.entity_id
        join entities as that on that.entity_id = other.entity_id
        group by all
        """,
    ),
    "measured_on": (
        "Which benchmarks a model is measured on: papers that name both, and the scores they report for it.",
        """
        with scored as (
            select
                model_id, benchmark_id, count(*) as scores, count(distinct paper_id) as papers_with_score
            from benchmark_scores where model_id is not null group by all
        )
        select
            model_id, of_model.name as model, benchmark_id, of_benchmark.name as benchmark,
            coalesce(papers, papers_with_score) as papers, coalesce(scores, 0) as scores, first_on, last_on
        from model_benchmark full join scored using (model_id, benchmark_id)
        join entities as of_model on of_model.entity_id = model_id
        join entities as of_benchmark on of_benchmark.entity_id = benchmark_id
        """,
    ),
    "record_progress": (
        "Best reported over time: the scores that beat all scores of earlier days on the same benchmark and metric.",
        """
        with signed as (
            select *, case when higher_is_better then value else -value end as goodness
            from benchmark_scores where not implausible and reported_on is not null
        ),
        days as (
            select * from signed
            qualify row_number() over (
                partition by benchmark_id, metric, unit, reported_on order by goodness desc, confidence desc, paper_id
            ) = 1
        ),
        compared as (
            select *, max(goodness) over (
                partition by benchmark_id, metric, unit order by reported_on
                rows between unbounded preceding and 1 preceding
            ) as best_before
            from days
        )
        select
            benchmark_id, benchmark, metric, unit, reported_on, value,
            case when higher_is_better then best_before else -best_before end as value_before,
            model_id, model, paper_id, paper, own_model, quote, confidence
        from compared
        where best_before is null or goodness > best_before
        """,
    ),
    "benchmarks_by_year": (
        "Most used benchmarks a year: papers of the year that name each, as a count and as a share of all its papers.",
        """
        with dated as (select paper_id, year(published_on) as year from papers where published_on is not null),
        totals as (select year, count(*) as papers_of_year from dated group by year),
        named as (
            select year, entity_id, count(distinct paper_id) as papers
            from mentions join dated using (paper_id) where type = 'benchmark' group by all
        )
        select
            year, rank() over (partition by year order by papers desc) as rank, entity_id, name as benchmark,
            papers, papers_of_year, papers / papers_of_year as share
        from named join totals using (year) join entities using (entity_id)
        """,
    ),
    "papers_without_benchmark": (
        "Papers whose title and abstract name no benchmark.",
        """
        select * from papers
        where not exists (from mentions where mentions.paper_id = papers.paper_id and type = 'benchmark')
        """,
    ),
    "provenance": (
        "Where each paper comes from: its records, with file, lines and the reason why they are the same paper.",
        """
        select
            paper_id, title, record_id, source_file, position, line_start, line_end, source_format, raw_title,
            matched_by, similarity, source_sha256
        from paper_records join papers using (paper_id)
        """,
    ),
    "new_benchmarks": (
        f"Benchmarks first seen in the latest month of the data that has {SUPPORT_PAPERS} papers.",
        f"""
        select entity_id, name as benchmark, first_seen_on, n_papers, introduced_by, title as paper
        from entities left join papers on papers.paper_id = introduced_by
        where type = 'benchmark'
            and date_trunc('month', first_seen_on) = (
                select max(month) from (
                    select date_trunc('month', published_on) as month from papers
                    group by all having count(*) >= {SUPPORT_PAPERS}
                )
            )
        """,  # noqa: S608 - a constant number
    ),
    "months": (
        "Papers of each month of publication; a month that is missing has no papers.",
        """
        select date_trunc('month', published_on)::date as month, count(*) as papers
        from papers where published_on is not null group by all
        """,
    ),
}
"""Views by name: description and query."""

MACROS: dict[str, tuple[str, str]] = {
    "search": (SEARCH_DESCRIPTION, SEARCH_MACRO),
    "entity": (
        "Entities by any spelling, case and punctuation aside: entity('llama3').",
        r"""
        create or replace macro entity(spelling) as table
        select * from entities
        where list_contains(
            list_transform(
                list_append(aliases, name), lambda known: regexp_replace(lower(known), '[^\p{L}\p{N}]', '', 'g')
            ),
            regexp_replace(lower(spelling), '[^\p{L}\p{N}]', '', 'g')
        )
        """,
    ),
    "papers_naming_all": (
        "Papers that name all of some entities, by canonical name: papers_naming_all(['MATH', 'GSM8K']).",
        """
        create or replace macro papers_naming_all(names) as table
        with asked as (select distinct unnest(names) as name)
        select paper_id, title, published_on, url
        from papers
        where paper_id in (
            select paper_id from mentions join entities using (entity_id) join asked using (name)
            group by paper_id having count(distinct name) = (select count(*) from asked)
        )
        """,
    ),
}
"""Table macros by name: description and statement that creates them; they need every table and view."""
