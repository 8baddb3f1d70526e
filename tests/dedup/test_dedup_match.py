from collections.abc import Callable, Sequence

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lit_pipeline.dedup.match import MATCHES_SCHEMA, match
from lit_pipeline.dedup.signatures import SIGNATURE_SCHEMA, signatures

Row = tuple[str, str | None, str, str | None]
Clusters = Callable[[Sequence[Row]], list[list[str]]]
Matched = Callable[[Sequence[Row]], pl.DataFrame]

TITLE = "Reading Gauges from Photographs of Boiler Rooms"


def without(text: str, *phrases: str) -> str:
    """The text without some of its phrases: a lightly edited version."""
    for phrase in phrases:
        assert phrase in text
        text = text.replace(phrase, "")
    return text


def first_words(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: int(len(words) * share)])


def test_records_with_one_arxiv_id_are_one_paper_whatever_they_say(
    clusters: Clusters, lantern: str, orchard: str
) -> None:
    assert clusters([("r1", "2501.1", TITLE, lantern), ("r2", "2501.1", "Picking Apples at Night", orchard)]) == [
        ["r1", "r2"]
    ]


def test_versions_of_an_arxiv_id_are_one_paper(clusters: Clusters, lantern: str, orchard: str) -> None:
    rows: list[Row] = [("r1", "2501.1v1", TITLE, lantern), ("r2", "2501.1v3", "Picking Apples at Night", orchard)]
    assert clusters(rows) == [["r1", "r2"]]


def test_two_arxiv_ids_are_two_papers_however_alike(clusters: Clusters, lantern: str) -> None:
    assert clusters([("r1", "2501.1", TITLE, lantern), ("r2", "2501.2", TITLE, lantern)]) == [["r1"], ["r2"]]


def test_a_record_between_two_ids_joins_the_more_similar(clusters: Clusters, lantern: str, orchard: str) -> None:
    rows: list[Row] = [("r1", "2501.1", TITLE, orchard), ("r2", "2501.2", TITLE, lantern), ("r3", None, TITLE, lantern)]
    assert clusters(rows) == [["r1"], ["r2", "r3"]]


def test_a_record_between_two_ids_joins_the_first_where_nothing_tells(clusters: Clusters) -> None:
    rows: list[Row] = [("r2", "2501.2", TITLE, None), ("r1", "2501.1", TITLE, None), ("r3", None, TITLE, None)]
    assert clusters(rows) == [["r1", "r3"], ["r2"]]


def test_near_duplicates_never_join_two_ids(clusters: Clusters, lantern: str) -> None:
    rows: list[Row] = [
        ("r1", "2501.1", "Lantern: Gauges Read Aloud", lantern),
        ("r2", "2501.2", "Lamplight: Gauges Read Aloud", lantern),
        ("r3", None, "Candle: Gauges Read Aloud", lantern),
    ]
    assert clusters(rows) == [["r1", "r3"], ["r2"]]


@pytest.mark.parametrize("abstract", [None, "", "This work reads gauges with a network."])
def test_an_equal_title_merges_a_missing_or_machine_written_abstract(
    clusters: Clusters, lantern: str, abstract: str | None
) -> None:
    assert clusters([("r1", None, TITLE, lantern), ("r2", None, TITLE.upper(), abstract)]) == [["r1", "r2"]]


@pytest.mark.parametrize("title", ["Preface", "Technical Report", "Gauges"])
def test_a_weak_title_alone_merges_nothing(clusters: Clusters, lantern: str, orchard: str, title: str) -> None:
    rows: list[Row] = [("r1", None, title, lantern), ("r2", None, title, orchard), ("r3", None, title, None)]
    assert clusters(rows) == [["r1"], ["r2"], ["r3"]]


def test_a_weak_title_with_a_like_abstract_merges(clusters: Clusters, lantern: str) -> None:
    edited = without(lantern, " in boiler rooms", " and the weights", "Reading a gauge from a photograph sounds easy ")
    assert clusters([("r1", None, "Preface", lantern), ("r2", None, "Preface", edited)]) == [["r1", "r2"]]


def test_a_renamed_paper_with_the_same_abstract_is_merged(clusters: Clusters, lantern: str) -> None:
    renamed = lantern.replace("Lantern", "Candle")
    rows: list[Row] = [("r1", None, "Lantern: Reading Gauges", lantern), ("r2", None, "Candle: Reading Dials", renamed)]
    assert clusters(rows) == [["r1", "r2"]]


