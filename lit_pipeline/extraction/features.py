"""Everything that is observed of a candidate name in its paper, as one row of yes-or-no columns.

What belongs here: gathering the evidence of a name's places into one row a name of a paper. What the columns weigh is
`rules`'.
"""

import numpy as np
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
    placed = (
        keyed(candidates, fields)
        .with_columns(group=pl.struct(KEY).rank("dense").cast(pl.Int64))
        .sort("group", "row", "start")
    )
    names = placed.group_by("group", maintain_order=True).agg(
        pl.col(*KEY, "surface").first(), pl.len().alias("places"), *_standing()
    )
    is_early = pl.col("group").shift(MOST_PLACES).ne_missing(pl.col("group"))
    first = placed.filter(is_early)
    observed = pl.concat(
        [
            names.select(KEY),
            names.select((pl.col("places") >= least).alias(name) for name, least in TIMES.items()),
            names.select("in_title", "opens_title", "only_title"),
            names.select(**evidence.shape_evidence()),
            any_of_group(
                placed.select(pl.col("shaped") | pl.col("attached").fill_null(value=False), *FLAGS[1:]).hstack(
                    _known(placed)
                ),
                placed["group"],
            ),
            any_of_group(_contexts(first, fields), first["group"]),
        ],
        how="horizontal",
    )
    return observed.with_columns(pl.exclude(KEY).fill_null(value=False)).with_columns(**_together())


def _together() -> dict[str, pl.Expr]:
    """Observations that tell more together than one by one."""
    head, acronym, recurs = pl.col("title_head"), pl.col("acronym"), ~pl.col("only_title")
    one_word, plain = ~pl.col("has_blank"), ~pl.col("shaped")
    defined = acronym | pl.col("long_form")
    noun_told = {
        kind: pl.col(f"{kind}_title") | pl.col(f"{kind}_apposed") | pl.col(f"{kind}_called") for kind in ENTITY_TYPES
    }
    return {
        "plain_head": head & plain & one_word,
        "plain_head_recurs": head & plain & one_word & recurs,
        "head_run_recurs": head & ~one_word & recurs,
        "head_run_once": head & ~one_word & ~recurs,
        "head_defined": head & defined,
        "presented_defined": pl.col("presented") & defined,
        "defined_elsewhere": defined & ~head & ~pl.col("presented"),
        "plain_presented": pl.col("presented") & plain & one_word,
        "run_presented": pl.col("presented") & ~one_word,
        **{f"own_{kind}": (head | pl.col("presented")) & told for kind, told in noun_told.items()},
        **{
            f"{kind}_in_list": (pl.col("after_comma") | pl.col("after_and")) & pl.col(f"{kind}_listed")
            for kind in ENTITY_TYPES
        },
    }


def any_of_group(flags: pl.DataFrame, group: pl.Series) -> pl.DataFrame:
    """Whether each flag holds in any row of each group, one row a group; rows of one group stand together."""
    if flags.is_empty():
        return flags
    starts = np.flatnonzero(np.diff(group.to_numpy(), prepend=-1))
    held = flags.with_columns(pl.all().fill_null(value=False)).to_numpy(order="c")
    return pl.DataFrame(np.logical_or.reduceat(held, starts, axis=0), schema=flags.columns)


def keyed(candidates: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Candidates with their field and the columns of `KEY`: a name in lower case is another than one that isn't."""
    lower = pl.col("surface").str.to_lowercase() == pl.col("surface")
    papers = fields.select("row", "paper_id", "field")
    return candidates.join(papers, on="row", how="left", maintain_order="left").with_columns(lower=lower)


def _standing() -> list[pl.Expr]:
    """Where a name stands."""
    in_title = pl.col("field") == "title"
    return [
        in_title.any().alias("in_title"),
        (in_title & (pl.col("start") == 0)).any().alias("opens_title"),
        in_title.all().alias("only_title"),
    ]


def _known(placed: pl.DataFrame) -> pl.DataFrame:
    """What the vocabulary tells of places."""
    surface, known = (pl.col(name).str.replace_all(r"[^\p{L}\p{N}+]", "") for name in ("surface", "known_as"))
    casing = placed.select(
        "type", "attached", "part_of_known", "lower", sure=~pl.col("ambiguous"), exact=surface.str.starts_with(known)
    )
    sure, exact, lower = pl.col("sure"), pl.col("exact"), pl.col("lower")
    found: dict[str, pl.Expr] = {}
    for kind in ENTITY_TYPES:
        is_kind = pl.col("type") == kind
        found |= {
            f"known_{kind}": is_kind & sure & exact,
            f"known_{kind}_recased": is_kind & sure & ~exact & ~lower,
            f"known_{kind}_lower": is_kind & sure & ~exact & lower,
            f"ambiguous_{kind}": is_kind & ~sure & exact,
            f"ambiguous_{kind}_recased": is_kind & ~sure & ~exact & ~lower,
            f"ambiguous_{kind}_lower": is_kind & ~sure & ~exact & lower,
            f"attached_{kind}": is_kind & pl.col("attached"),
            f"part_of_{kind}": pl.col("part_of_known") == kind,
        }
    return casing.select(**found)


def _contexts(first: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Context observations of places."""
    texts = fields["text"].gather(first["row"])
    reach = (first["start"] - evidence.REACH).clip(lower_bound=0)
    right = texts.str.slice(first["end"], evidence.REACH)
    seen = pl.DataFrame({"left": texts.str.slice(reach, first["start"] - reach), "right": right})
    in_title = first["field"] == "title"
    return evidence.context_evidence(seen.with_columns(title_rest=pl.when(in_title).then(right)))
