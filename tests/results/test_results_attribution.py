"""Which model and which benchmark a result belongs to."""

from collections.abc import Callable
from typing import Any

Read = Callable[..., list[dict[str, Any]]]

NAMES = {
    "FooNet": "model",
    "GPT-4": "model",
    "MMLU": "benchmark",
    "GSM8K": "benchmark",
    "HumanEval": "benchmark",
    "SQuAD": "benchmark",
    "TriviaQA": "benchmark",
    "LibriSpeech": "benchmark",
    "The Pile": "dataset",
}


def owners(rows: list[dict[str, Any]]) -> list[tuple[float, str | None, str | None]]:
    return [(row["value"], row["model_id"], row["benchmark_id"]) for row in rows]


def test_respectively_pairs_values_with_benchmarks_in_order(read: Read) -> None:
    rows = read("FooNet achieves 82.1 and 90.4 F1 on SQuAD and TriviaQA, respectively.", NAMES)
    assert owners(rows) == [
        (82.1, "model:FooNet", "benchmark:SQuAD"),
        (90.4, "model:FooNet", "benchmark:TriviaQA"),
    ]


def test_benchmarks_named_first_are_paired_in_order_too(read: Read) -> None:
    rows = read("On SQuAD, TriviaQA and MMLU, FooNet improves accuracy by 3.3%, 0.7% and 1.1%, respectively.", NAMES)
    assert [row["benchmark_id"] for row in rows] == ["benchmark:SQuAD", "benchmark:TriviaQA", "benchmark:MMLU"]


def test_each_value_of_a_list_has_the_benchmark_that_follows_it(read: Read) -> None:
    rows = read("FooNet obtains 85.3% on MMLU, 71.2% on GSM8K and 64.0% on HumanEval.", NAMES)
    assert [row["benchmark_id"] for row in rows] == ["benchmark:MMLU", "benchmark:GSM8K", "benchmark:HumanEval"]


def test_a_gain_over_a_baseline_is_the_papers_own_and_the_baselines_score_is_not(read: Read) -> None:
    rows = read(
        "We introduce FooNet, a new encoder. FooNet outperforms GPT-4 by 3.1% on MMLU, while GPT-4 reaches only 41.2%.",
        NAMES,
        title="FooNet: A New Encoder",
    )
    assert owners(rows) == [
        (3.1, "model:FooNet", "benchmark:MMLU"),
        (41.2, "model:GPT-4", "benchmark:MMLU"),
    ]


def test_it_means_the_model_that_the_paper_introduces(read: Read) -> None:
    (row,) = read(
        "We propose FooNet, a small encoder. It reaches an accuracy of 71.2% on MMLU.",
        NAMES,
        title="FooNet: A Small Encoder",
    )
    assert row["model_id"] == "model:FooNet"


def test_a_result_with_no_benchmark_in_the_paper_has_none(read: Read) -> None:
    (row,) = read("FooNet reaches an accuracy of 71.2% in a private trial.", NAMES)
    assert row["benchmark_id"] is None


def test_a_training_set_is_no_benchmark(read: Read) -> None:
    (row,) = read("Trained on The Pile, FooNet reaches an accuracy of 71.2%.", NAMES)
    assert row["benchmark_id"] is None


def test_names_of_another_paper_are_not_used(read: Read) -> None:
    (row,) = read("We reach an accuracy of 71.2%.", {"MMLU": "benchmark"}, title="Without a name")
    assert (row["model_id"], row["benchmark_id"]) == (None, None)
