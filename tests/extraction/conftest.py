"""A tiny vocabulary and helpers shared by the tests of the extraction stage."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from lit_pipeline.extraction.vocabulary import Vocabulary, vocabulary_of
from lit_pipeline.extraction.vocabulary_files import ROWS

KNOWN = [
    ("model", "Llama 3", "Llama", ["LLaMA-3"], False),
    ("model", "Llama 2", "Llama", [], False),
    ("model", "Qwen2.5", "Qwen", [], False),
    ("model", "BERT", None, [], False),
    ("model", "ViT", None, ["Vision Transformer"], False),
    ("model", "ResNet", None, [], False),
    ("model", "GPT-3.5", "GPT", ["GPT-3.5 Turbo"], False),
    ("model", "Stable Tide", None, [], False),
    ("model", "Falcon", None, [], True),
    ("method", "LoRA", None, ["Low-Rank Adaptation"], False),
    ("method", "Adam", None, [], True),
    ("benchmark", "ImageNet", None, [], False),
    ("benchmark", "ImageNet-1K", "ImageNet", ["ILSVRC 2012"], False),
    ("benchmark", "COCO", None, ["MS COCO"], False),
    ("benchmark", "CIFAR-10", "CIFAR", [], False),
    ("benchmark", "SWE-bench", None, [], False),
    ("benchmark", "SWE-bench Verified", "SWE-bench", [], False),
    ("benchmark", "MATH", None, [], True),
    ("dataset", "LAION-5B", "LAION", [], False),
]


@pytest.fixture(scope="session")
def names() -> Vocabulary:
    """Known names."""
    rows = [(*row, f"line {at}") for at, row in enumerate(KNOWN)]
    return vocabulary_of(pl.DataFrame(rows, schema=ROWS, orient="row"))


@pytest.fixture(scope="session")
def texts() -> Callable[..., pl.DataFrame]:
    """Makes texts of (title, abstract) pairs, numbered p0, p1, ..."""

    def make(*papers: tuple[str, str | None]) -> pl.DataFrame:
        rows = [(f"p{at}", title, abstract) for at, (title, abstract) in enumerate(papers)]
        schema = {"paper_id": pl.String, "title": pl.String, "abstract": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    return make


@pytest.fixture(scope="session")
def dated() -> Callable[..., pl.DataFrame]:
    """Texts with the day each was published."""

    def make(texts: pl.DataFrame, *days: date | None) -> pl.DataFrame:
        return texts.with_columns(published_on=pl.Series(days, dtype=pl.Date))

    return make
