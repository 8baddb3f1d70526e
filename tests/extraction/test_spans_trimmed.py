"""Ends of spans: punctuation of the sentence is no part of a name."""

import polars as pl
import pytest

from lit_pipeline.extraction.spans import trimmed
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import polars_schema


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Gemini)", "Gemini"),
        ("GPT-4o &", "GPT-4o"),
        ("LLaMA-", "LLaMA"),
        ("CVVNet (", "CVVNet"),
        ("o4 mini,", "o4 mini"),
        ("Llama-3 (8B)", "Llama-3 (8B)"),
        ("FLUX.2 [klein]", "FLUX.2 [klein]"),
        ("ScanNet++", "ScanNet++"),
        ("V*", "V*"),
    ],
)
def test_a_span_ends_with_its_name(surface: str, name: str) -> None:
    row = ("p", "abstract", 3, 3 + len(surface), surface, "model", 0.9, "tagger")
    spans = pl.DataFrame([row], schema=polars_schema(Spans), orient="row")
    assert trimmed(spans).select("start", "end", "surface").row(0) == (3, 3 + len(name), name)


def test_a_span_of_punctuation_alone_is_none() -> None:
    row = ("p", "abstract", 3, 5, " (", "model", 0.9, "tagger")
    assert trimmed(pl.DataFrame([row], schema=polars_schema(Spans), orient="row")).is_empty()
