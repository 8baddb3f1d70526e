"""Everything that is observed of a candidate name in its paper, as one row of yes-or-no columns.

What belongs here: gathering the evidence of a name's places into one row a name of a paper. What the columns weigh is
`rules`'.
"""

import polars as pl

from lit_pipeline.extraction import evidence
from lit_pipeline.tables.entities import ENTITY_TYPES

MOST_PLACES = 4
"""Places of a name in a paper whose context is looked at: the first ones say what it is."""

KEY = ("paper_id", "folded", "lower")
FLAGS = ("shaped", "in_run", "presented", "title_head", "acronym", "long_form")


TIMES = {"twice": 2, "three_times": 3, "five_times": 5}
"""How often a name stands in its paper, at least."""


def features_of(candidates: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """One row a name of a paper: columns of `KEY`, and the observations (true or false).

    Args:
        candidates: see `candidates.candidates_of`.
        fields: row, paper_id, field, text.

    """
    placed = keyed(candidates, fields)
    by_name = placed.group_by(KEY, maintain_order=True).agg(
        *(pl.col(flag).any() for flag in FLAGS),
        *_counts(),
        *_known(),
        surface=pl.col("surface").first(),
    )
    contexts = _contexts(placed, fields)
    by_context = contexts.group_by(KEY, maintain_order=True).agg(
        pl.col(name).any() for name in contexts.columns if name not in KEY
    )
    joined = by_name.join(by_context, on=KEY, how="left", maintain_order="left")
    return (
        joined.with_columns(**evidence.shape_evidence())
        .drop("surface")
        .with_columns(pl.exclude(KEY).fill_null(value=False))
    )


def keyed(candidates: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Candidates with their field and the columns of `KEY`: a name in lower case is another than one that isn't."""
    lower = pl.col("surface").str.to_lowercase() == pl.col("surface")
    papers = fields.select("row", "paper_id", "field")
    return candidates.join(papers, on="row", how="left", maintain_order="left").with_columns(lower=lower)


def _counts() -> list[pl.Expr]:
    """How often and where a name stands."""
    in_title = pl.col("field") == "title"
    return [
        in_title.any().alias("in_title"),
        (in_title & (pl.col("start") == 0)).any().alias("opens_title"),
        in_title.all().alias("only_title"),
        *((pl.len() >= least).alias(name) for name, least in TIMES.items()),
    ]


def _known() -> list[pl.Expr]:
    """What the vocabulary tells of a name."""
    surface, known = (pl.col(name).str.replace_all(r"[^\p{L}\p{N}+]", "") for name in ("surface", "known_as"))
    exact = surface.str.starts_with(known)
    lower = surface.str.to_lowercase() == surface
    sure = ~pl.col("ambiguous")
    found = []
    for kind in ENTITY_TYPES:
        is_kind = pl.col("type") == kind
        found += [
            (is_kind & sure & exact).any().alias(f"known_{kind}"),
            (is_kind & sure & ~exact & ~lower).any().alias(f"known_{kind}_recased"),
            (is_kind & sure & ~exact & lower).any().alias(f"known_{kind}_lower"),
            (is_kind & ~sure & exact).any().alias(f"ambiguous_{kind}"),
            (is_kind & ~sure & ~exact & ~lower).any().alias(f"ambiguous_{kind}_recased"),
            (is_kind & ~sure & lower & ~exact).any().alias(f"ambiguous_{kind}_lower"),
            (is_kind & pl.col("attached")).any().alias(f"attached_{kind}"),
            (pl.col("part_of_known") == kind).any().alias(f"part_of_{kind}"),
        ]
    return found


def _contexts(placed: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Context observations of the first places of each name: `KEY` and the observations."""
    first = placed.filter(pl.int_range(pl.len()).over(KEY) < MOST_PLACES)
    texts = fields["text"].gather(first["row"])
    reach = (first["start"] - evidence.REACH).clip(lower_bound=0)
    seen = first.select(*KEY, "field").with_columns(
        left=pl.Series(texts.str.slice(reach, first["start"] - reach)),
        right=pl.Series(texts.str.slice(first["end"], evidence.REACH)),
    )
    rest = pl.when(pl.col("field") == "title").then(pl.col("right"))
    return seen.with_columns(title_rest=rest).select(*KEY, **evidence.context_evidence())
