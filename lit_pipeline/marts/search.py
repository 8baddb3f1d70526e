"""Search: an inverted index of titles and abstracts, and the SQL macro that ranks papers by it.

The index is two plain tables, so that no extension of the database is needed. Words are split the same way here,
for texts, and in the macro, for what is asked.
"""

from collections.abc import Iterable
from functools import reduce

import polars as pl

WORD = r"[\p{L}\p{N}]+"
"""A word: letters and digits in a row, so that 'SWE-bench' is two and '4o' is one."""

TITLE_WEIGHT = 2
"""How often a word of the title counts: a title says what a paper is about.

Weighting a field by repeating it: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
fields", CIKM 2004.
"""

SATURATION = 1.2
"""BM25's k1: how soon further occurrences of a word stop counting."""

LENGTH_NORMALISATION = 0.75
"""BM25's b: how far long texts are held against a paper, 0 to 1."""

DEFAULT_TOP = 20
"""Papers that a search returns unless told otherwise."""

PAPERS_A_BATCH = 50_000
"""Papers indexed at a time: their words, some 10 million, are held in memory at once."""

FINAL_SIGMA, SIGMA = "ς", "σ"


def words(text: pl.Expr) -> pl.Expr:
    """Words of a text, lower-case and without accents: a list, empty for a null.

    >>> pl.DataFrame({"t": ["Fréchet on SWE-bench"]}).select(words(pl.col("t"))).item().to_list()
    ['frechet', 'on', 'swe', 'bench']
    """
    bare = text.fill_null("").str.normalize("NFD").str.replace_all(r"\p{M}", "").str.normalize("NFC")
    return bare.str.to_lowercase().str.replace_all(FINAL_SIGMA, SIGMA, literal=True).str.extract_all(WORD)


def search_papers(papers: pl.LazyFrame) -> pl.LazyFrame:
    """Table `search_papers`: numbers follow the order of paper ids."""
    length = words(pl.col("title")).list.len() * TITLE_WEIGHT + words(pl.col("abstract")).list.len()
    return (
        papers.sort("paper_id")
        .select("paper_id", length=length.cast(pl.Int64))
        .with_row_index("paper_number")
        .with_columns(pl.col("paper_number").cast(pl.Int64))
    )


def search_terms(papers: pl.LazyFrame) -> pl.LazyFrame:
    """Table `search_terms`, sorted by term."""
    texts = papers.sort("paper_id").select("title", "abstract").with_row_index("paper_number").collect()
    batches = [_postings(batch).collect(engine="streaming") for batch in _batches(texts)]
    lists = pl.col("paper_numbers", "counts")
    return (
        pl.concat(batches)
        .lazy()
        .group_by("term", maintain_order=True)
        .agg(lists.explode())
        .with_columns(n_papers=pl.col("paper_numbers").list.len().cast(pl.Int64))
        .sort("term")
    )


def _batches(texts: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """The rows in batches; one empty batch where there are none."""
    return texts.iter_slices(PAPERS_A_BATCH) if len(texts) else [texts]


def _postings(texts: pl.DataFrame) -> pl.LazyFrame:
    """One row a word: term, paper_numbers and counts (lists, by ascending number)."""
    fields = {"title": TITLE_WEIGHT, "abstract": 1}
    counted = [
        texts.lazy()
        .select("paper_number", words(pl.col(field)).alias("term"))
        .explode("term")
        .drop_nulls("term")
        .with_columns(count=pl.lit(weight, dtype=pl.Int64))
        for field, weight in fields.items()
    ]
    return (
        pl.concat(counted)
        .group_by("paper_number", "term")
        .agg(pl.col("count").sum())
        .group_by("term")
        .agg(
            pl.col("paper_number").cast(pl.Int64).sort().alias("paper_numbers"),
            pl.col("count").sort_by("paper_number").alias("counts"),
        )
    )


def sql_words(text: str) -> str:
    """SQL for the words of a text, the same as `words` gives."""
    steps = ("lower({})", "strip_accents({})", f"replace({{}}, '{FINAL_SIGMA}', '{SIGMA}')")
    folded = reduce(lambda sql, step: step.format(sql), steps, text)
    return f"regexp_extract_all({folded}, '{WORD}')"


SEARCH_DESCRIPTION = "Papers whose title or abstract holds the words, ranked by BM25: search('long context', top := 5)."

SEARCH_MACRO = f"""
create or replace macro search(words, top := {DEFAULT_TOP}) as table
with asked as (
    select distinct unnest({sql_words("words")}) as term
),
corpus as (
    select count(*) as n_papers, avg(length) as mean_length from search_papers
),
postings as (
    select
        ln(1 + (corpus.n_papers - search_terms.n_papers + 0.5) / (search_terms.n_papers + 0.5)) as rarity,
        mean_length,
        unnest(paper_numbers) as paper_number,
        unnest(counts) as n
    from search_terms join asked using (term) cross join corpus
),
scored as (
    select
        paper_number,
        sum(rarity * n * ({SATURATION} + 1) / (n + {SATURATION} * (
            1 - {LENGTH_NORMALISATION} + {LENGTH_NORMALISATION} * length / mean_length
        ))) as score
    from postings join search_papers using (paper_number)
    group by paper_number
),
best as (
    select * from scored order by score desc, paper_number limit top
)
select
    row_number() over (order by score desc, paper_number) as rank,
    round(score, 3) as score, paper_id, title, published_on, url
from best join search_papers using (paper_number) join papers using (paper_id)
order by rank
"""  # noqa: S608 - constants of this module only
"""`search(words, top := 20)` over `search_terms`, `search_papers` and `papers`.

BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends in
Information Retrieval 3, 2009; the rarity of a word never falls below 0 (`ln(1 + ...)`).
"""