@pytest.mark.parametrize("share", [0.7, 0.5, 0.35])
def test_a_cut_off_abstract_under_a_new_title_is_merged(clusters: Clusters, lantern: str, share: float) -> None:
    rows: list[Row] = [("r1", None, TITLE, lantern), ("r2", None, "Dials Made Legible", first_words(lantern, share))]
    assert clusters(rows) == [["r1", "r2"]]


def test_a_later_version_is_merged(clusters: Clusters, lantern: str) -> None:
    later = (
        without(lantern, " in boiler rooms", " of the scale at the median")
        + " Since the first version we add a test at sea."
    )
    rows: list[Row] = [("r1", None, TITLE, lantern), ("r2", None, "How to Read a Dirty Gauge", later)]
    assert clusters(rows) == [["r1", "r2"]]


def test_a_rewritten_abstract_with_the_same_exact_figure_is_merged(clusters: Clusters) -> None:
    first = "Zyxlantern unrolls manometer dials of Quorvex boilers into rulers; on 170,982 snapshots it rarely errs."
    later = "In 170,982 snapshots of Quorvex boilers each manometer is read by Zyxlantern, which lays rulers on dials."
    assert clusters([("r1", None, TITLE, first), ("r2", None, "Dials Made Legible", later)]) == [["r1", "r2"]]


def test_a_title_that_gains_a_name_is_merged_where_the_remark_supports_it(clusters: Clusters, lantern: str) -> None:
    remark = "Reading a gauge from a photograph sounds easy until the glass is dirty"
    rows: list[Row] = [("r1", None, TITLE, lantern), ("r2", None, f"Lantern: {TITLE}", remark)]
    assert clusters(rows) == [["r1", "r2"]]


def test_a_title_that_gains_a_name_is_not_enough(clusters: Clusters, lantern: str, orchard: str) -> None:
    assert clusters([("r1", None, TITLE, lantern), ("r2", None, f"Lantern: {TITLE}", orchard)]) == [["r1"], ["r2"]]


def test_link_words_in_a_long_title_may_differ_beside_a_remark(clusters: Clusters, lantern: str) -> None:
    rows: list[Row] = [
        ("r1", None, "Who Reads Gauges in the Age of Boilers? A Position on Dirty Glass", lantern),
        ("r2", None, "Who Reads Gauges in the Age of Boilers? Dirty Glass", "A paper about gauges."),
    ]
    assert clusters(rows) == [["r1", "r2"]]


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("EvTexture: Reading Gauges", "EvTexture++: Reading Gauges"),
        ("Placeholder Gauges I", "Placeholder Gauges II"),
        ("Gauge-Image-2.0 Technical Report", "Gauge-Image-2.0-RL Technical Report"),
        ("Nemotron 3 Nano: Reading Gauges", "Nemotron 3 Ultra: Reading Gauges"),
        ("Reading Gauges, Part 1", "Reading Gauges, Part 2"),
        ("A Survey of Gauges 2023", "A Survey of Gauges 2024"),
        ("Emergent Gauges in Boilers", "Reply to 'Emergent Gauges in Boilers'"),
        ("WebLantern: Reading Dials", "WebLantern-V2: Bridging the Chasm"),
        ("Qwen2.5 Technical Report", "Qwen2.5-1M Technical Report"),
    ],
)
def test_members_of_a_series_stay_apart_even_with_one_abstract(
    clusters: Clusters, lantern: str, title: str, other: str
) -> None:
    assert clusters([("r1", None, title, lantern), ("r2", None, other, lantern)]) == [["r1"], ["r2"]]


def test_records_of_one_title_follow_the_one_that_is_near(clusters: Clusters, lantern: str) -> None:
    rows: list[Row] = [
        ("r1", "2501.1", "Lantern: Gauges Read Aloud", lantern),
        ("r2", None, "Candle: Dials Read Aloud", lantern),
        ("r3", None, "Candle: Dials Read Aloud", None),
    ]
    assert clusters(rows) == [["r1", "r2", "r3"]]


def test_a_chain_of_likeness_is_split(clusters: Clusters, lantern: str, orchard: str) -> None:
    words, others = lantern.split(), orchard.split()
    half = len(words) // 3
    rows: list[Row] = [
        ("r1", None, "Reading Gauges at Noon", " ".join(words)),
        ("r2", None, "Picking Apples at Dusk", " ".join([*words[half:], *others[:half]])),
        ("r3", None, "Counting Boats at Sea", " ".join([*words[2 * half :], *others[: 2 * half]])),
        ("r4", None, "Weighing Stones on Land", " ".join(others)),
    ]
    found = clusters(rows)
    assert sorted(record for cluster in found for record in cluster) == ["r1", "r2", "r3", "r4"]
    assert len(found) > 1


