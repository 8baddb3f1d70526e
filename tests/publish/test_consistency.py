"""Each rule between tables finds the rows that break it, and nothing where it holds."""

from datetime import date, datetime

import polars as pl

from lit_pipeline.publish import consistency
from lit_pipeline.tables.runs import PipelineRuns
from lit_pipeline.tables.schema import empty_frame

PAPERS = pl.LazyFrame(
    {"paper_id": ["p"], "title": ["Ünïcode BERT"], "abstract": ["It reaches 91.2%."], "n_records": [2]}
)


def test_a_record_that_is_nowhere_is_found() -> None:
    files = pl.LazyFrame({"source_file": ["a", "b"], "n_records": [2, 1]})
    kept = pl.LazyFrame({"source_file": ["a", "b"]})
    rejected = pl.LazyFrame({"source_file": ["a"]})
    assert consistency.lost_records(files, kept, rejected).collect().is_empty()
    lost = consistency.lost_records(files, kept, rejected.filter(False)).collect()
    assert lost.rows() == [("a", 2, 1)]


def test_records_of_a_file_that_was_not_read_are_found() -> None:
    files = pl.LazyFrame({"source_file": ["a"], "n_records": [1]})
    kept = pl.LazyFrame({"source_file": ["a", "ghost"]})
    lost = consistency.lost_records(files, kept, kept.filter(False)).collect()
    assert lost["source_file"].to_list() == ["ghost"]


def test_a_paper_has_its_records_and_one_survivor() -> None:
    good = pl.LazyFrame({"paper_id": ["p", "p"], "matched_by": ["self", "title"]})
    assert consistency.papers_without_their_records(PAPERS, good).collect().is_empty()
    two_survivors = good.with_columns(matched_by=pl.lit("self"))
    assert len(consistency.papers_without_their_records(PAPERS, two_survivors).collect()) == 1
    too_few = good.head(1)
    assert len(consistency.papers_without_their_records(PAPERS, too_few).collect()) == 1


def test_aliases_lead_to_papers_and_name_none() -> None:
    good = pl.LazyFrame({"old_paper_id": ["old"], "paper_id": ["p"]})
    loose = pl.LazyFrame({"old_paper_id": ["old", "p"], "paper_id": ["gone", "p"]})
    assert consistency.loose_aliases(good, PAPERS).collect().is_empty()
    assert sorted(consistency.loose_aliases(loose, PAPERS).collect()["old_paper_id"]) == ["old", "p"]


def test_offsets_count_code_points() -> None:
    mention = pl.LazyFrame({"paper_id": ["p"], "field": ["title"], "start": [8], "end": [12], "surface": ["BERT"]})
    assert consistency.wrong_offsets(mention, PAPERS).collect().is_empty()
    in_bytes = mention.with_columns(start=pl.lit(10), end=pl.lit(14))
    assert consistency.wrong_offsets(in_bytes, PAPERS).collect()["found"].to_list() == ["RT"]
    elsewhere = mention.with_columns(paper_id=pl.lit("ghost"))
    assert len(consistency.wrong_offsets(elsewhere, PAPERS).collect()) == 1


def test_mentions_and_entities_need_each_other() -> None:
    mentions = pl.LazyFrame({"entity_id": ["model:bert"], "type": ["model"]})
    entities = pl.LazyFrame({"entity_id": ["model:bert", "model:idle"], "type": ["model", "model"]})
    assert consistency.mentions_without_entity(mentions, entities.head(1)).collect().is_empty()
    assert consistency.mentions_without_entity(mentions, entities).collect()["entity_id"].to_list() == ["model:idle"]
    assert len(consistency.mentions_without_entity(mentions, entities.filter(False)).collect()) == 1


def test_a_result_stands_in_its_abstract() -> None:
    result = pl.LazyFrame({"paper_id": ["p"], "start": [11], "end": [15], "value": [91.2], "quote": ["reaches 91.2%"]})
    assert consistency.results_without_text(result, PAPERS).collect().is_empty()
    assert (
        len(consistency.results_without_text(result.with_columns(quote=pl.lit("reaches 92%")), PAPERS).collect()) == 1
    )
    assert len(consistency.results_without_text(result.with_columns(start=pl.lit(0)), PAPERS).collect()) == 1


def test_a_result_names_entities_or_nothing() -> None:
    results = pl.LazyFrame({"model_id": ["model:bert", None], "benchmark_id": [None, "benchmark:glue"]})
    entities = pl.LazyFrame({"entity_id": ["model:bert"]})
    assert consistency.results_without_entity(results, entities).collect()["entity_id"].to_list() == ["benchmark:glue"]


def test_the_share_with_a_date() -> None:
    assert consistency.share_with_date(pl.DataFrame({"published_on": [date(2025, 1, 1), None]})) == 0.5
    assert consistency.share_with_date(pl.DataFrame(schema={"published_on": pl.Date})) == 0.0


def runs(*rows: tuple[int, str, int]) -> pl.DataFrame:
    counts = dict.fromkeys(consistency.WATCHED_COUNTS, 100)
    listed = [
        {
            **counts,
            "published_at": datetime(2025, 1, day),
            "landing_zone": zone,
            "n_papers": papers,
        }
        for day, zone, papers in rows
    ]
    return pl.DataFrame(listed)


def test_a_sudden_drop_is_named() -> None:
    assert consistency.sudden_drops(runs((1, "a", 100), (2, "a", 80))) == {"n_papers": {"before": 100, "now": 80}}


def test_a_small_drop_passes() -> None:
    assert consistency.sudden_drops(runs((1, "a", 100), (2, "a", 95))) == {}


def test_another_landing_zone_is_not_compared() -> None:
    assert consistency.sudden_drops(runs((1, "a", 100), (2, "b", 8))) == {}


def test_a_first_run_drops_from_nothing() -> None:
    assert consistency.sudden_drops(empty_frame(PipelineRuns)) == {}


def test_shares_of_merged_records_are_told_for_all_and_for_those_known_before() -> None:
    now = pl.DataFrame({"record_id": ["a", "b", "c", "d"], "survivor_id": ["a", "a", "c", "c"]})
    before = pl.DataFrame({"record_id": ["a", "b", "gone"], "paper_id": ["p", "q", "r"]})
    assert consistency.merged_shares(now, before) == {
        "share_merged": 0.5,
        "share_merged_before": 0.0,
        "share_merged_known": 0.5,
        "share_merged_known_before": 0.0,
    }


def test_a_new_survivor_alone_is_no_jump() -> None:
    now = pl.DataFrame({"record_id": ["a", "b", "new"], "survivor_id": ["new", "b", "new"]})
    before = pl.DataFrame({"record_id": ["a", "b"], "paper_id": ["p", "q"]})
    shares = consistency.merged_shares(now, before)
    assert shares["share_merged_known"] == shares["share_merged_known_before"] == 0


def test_without_a_snapshot_nothing_jumps() -> None:
    now = pl.DataFrame({"record_id": ["a", "b"], "survivor_id": ["a", "a"]})
    nothing = pl.DataFrame(schema={"record_id": pl.String, "paper_id": pl.String})
    shares = consistency.merged_shares(now, nothing)
    assert shares["share_merged"] == shares["share_merged_before"] == 0.5
