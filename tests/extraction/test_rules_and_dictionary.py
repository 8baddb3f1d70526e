"""What is found in texts: known names with what is attached to them, unseen names by what the text says of them."""

from collections.abc import Callable

import polars as pl
import pytest

from lit_pipeline.extraction.definitions import definitions_of
from lit_pipeline.extraction.extract import extract_spans
from lit_pipeline.extraction.rules import rule_of
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import faults, polars_schema

Texts = Callable[..., pl.DataFrame]

TITLE = "On the evaluation of systems"


def surfaces(spans: pl.DataFrame, field: str = "abstract") -> list[tuple[str, str]]:
    return spans.filter(pl.col("field") == field).select("surface", pl.col("type").cast(pl.String)).rows()


@pytest.mark.parametrize(
    ("sentence", "surface"),
    [
        ("We compare with Llama-3 (8B) on all tasks.", "Llama-3 (8B)"),
        ("We compare with LLaMA-2-7B-chat on all tasks.", "LLaMA-2-7B-chat"),
        ("We fine-tune Qwen2.5-7B-Instruct on all tasks.", "Qwen2.5-7B-Instruct"),
        ("We use Qwen2.5-3B/7B as backbones.", "Qwen2.5-3B/7B"),
        ("We use a pretrained ViT-B/16 as the encoder.", "ViT-B/16"),
        ("A BERT-base model is fine-tuned.", "BERT-base"),
        ("A BERT-based model is fine-tuned.", "BERT"),
        ("We prompt Llama 3 for answers.", "Llama 3"),
        ("We prompt Llama3 for answers.", "Llama3"),
        ("Results with ResNet-50 improve.", "ResNet-50"),
    ],
)
def test_a_known_model_is_found_with_what_is_attached_to_it(
    texts: Texts, names: Vocabulary, sentence: str, surface: str
) -> None:
    assert surfaces(extract_spans(texts((TITLE, sentence)), names)) == [(surface, "model")]


@pytest.mark.parametrize(
    ("sentence", "surface"),
    [
        ("We report accuracy on MS-COCO and other sets.", "MS-COCO"),
        ("We evaluate on SWE-bench Verified and reach 61%.", "SWE-bench Verified"),
        ("We evaluate on CIFAR-10/100 with small networks.", "CIFAR-10/100"),
        ("We evaluate on ImageNet-1K.", "ImageNet-1K"),
    ],
)
def test_a_known_benchmark_is_found_as_a_whole(texts: Texts, names: Vocabulary, sentence: str, surface: str) -> None:
    assert surfaces(extract_spans(texts((TITLE, sentence)), names)) == [(surface, "benchmark")]


@pytest.mark.parametrize("sentence", ["The vision is clear.", "A falcon is a bird of prey.", "We like math a lot."])
def test_a_word_that_is_also_a_name_is_no_span(texts: Texts, names: Vocabulary, sentence: str) -> None:
    assert extract_spans(texts((TITLE, sentence)), names).is_empty()


def test_a_name_that_is_also_a_word_is_found_in_the_right_context(texts: Texts, names: Vocabulary) -> None:
    sentence = "We evaluate on the MATH benchmark and train with the Adam optimizer."

    assert surfaces(extract_spans(texts((TITLE, sentence)), names)) == [("MATH", "benchmark"), ("Adam", "method")]


def test_no_name_is_found_inside_a_word(texts: Texts, names: Vocabulary) -> None:
    assert extract_spans(texts((TITLE, "Robert likes vitamins and cocoa.")), names).is_empty()


@pytest.mark.parametrize(
    ("title", "abstract", "kind"),
    [
        ("QuuxNet: A Vision Model for Birds", "We introduce QuuxNet, a vision model trained on many images.", "model"),
        ("QuuxBench: A Benchmark for Birds", "We present QuuxBench, a benchmark that evaluates 9 models.", "benchmark"),
        ("Quux: A Framework for Birds", "We propose Quux, a novel framework that trains agents faster.", "method"),
        ("Quux-1M: A Dataset of Birds", "We release Quux-1M, a dataset of one million images.", "dataset"),
    ],
)
def test_an_unseen_name_has_the_type_that_its_paper_gives_it(
    texts: Texts, names: Vocabulary, title: str, abstract: str, kind: str
) -> None:
    spans = extract_spans(texts((title, abstract)), names)
    surface = title.split(":", maxsplit=1)[0]

    assert surfaces(spans, "title") == [(surface, kind)]
    assert surfaces(spans) == [(surface, kind)]


def test_an_accepted_name_is_found_at_every_place_of_its_paper(texts: Texts, names: Vocabulary) -> None:
    abstract = "Pointy is a new model. It is fast. We find that Pointy works. Code for Pointy is there."
    spans = extract_spans(texts(("Pointy: A Model for Birds", abstract)), names)

    assert [surface for surface, _ in surfaces(spans)] == ["Pointy"] * 3


