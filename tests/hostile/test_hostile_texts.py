"""Titles and abstracts of any kind through cleaning, deduplication and extraction."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest
from hostile_reading import check_cleaned  # type: ignore[import-not-found,unused-ignore]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lit_pipeline.cleaning.records import clean_records
from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.merge import merge
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.extraction.extract import extract_spans
from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.results import extract_results
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary
from lit_pipeline.publish import consistency
from lit_pipeline.tables import entities, extraction, papers
from lit_pipeline.tables.records import RawRecords
from lit_pipeline.tables.schema import faults, polars_schema

settings.load_profile("hostile")

N_ALIKE = 20_000
ODD = (
    "<script>alert(1)</script>",
    "'; drop table papers; --",
    "\x1b]8;;http://a\x07GPT-4\x1b]8;;\x07",
    "../../etc/passwd",
    '=HYPERLINK("http://a")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202eGPT-4\u202c",
    "\ufeffLlama\u200b 3",
    "NULL",
    "\x00",
    "GPT-4 reaches 85.3% on MMLU.",
    "🦙" * 50 + "Llama 3 (8B)",
    "e\u0301" * 40,
    "$\\frac{1}{",
    "\U000e0041",
    "ﷺ" * 30,
)
TEXTS = st.text(max_size=120) | st.lists(st.sampled_from(ODD) | st.text(max_size=10), max_size=5).map(" ".join)
ROWS = st.lists(
    st.tuples(TEXTS, st.none() | TEXTS, st.none() | st.sampled_from(["2501.00001", "2501.00002v3", "cs/0101001", "x"])),
    max_size=12,
)


def raw_records(rows: Sequence[tuple[str, str | None, str | None]]) -> pl.DataFrame:
    """Rows of title, abstract and id as raw records."""
    schema = polars_schema(RawRecords)
    values = [
        {
            "record_id": f"{number:016x}:{number}",
            "source_file": "../a\x1b[31m",
            "source_sha256": "0" * 64,
            "source_format": "arxiv_jsonl",
            "position": number,
            "raw_title": title,
            "raw_abstract": abstract,
            "raw_arxiv_id": arxiv_id,
            "file_modified_on": date(2025, 1, 1),
        }
        for number, (title, abstract, arxiv_id) in enumerate(rows)
    ]
    return pl.DataFrame(values, schema=schema)


@given(text=TEXTS)
@example("".join(ODD))
def test_repaired_text_is_at_rest_and_holds_nothing_a_terminal_obeys(text: str) -> None:
    once = pl.DataFrame({"text": [text]}).select(repair_text("text"))
    assert once.select(repair_text("text")).equals(once)
    assert not once["text"].str.contains(r"[\x00-\x08\x0b-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}\x{200b}]").any()


@given(rows=ROWS)
def test_records_become_papers_whatever_they_say(rows: list[tuple[str, str | None, str | None]]) -> None:
    raw = raw_records(rows)
    cleaned = clean_records(raw)
    check_cleaned(raw, cleaned)
    matches = match(signatures(cleaned.records.select("record_id", "arxiv_id", "title", "abstract")))
    merged = merge(cleaned.records, raw, matches)
    found = merged.papers.collect()
    assert faults(found, papers.Papers) == {}
    assert merged.paper_records.collect().height == cleaned.records.height
    assert consistency.papers_without_their_records(found.lazy(), merged.paper_records).collect().is_empty()
    assert consistency.loose_aliases(merged.paper_aliases.lazy(), found.lazy()).collect().is_empty()


@given(rows=ROWS)
def test_order_of_the_records_does_not_decide_the_papers(rows: list[tuple[str, str | None, str | None]]) -> None:
    signed = signatures(clean_records(raw_records(rows)).records.select("record_id", "arxiv_id", "title", "abstract"))
    assert match(signed).equals(match(signed.reverse()))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@settings(max_examples=25)
@given(texts=st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=4))
@example([(text, text) for text in ODD])
def test_offsets_give_surfaces_in_any_text(vocabulary: Vocabulary, texts: list[tuple[str, str | None]]) -> None:
    frame = pl.DataFrame(
        [(f"p{at}", title, abstract) for at, (title, abstract) in enumerate(texts)],
        schema={"paper_id": pl.String, "title": pl.String, "abstract": pl.String},
        orient="row",
    )
    spans = extract_spans(frame, vocabulary)
    linked = link(spans, frame.with_columns(published_on=pl.lit(None, dtype=pl.Date)), vocabulary)
    results = extract_results(frame, linked.mentions)
    assert faults(spans, extraction.Spans) == {}
    assert faults(linked.entities, entities.Entities) == {}
    assert faults(linked.mentions, entities.Mentions) == {}
    assert faults(results, entities.Results) == {}
    assert consistency.wrong_offsets(linked.mentions.lazy(), frame.lazy()).collect().is_empty()
    assert consistency.results_without_text(results.lazy(), frame.lazy()).collect().is_empty()


def test_many_records_of_one_title_are_matched_without_comparing_all_pairs() -> None:
    rows = [("The Same Title of Every Record", "We do it. " * 30, None)] * N_ALIKE
    matches = match(
        signatures(clean_records(raw_records(rows)).records.select("record_id", "arxiv_id", "title", "abstract"))
    )
    assert matches["survivor_id"].n_unique() == 1
