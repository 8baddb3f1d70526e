"""The tagger that ships."""

import polars as pl
import pytest

from lit_pipeline.extraction.rules import RULES
from lit_pipeline.extraction.tagger.model import PACKAGED, LinearTagger, load_tagger
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import faults

TEXTS = pl.DataFrame(
    {
        "paper_id": ["b", "a", "c"],
        "title": ["Vornet: a new backbone for detection", "Notes on GPT-4o", "A study of nothing"],
        "abstract": [
            "We propose Vornet, a convolutional network. Vornet reaches 81.2% on ImageNet and beats ResNet-50.",
            None,
            "Nothing in this abstract carries a name.",
        ],
    }
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def tagger() -> LinearTagger:
    return load_tagger()


def test_known_and_new_names_are_found_with_their_types(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    spans = tagger.tag(TEXTS, vocabulary)
    named = set(spans.select("paper_id", "surface", "type").rows())
    assert {("b", "Vornet", "model"), ("b", "ImageNet", "benchmark"), ("b", "ResNet-50", "model")} <= named
    assert ("a", "GPT-4o", "model") in named


def test_spans_keep_their_declaration(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    assert faults(tagger.tag(TEXTS, vocabulary), Spans) == {}


def test_a_surface_is_the_text_at_its_offsets(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    texts = {(row["paper_id"], field): row[field] for row in TEXTS.to_dicts() for field in ("title", "abstract")}
    for span in tagger.tag(TEXTS, vocabulary).to_dicts():
        assert texts[span["paper_id"], span["field"]][span["start"] : span["end"]] == span["surface"]


def test_spans_of_a_field_do_not_overlap_and_are_sorted(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    spans = tagger.tag(TEXTS, vocabulary)
    assert spans.equals(spans.sort("paper_id", "field", "start"))
    before = pl.col("end").shift().over("paper_id", "field")
    assert spans.filter(pl.col("start") < before).is_empty()


def test_what_is_found_in_a_paper_does_not_depend_on_the_batch(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    together = tagger.tag(TEXTS, vocabulary)
    alone = pl.concat([tagger.tag(paper, vocabulary) for paper in TEXTS.sort("paper_id").iter_slices(1)])
    assert together.drop("confidence").equals(alone.drop("confidence"))
    assert together["confidence"].to_list() == pytest.approx(alone["confidence"].to_list())


def test_what_found_a_name_is_told(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    found_by = dict(tagger.tag(TEXTS, vocabulary).select("surface", "found_by").rows())
    assert found_by["ImageNet"] == "vocabulary"
    assert found_by["Vornet"] in RULES


def test_texts_without_names_or_words_give_no_spans(tagger: LinearTagger, vocabulary: Vocabulary) -> None:
    assert tagger.tag(TEXTS.clear(), vocabulary).is_empty()
    blank = pl.DataFrame({"paper_id": ["x"], "title": [""], "abstract": pl.Series([None], dtype=pl.String)})
    assert tagger.tag(blank, vocabulary).is_empty()


def test_the_card_beside_the_artefact_is_that_of_its_version(tagger: LinearTagger) -> None:
    assert f"`{tagger.version}`" in PACKAGED.with_name("MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_artefact_stays_small() -> None:
    assert PACKAGED.stat().st_size <= 20_000_000
