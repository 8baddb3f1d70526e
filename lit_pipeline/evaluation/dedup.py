"""How well deduplication tells pairs of records of one paper from pairs of look-alikes."""

from dataclasses import dataclass

import polars as pl

from lit_pipeline.cleaning.text import repair_frame
from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.dedup.titles import normalised_title

_SIDES = ("a", "b")


@dataclass(frozen=True)
class DedupScores:
    """Counts of labelled pairs, and of those that were merged."""

    n_same: int
    n_same_merged: int
    n_retitled: int
    n_retitled_merged: int
    n_different: int
    n_different_merged: int

    @property
    def same_merged(self) -> float:
        """Share of same-paper pairs that were merged; it should be 1."""
        return _share(self.n_same_merged, self.n_same)

    @property
    def retitled_merged(self) -> float:
        """The same among the pairs whose normalised titles differ."""
        return _share(self.n_retitled_merged, self.n_retitled)

    @property
    def different_merged(self) -> float:
        """Share of different-paper pairs that were merged; it should be 0."""
        return _share(self.n_different_merged, self.n_different)


@dataclass(frozen=True)
class DedupEvaluation:
    """Scores, and the pairs behind what they lack.

    Attributes:
        scores: counts and shares.
        misses: pairs wrongly parted or wrongly merged: kind ('same' or 'different'), arxiv_id_a, arxiv_id_b, title_a,
            title_b, matched_by_a and matched_by_b (why each record was put where it was).
    """

    scores: DedupScores
    misses: pl.DataFrame


def evaluate_pairs(same: pl.DataFrame, different: pl.DataFrame, *, with_ids: bool) -> DedupEvaluation:
    """Clean and match the records of all pairs in one run, and see which pairs end in one cluster.

    Args:
        same: pairs of records of one paper: arxiv_id, title_a, title_b, abstract_a, abstract_b.
        different: pairs of records of two papers: arxiv_id_a, arxiv_id_b, and the same texts.
        with_ids: whether the matcher is shown the arXiv ids.
    """
    pairs = _pairs(same, different)
    records = repair_frame(
        pl.concat(_records(pairs, side, with_ids=with_ids) for side in _SIDES), ["title", "abstract"]
    )
    judged = _judged(pairs, records, match(signatures(records)))
    return DedupEvaluation(_scores(judged), _misses(judged))


def _pairs(same: pl.DataFrame, different: pl.DataFrame) -> pl.DataFrame:
    texts = [f"{text}_{side}" for side in _SIDES for text in ("title", "abstract")]
    ids = [f"arxiv_id_{side}" for side in _SIDES]
    labelled = [
        same.select(pl.lit("same").alias("kind"), *(pl.col("arxiv_id").alias(name) for name in ids), *texts),
        different.select(pl.lit("different").alias("kind"), *ids, *texts),
    ]
    return pl.concat(labelled).with_row_index("pair")


def _records(pairs: pl.DataFrame, side: str, *, with_ids: bool) -> pl.DataFrame:
    shown = pl.col(f"arxiv_id_{side}") if with_ids else pl.lit(None)
    return pairs.select(
        record_id=_record_id(side),
        arxiv_id=shown.cast(pl.String),
        title=pl.col(f"title_{side}").cast(pl.String),
        abstract=pl.col(f"abstract_{side}").cast(pl.String),
    )


def _record_id(side: str) -> pl.Expr:
    return pl.format("{}:{}", "pair", pl.lit(side))


def _judged(pairs: pl.DataFrame, records: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the columns merged and retitled, and of each side its survivor_id and matched_by."""
    known = matches.join(records.select("record_id", normalised=normalised_title("title")), on="record_id")
    judged = pairs
    for side in _SIDES:
        told = known.select("record_id", pl.col("survivor_id", "matched_by", "normalised").name.suffix(f"_{side}"))
        judged = judged.join(told, left_on=_record_id(side), right_on="record_id", maintain_order="left")
    return judged.with_columns(
        merged=pl.col("survivor_id_a") == pl.col("survivor_id_b"),
        retitled=pl.col("normalised_a") != pl.col("normalised_b"),
    )


def _scores(judged: pl.DataFrame) -> DedupScores:
    same, different = judged.filter(kind="same"), judged.filter(kind="different")
    retitled = same.filter("retitled")
    return DedupScores(
        n_same=len(same),
        n_same_merged=int(same["merged"].sum()),
        n_retitled=len(retitled),
        n_retitled_merged=int(retitled["merged"].sum()),
        n_different=len(different),
        n_different_merged=int(different["merged"].sum()),
    )


def _misses(judged: pl.DataFrame) -> pl.DataFrame:
    wrong = (pl.col("kind") == "same") != pl.col("merged")
    ends = ["arxiv_id", "title", "matched_by"]
    return judged.filter(wrong).select("kind", *(f"{name}_{side}" for name in ends for side in _SIDES))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