def test_generic_abbreviations_are_no_names(texts: Texts, names: Vocabulary) -> None:
    abstract = "An LLM or a CNN on a GPU improves the BLEU and F1 scores of RAG with RL."

    assert extract_spans(texts((TITLE, abstract)), names).is_empty()


def test_offsets_are_code_points(texts: Texts, names: Vocabulary) -> None:
    abstract = "Naïve 🦙 “quotes”: we fine-tune Llama 3 — and évaluate on ImageNet."
    spans = extract_spans(texts(("Étude of models", abstract)), names)

    assert [abstract[start:end] for start, end in spans.select("start", "end").rows()] == ["Llama 3", "ImageNet"]


def test_spans_satisfy_their_table(texts: Texts, names: Vocabulary) -> None:
    papers = texts(("QuuxNet: A Model", "QuuxNet beats Llama-3 (8B) on ImageNet."), ("No name", None), ("", ""))

    assert faults(extract_spans(papers, names), Spans) == {}


def test_no_texts_give_no_spans(texts: Texts, names: Vocabulary) -> None:
    spans = extract_spans(texts(), names)

    assert spans.is_empty()
    assert faults(spans, Spans) == {}


def test_a_papers_spans_do_not_depend_on_the_others_in_the_batch(texts: Texts, names: Vocabulary) -> None:
    papers = texts(
        ("QuuxNet: A Model", "We introduce QuuxNet, a model for ImageNet."),
        ("A study of Quuxnet", "Falcon and QuuxNet are evaluated on COCO by us."),
        ("Nothing", "Nothing at all."),
    )
    together = extract_spans(papers, names)
    apart = pl.concat([extract_spans(papers[at : at + 1], names) for at in range(3)])

    assert together.drop("confidence").equals(apart.drop("confidence"))
    assert together["confidence"].to_list() == pytest.approx(apart["confidence"].to_list())


def test_the_order_of_the_papers_changes_nothing(texts: Texts, names: Vocabulary) -> None:
    papers = texts(("QuuxNet: A Model", "We introduce QuuxNet."), ("Study", "We test BERT on COCO and ImageNet."))

    assert extract_spans(papers.reverse(), names).equals(extract_spans(papers, names))


def test_a_document_in_the_place_of_an_abstract_is_read_to_a_limit(texts: Texts, names: Vocabulary) -> None:
    spans = extract_spans(texts((TITLE, "We prompt Llama 3. " + "It works. " * 5000 + "We test BERT.")), names)

    assert surfaces(spans) == [("Llama 3", "model")]


class FixedTagger:
    """Marks one place with one confidence."""

    version = "fixed"

    def __init__(self, surface: str, kind: str, confidence: float) -> None:
        self.place = (surface, kind, confidence)

    def tag(self, texts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
        surface, kind, confidence = self.place
        start = texts["abstract"][0].index(surface)
        row = (texts["paper_id"][0], "abstract", start, start + len(surface), surface, kind, confidence, "tagger")
        assert not vocabulary.terms.is_empty()
        return pl.DataFrame([row], schema=polars_schema(Spans), orient="row")


ABSTRACT = "We fine-tune Llama 3 well, with the quiet fox, and evaluate on ImageNet."


def test_with_a_tagger_its_judgement_is_final(texts: Texts, names: Vocabulary) -> None:
    spans = extract_spans(texts((TITLE, ABSTRACT)), names, FixedTagger("quiet fox", "method", 0.9))

    assert surfaces(spans) == [("quiet fox", "method")]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("We use Quick Unusual Xenon (QUX) here.", ("QUX", "Quick Unusual Xenon")),
        ("We use Retrieval-Augmented Foo (RAFoo), which", ("RAFoo", "Retrieval-Augmented Foo")),
        ("We use the Bag of Tiny Words (BTW) here.", ("BTW", "Bag of Tiny Words")),
        ("QUX (Quick Unusual Xenon) is used.", ("QUX", "Quick Unusual Xenon")),
        ("an Odd-Looking and Quick Xenon Network (OQXNet) is", ("OQXNet", "Odd-Looking and Quick Xenon Network")),
        ("many Large Quux Models (LQMs) are used", ("LQMs", "Large Quux Models")),
    ],
)
def test_an_acronym_is_paired_with_the_words_that_spell_it(texts: Texts, text: str, pair: tuple[str, str]) -> None:
    found = definitions_of(fields_of(texts((TITLE, text))))

    assert found.select("acronym", "long_form").rows() == [pair]


@pytest.mark.parametrize("text", ["We use a thing (see Section 2).", "The score (BLEU) rises.", "(ABC) opens it."])
def test_a_bracket_alone_defines_nothing(texts: Texts, text: str) -> None:
    assert definitions_of(fields_of(texts((TITLE, text)))).is_empty()


@pytest.mark.parametrize(
    ("observation", "rule"),
    [("title_head", "title_rule"), ("model_after", "type_word_rule"), ("known_model", "known_name_rule")],
)
def test_every_observation_belongs_to_a_rule(observation: str, rule: str) -> None:
    assert rule_of(observation) == rule
