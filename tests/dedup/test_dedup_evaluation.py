import polars as pl

from lit_pipeline.evaluation.dedup import evaluate_pairs

LANTERN = (
    "We read gauges from photographs of boiler rooms with a network that first finds the dial and then the needle."
)
ORCHARD = "Our robot picks apples behind leaves by looking at each tree from four sides before it moves its arm at all."

SAME = pl.DataFrame(
    {
        "arxiv_id": ["2501.1", "2501.2"],
        "title_a": ["Reading Gauges from Photographs", "Picking Apples behind Leaves"],
        "title_b": ["READING GAUGES from photographs", "A Robot in the Orchard at Dusk"],
        "abstract_a": [LANTERN, ORCHARD],
        "abstract_b": ["", "Nothing in common."],
    }
)

DIFFERENT = pl.DataFrame(
    {
        "arxiv_id_a": ["2501.3"],
        "arxiv_id_b": ["2501.4"],
        "title_a": ["Weighing Stones on the Shore"],
        "title_b": ["Weighing stones on the shore"],
        "abstract_a": [LANTERN],
        "abstract_b": [ORCHARD],
    }
)


def test_merged_pairs_are_counted() -> None:
    scores = evaluate_pairs(SAME, DIFFERENT, with_ids=False).scores
    assert (scores.same_merged, scores.retitled_merged, scores.different_merged) == (0.5, 0.0, 1.0)


def test_ids_are_shown_only_where_asked() -> None:
    scores = evaluate_pairs(SAME, DIFFERENT, with_ids=True).scores
    assert (scores.same_merged, scores.different_merged) == (1.0, 0.0)


def test_misses_are_told_with_their_titles() -> None:
    misses = evaluate_pairs(SAME, DIFFERENT, with_ids=False).misses
    assert misses.select("kind", "title_b").rows() == [
        ("same", "A Robot in the Orchard at Dusk"),
        ("different", "Weighing stones on the shore"),
    ]
