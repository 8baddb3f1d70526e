"""Deduplication held to the figures that were asked of it, on real pairs and real pages."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lit_pipeline.cleaning.records import clean_records
from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.evaluation.dedup import DedupEvaluation, evaluate_pairs
from lit_pipeline.ingest.landing import Limits, RawFile, scan
from lit_pipeline.ingest.read import read_file


@pytest.fixture(scope="module")
def pairs(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    folder = shared / "dedup"
    same = pl.read_ndjson(folder / "same_paper_pairs.jsonl")
    return same, pl.read_ndjson(folder / "different_paper_pairs.jsonl")


def evaluated(pairs: tuple[pl.DataFrame, pl.DataFrame], *, with_ids: bool) -> DedupEvaluation:
    return evaluate_pairs(*pairs, with_ids=with_ids)


def test_pairs_are_told_apart_without_their_ids(pairs: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    scores = evaluated(pairs, with_ids=False).scores
    assert scores.same_merged >= 0.998
    assert scores.retitled_merged >= 0.8
    assert scores.different_merged <= 0.003


def test_pairs_are_told_apart_fully_with_their_ids(pairs: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    evaluation = evaluated(pairs, with_ids=True)
    assert (evaluation.scores.same_merged, evaluation.scores.different_merged) == (1.0, 0.0)
    assert evaluation.misses.is_empty()


def test_unrelated_abstracts_stay_apart(shared: Path) -> None:
    texts = pl.read_ndjson(shared / "unlabelled" / "abstracts.jsonl")
    unnamed = texts.select(
        pl.col("id").alias("record_id"), pl.lit(None, pl.String).alias("arxiv_id"), "title", "abstract"
    )
    merged = match(signatures(unnamed)).filter(pl.col("matched_by") != "self")
    assert set(merged.select(pl.concat_list(pl.col("record_id", "survivor_id").sort()).list.join(" ")).to_series()) <= {
        "2512.10739 2512.10756"
    }, "two papers that share one abstract word for word; all others differ"


def test_the_five_pages_hold_443_papers(shared: Path) -> None:
    root = shared / "raw" / "seeds"
    files = [RawFile.from_row(row) for row in scan(root, Limits()).files.iter_rows(named=True)]
    batches = [batch.records for file in files for batch in read_file(root, file, Limits(), date(2025, 12, 11))]
    clean = clean_records(pl.concat(batches)).records
    matches = match(signatures(clean))
    assert (len(matches), matches["survivor_id"].n_unique()) == (509, 443)
    titles = matches.filter(matched_by="self").join(clean, on="record_id")["title"].to_list()
    assert {"PROP", "B-PROP"} <= {title.partition(":")[0] for title in titles}
    assert {"Qwen2.5 Technical Report", "Qwen2.5-1M Technical Report"} <= set(titles)