def test_each_cluster_has_one_survivor(matched: Matched, lantern: str, orchard: str) -> None:
    rows: list[Row] = [
        ("r1", "2501.1", TITLE, lantern),
        ("r2", None, TITLE, None),
        ("r3", None, "Dials Made Legible", lantern),
        ("r4", None, "Picking Apples", orchard),
    ]
    found = matched(rows)
    assert found.filter(matched_by="self").select(pl.col("record_id") == pl.col("survivor_id")).to_series().all()
    assert found.filter(matched_by="self")["survivor_id"].to_list() == ["r1", "r4"]


def test_the_strongest_evidence_is_told(matched: Matched, lantern: str) -> None:
    rows: list[Row] = [
        ("r1", "2501.1", TITLE, lantern),
        ("r2", "2501.1", TITLE, first_words(lantern, 0.9)),
        ("r3", None, TITLE, None),
        ("r4", None, "Dials Made Legible", lantern),
    ]
    assert matched(rows)["matched_by"].to_list() == ["self", "arxiv_id", "title", "near_duplicate"]


def test_similarity_is_the_exact_jaccard_similarity(matched: Matched) -> None:
    rows: list[Row] = [
        ("r1", None, TITLE, "a b c d e f"),
        ("r2", None, TITLE, "a b c d x y"),
        ("r3", None, TITLE, "a b"),
    ]
    assert matched(rows)["similarity"].to_list() == [1.0, 2 / 6, None]


def test_the_survivor_is_the_one_with_an_id_then_with_the_longest_abstract(matched: Matched, lantern: str) -> None:
    with_id: list[Row] = [("r1", None, TITLE, lantern), ("r2", "2501.1", TITLE, None)]
    without_id: list[Row] = [("r1", None, TITLE, first_words(lantern, 0.5)), ("r2", None, TITLE, lantern)]
    assert matched(with_id)["survivor_id"].unique().to_list() == ["r2"]
    assert matched(without_id)["survivor_id"].unique().to_list() == ["r2"]


def test_no_records_have_no_matches(matched: Matched) -> None:
    assert_frame_equal(matched([]), pl.DataFrame(schema=MATCHES_SCHEMA))


def test_a_record_that_stands_twice_is_an_error(matched: Matched) -> None:
    with pytest.raises(ValueError, match="record_id twice"):
        matched([("r1", None, TITLE, None), ("r1", None, TITLE, None)])


def test_a_phrase_that_many_records_share_is_no_evidence(clusters: Clusters) -> None:
    phrase = "This submission was withdrawn by its authors because of an error in the proof of its main theorem"
    rows: list[Row] = [
        (f"r{number}", None, f"{word} in Boiler Rooms", phrase) for number, word in enumerate(["Gauges", "Pipes"])
    ]
    assert clusters(rows) == [["r0"], ["r1"]]


def test_stored_signatures_match_as_fresh_ones(
    matched: Matched, lantern: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows: list[Row] = [
        ("r1", "2501.1", TITLE, lantern),
        ("r2", None, "Dials Made Legible", lantern),
        ("r3", None, TITLE, ""),
    ]
    schema = {"record_id": pl.String, "arxiv_id": pl.String, "title": pl.String, "abstract": pl.String}
    folder = tmp_path_factory.mktemp("signatures")
    for number, row in enumerate(rows):
        fresh = signatures(pl.DataFrame([row], schema=schema, orient="row"))
        assert fresh.schema == SIGNATURE_SCHEMA
        fresh.write_parquet(folder / f"{number}.parquet")
    assert_frame_equal(match(pl.scan_parquet(folder / "*.parquet")), matched(rows))


PIECES = ("gauges", "boilers", "dirty", "glass", "needle", "shadow", "strip", "ruler", "median", "telephone")
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map(" ".join)
TOLD = st.lists(st.tuples(st.sampled_from([None, "2501.1", "2501.2"]), WORDS, st.none() | WORDS), max_size=9)
ROWS = TOLD.map(lambda told: [(f"r{number}", *row) for number, row in enumerate(told)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_records_makes_no_difference(matched: Matched, orders: tuple[list[Row], list[Row]]) -> None:
    rows, shuffled = orders
    assert_frame_equal(matched(rows), matched(shuffled))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ROWS)
def test_no_cluster_holds_two_arxiv_ids(matched: Matched, rows: list[Row]) -> None:
    ids = {record_id: arxiv_id for record_id, arxiv_id, _, _ in rows}
    for record_id, survivor_id in matched(rows).select("record_id", "survivor_id").iter_rows():
        assert ids[record_id] in (None, ids[survivor_id])
