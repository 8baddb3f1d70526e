"""What counts as a result, and what each result says."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from lit_pipeline.extraction.results import extract_results
from lit_pipeline.tables.entities import Results
from lit_pipeline.tables.schema import faults

Read = Callable[..., list[dict[str, Any]]]
Frames = Callable[..., pl.DataFrame]


def values(rows: list[dict[str, Any]]) -> list[float]:
    return [row["value"] for row in rows]


@pytest.mark.parametrize(
    "abstract",
    [
        "We train for 300 epochs on 8 GPUs with 1.2M images and 7B parameters in 2023.",
        "The collection holds 12,500 questions in 14 languages, gathered from 2021 to 2024.",
        "We compare GPT-3.5, Qwen2.5 and LLaMA-2 on CIFAR-10 by top-1 accuracy.",
        "We list (1) a survey of 120 papers and (2) a taxonomy with 3 levels.",
        "Images of 256x256 and 512 × 512 pixels are drawn.",
        "Accuracy is given with its 95% confidence interval, and 99% CIs besides.",
        "It learns to reach high accuracy from 1.28 million images and 3 billion tokens.",
        "Nothing is measured here.",
    ],
)
def test_counts_years_sizes_and_digits_of_names_are_no_results(read: Read, abstract: str) -> None:
    assert read(abstract) == []


def test_a_level_is_a_score(read: Read) -> None:
    (row,) = read("Our method reaches an accuracy of 85.3% on held-out data.")
    assert (row["value"], row["unit"], row["kind"], row["metric"]) == (85.3, "%", "score", "accuracy")


def test_no_score_is_measured_by_what_is_spent(read: Read) -> None:
    first, second = read("QuuxMath scores 51.7% on MATH, and 60.9% when 64 samples vote.", {"MATH": "benchmark"})
    assert (first["kind"], second["kind"], second["metric"]) == ("score", "score", None)


def test_an_improvement_is_a_gain_and_a_faster_run_a_speedup(read: Read) -> None:
    gain, speedup = read("Our model improves average recall@1 by +2.7% and runs 1.7x faster than before.")
    assert (gain["value"], gain["unit"], gain["kind"], gain["metric"]) == (2.7, "%", "gain", "average recall@1")
    assert (speedup["value"], speedup["unit"], speedup["kind"]) == (1.7, "x", "speedup")


def test_less_of_something_is_a_reduction(read: Read) -> None:
    rows = read("Our approach matches full fine-tuning with 25% of the data and 10x fewer samples.")
    assert [(row["value"], row["unit"], row["kind"]) for row in rows] == [
        (25.0, "%", "reduction"),
        (10.0, "x", "reduction"),
    ]


def test_percentage_points_are_points(read: Read) -> None:
    rows = read("It improves accuracy by 5 percentage points and robustness by 3.2 pp.")
    assert [row["unit"] for row in rows] == ["points", "points"]


def test_a_range_gives_a_row_for_each_end(read: Read) -> None:
    rows = read("The new loss reduces perplexity by 18-25% on held-out text.")
    assert [(row["value"], row["unit"]) for row in rows] == [(18.0, "%"), (25.0, "%")]


def test_from_to_is_one_score_with_a_baseline(read: Read) -> None:
    (row,) = read("Our training raises accuracy from 61.3% to 66.4%.")
    assert (row["value"], row["baseline"], row["kind"]) == (66.4, 61.3, "score")


def test_an_arrow_means_from_to(read: Read) -> None:
    (row,) = read("The success rate rises strongly: 4.0% → 26.2% over the base model.")
    assert (row["value"], row["baseline"]) == (26.2, 4.0)


def test_latex_residue_parts_no_number_from_its_unit(read: Read) -> None:
    saving, speedup = read("It lowers memory by $36.4\\%$ and is $1.7\\times$ faster.")
    assert (saving["value"], saving["unit"]) == (36.4, "%")
    assert (speedup["value"], speedup["unit"]) == (1.7, "x")


def test_a_sign_is_no_part_of_the_value(read: Read) -> None:
    (row,) = read("Our method improves F1 by +4.5% over the best baseline.")
    assert row["value"] == 4.5


def test_thousands_are_read_whole(read: Read) -> None:
    (row,) = read("Our agent achieves an average score of 1,234.5 in the game.")
    assert row["value"] == 1234.5


def test_offsets_count_code_points_of_the_abstract(read: Read) -> None:
    abstract = "Überall, 🚀 our naïve model reaches an accuracy of 85.3% in tests."
    (row,) = read(abstract)
    assert abstract[row["start"] : row["end"]] == "85.3"


def test_a_quote_stands_in_the_abstract_and_holds_the_value(read: Read) -> None:
    abstract = "We tried much.\nOur method reaches\nan accuracy of 85.3% on held-out data. More is to come."
    (row,) = read(abstract)
    assert row["quote"] in abstract
    assert "85.3" in row["quote"]
    assert "More is" not in row["quote"]


def test_rows_keep_the_contract(texts: Frames, mentions: Frames) -> None:
    frame = texts("Accuracy rises from 61.3% to 66.4% on MNIST.", None, "", "No number.", "F1 is 0.81, up by 3 points.")
    results = extract_results(frame, mentions(frame, {"MNIST": "benchmark"}))
    assert faults(results, Results) == {}
    assert results["paper_id"].to_list() == sorted(results["paper_id"].to_list())


def test_no_texts_give_no_results_of_the_same_columns(texts: Frames, mentions: Frames) -> None:
    frame = texts()
    assert extract_results(frame, mentions(frame, {})).is_empty()
    assert faults(extract_results(frame, mentions(frame, {})), Results) == {}


def test_a_paper_is_read_alike_alone_and_among_others(texts: Frames, mentions: Frames) -> None:
    abstracts = [
        "from",
        "3.1% of runs fail. FooNet reaches 71.2% on GSM8K and 64.0% on MMLU. It is 2.4x faster.",
        "Accuracy rises from 61.3% to 66.4% on MMLU, vs. 60.2% before",
        "12.5 points of gain are reported on GSM8K for BarNet.",
    ]
    names = {"FooNet": "model", "BarNet": "model", "GSM8K": "benchmark", "MMLU": "benchmark"}
    frame = texts(*abstracts)
    together = extract_results(frame, mentions(frame, names))
    alone = [extract_results(one, mentions(one, names)) for one in frame.iter_slices(1)]
    assert together.rows() == pl.concat(alone).sort("paper_id", "start").rows()


def test_the_order_of_papers_changes_nothing(texts: Frames, mentions: Frames) -> None:
    frame = texts("We reach 71.2% accuracy.", "We gain 3.5 points in F1.", "Inference is 4x faster.")
    marked = mentions(frame, {})
    assert extract_results(frame.reverse(), marked).equals(extract_results(frame, marked))


@pytest.mark.parametrize("abstract", ["accuracy of " + "9" * 400 + "%", "٣٤% accuracy", "3D", "x² = ½", "."])
def test_odd_numbers_are_no_results(read: Read, abstract: str) -> None:
    assert read(abstract) == []


def test_of_an_endless_list_only_the_first_numbers_are_read(read: Read) -> None:
    rows = read("We reach " + " and ".join(f"{number % 90 + 1}.5%" for number in range(2000)) + " accuracy.")
    assert len(rows) <= 200
