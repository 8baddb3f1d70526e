"""A score that the text gives to a baseline outright belongs to the baseline."""

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., list[dict[str, Any]]]

NAMES = {"FooNet": "model", "BarNet": "model", "GPT-4": "model", "MMLU": "benchmark"}


@pytest.mark.parametrize(
    "claim",
    [
        "FooNet reaches 78.2% on MMLU, while BarNet only obtains 70.1%.",
        "FooNet achieves 78.2% accuracy on MMLU, compared to 70.1% for BarNet.",
        "FooNet achieves 78.2% on MMLU, surpassing BarNet (70.1%).",
    ],
)
def test_a_baselines_score_is_the_baselines(read: Read, claim: str) -> None:
    rows = read(f"We present FooNet. {claim}", NAMES, title="FooNet: A New Encoder")
    assert {row["value"]: row["model_id"] for row in rows} == {78.2: "model:FooNet", 70.1: "model:BarNet"}


def test_a_gain_over_a_baseline_is_the_papers_own(read: Read) -> None:
    (row,) = read("We present FooNet. It outperforms BarNet by 5.3% on MMLU.", NAMES, title="FooNet: A New Encoder")
    assert row["model_id"] == "model:FooNet"


def test_several_baselines_keep_their_own_scores(read: Read) -> None:
    rows = read("We present FooNet. It beats BarNet (70.1%) and GPT-4 (66.0%) on MMLU.", NAMES, title="FooNet")
    assert {row["value"]: row["model_id"] for row in rows} == {70.1: "model:BarNet", 66.0: "model:GPT-4"}
