"""The single steps: tokens, units, baselines, metrics, lists, scorer."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lit_pipeline.extraction.results.baselines import with_baselines
from lit_pipeline.extraction.results.candidates import candidates_of
from lit_pipeline.extraction.results.contexts import stream_of
from lit_pipeline.extraction.results.metrics import metric_spans
from lit_pipeline.extraction.results.pairs import filler_counts, list_places
from lit_pipeline.extraction.results.scorer import LinearScorer, ResultModel, load_model, save_model
from lit_pipeline.extraction.results.tokens import tokens_of

NO_MENTIONS = pl.DataFrame(
    schema={"paper": pl.Int64, "mention": pl.Int64, "type": pl.String, "start": pl.Int64, "end": pl.Int64}
)


def tokens(*abstracts: str) -> pl.DataFrame:
    return tokens_of(pl.DataFrame({"paper": list(range(len(abstracts))), "abstract": list(abstracts)}))


def stream(*abstracts: str) -> pl.DataFrame:
    return stream_of(tokens(*abstracts), NO_MENTIONS)


def candidates(abstract: str) -> pl.DataFrame:
    read = stream(abstract)
    return with_baselines(candidates_of(read), read)


@given(st.text(max_size=80))
def test_every_token_stands_where_its_offsets_say(abstract: str) -> None:
    for start, end, raw in tokens(abstract).select("start", "end", "raw").iter_rows():
        assert abstract[start:end] == raw


@pytest.mark.parametrize(
    ("abstract", "sentences"),
    [
        ("It works. We show it.", 2),
        ("It beats others, e.g. Foo, by far.", 1),
        ("Scores of 3.5 vs. Foo were seen.", 1),
        ("It is fine.Based on it we go on.", 2),
    ],
)
def test_sentences_end_at_full_stops_of_no_abbreviation(abstract: str, sentences: int) -> None:
    assert tokens(abstract)["sentence"].n_unique() == sentences


def test_a_mention_is_one_token_of_its_type() -> None:
    mention = pl.DataFrame(
        {"paper": [0], "mention": [7], "type": ["model"], "start": [4], "end": [11]}, NO_MENTIONS.schema
    )
    drawn = stream_of(tokens("Our GPT-3.5 won 5 times"), mention)
    assert drawn["text"].to_list() == ["our", "<model>", "won", "5", "x"]
    assert drawn["mention"].to_list() == [None, 7, None, None, None]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("5.5%", "%"),
        ("5.5 percent", "%"),
        ("5.5 per cent", "%"),
        ("5.5x", "x"),
        ("5.5×", "x"),
        ("5.5times", "x"),
        ("5.5-fold", "x"),
        ("x5.5", "x"),
        ("a factor of 5.5", "x"),
        ("5.5 points", "points"),
        ("5.5pp", "points"),
        ("5.5%p", "points"),
        ("5.5 percentage points", "points"),
        ("5.5% absolute", "points"),
        ("5.5 BLEU points", "points"),
        ("5.5 dB", None),
    ],
)
def test_units(written: str, unit: str | None) -> None:
    assert candidates(f"It changed by {written} in tests")["unit"].to_list() == [unit]


@pytest.mark.parametrize("joint", ["-", " to ", " and ", "--", ", and "])
def test_members_of_a_list_share_the_unit_that_ends_it(joint: str) -> None:
    assert candidates(f"by 3.5{joint}7.5% in all")["unit"].to_list() == ["%", "%"]


@pytest.mark.parametrize("written", ["v2", "Qwen2.5", "7B", "10k", "3D", "2nd"])
def test_parts_of_names_counts_ordinals_and_dimensions_are_no_candidates(written: str) -> None:
    assert candidates(f"using {written} models").is_empty()


@pytest.mark.parametrize(
    ("written", "baselines"),
    [
        ("rises from 31% to 82%", [None, 31.0]),
        ("rises from about 31% to about 82%", [None, 31.0]),
        ("31% -> 82%", [None, 31.0]),
        ("82% vs. 31%", [31.0, None]),
        ("82% compared to 31%", [31.0, None]),
        ("82% up from 31%", [31.0, None]),
        ("82% and 31%", [None, None]),
        ("82% here. But 31% from there", [None, None]),
    ],
)
def test_baselines(written: str, baselines: list[float | None]) -> None:
    assert candidates(f"Success {written} in tests")["baseline"].to_list() == baselines


@pytest.mark.parametrize(
    ("abstract", "metric"),
    [
        ("achieves an average diagnostic accuracy of 85%", "average diagnostic accuracy"),
        ("improves mIoU by 3.3%", "mIoU"),
        ("a pass@1 of 33%", "pass@1"),
        ("an F1 of 0.8", "F1"),
        ("the BD-PSNR is 11.0 dB", "BD-PSNR"),
    ],
)
def test_metrics_are_named_with_what_qualifies_them(abstract: str, metric: str) -> None:
    read = stream(abstract)
    spans = metric_spans(read, read["sentence"])
    assert metric in [abstract[start:end] for start, end in spans.select("start", "end").iter_rows()]


def test_a_list_ends_at_the_first_word_that_joins_nothing() -> None:
    read = stream("by 1.5, 2.5 and 3.5 while 4.5 was seen")
    rows = candidates_of(read)["row"].to_numpy()
    place, length = list_places(rows, read["sentence"].to_numpy()[rows], filler_counts(read))
    assert place.tolist() == [0, 1, 2, 0]
    assert length.tolist() == [3, 3, 3, 1]


def test_a_scorer_counts_each_feature_once() -> None:
    scorer = LinearScorer(np.array([3, 8]), np.array([[1.0], [10.0]]), np.array([0.5]))
    assert scorer.scores(np.array([[3, 3, 8], [8, 9, -1], [-1, -1, 2]])).ravel().tolist() == [11.5, 10.5, 0.5]


def test_a_saved_model_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    scorer = LinearScorer(np.array([3, 8]), np.array([[1.0], [0.25]]), np.array([0.5]))
    save_model(ResultModel(pl.Series("word", ["a", "é"]), {"result": scorer}), path)
    loaded = load_model(path)
    assert loaded.words.to_list() == ["a", "é"]
    assert loaded.scorers["result"].weights.tolist() == [[1.0], [0.25]]
