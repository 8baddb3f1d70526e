"""Linking: canonical names, identifiers, types, and the paper that introduced a name."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from lit_pipeline.extraction.explain import explain
from lit_pipeline.extraction.link import Linked, link
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.entities import Entities, Mentions
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import faults, polars_schema

Texts = Callable[..., pl.DataFrame]


def spans_of(*places: tuple[str, str, str]) -> pl.DataFrame:
    """Spans of (paper, surface, type), one after the other."""
    rows = [
        (paper, "abstract", 100 * at, 100 * at + len(surface), surface, kind, 0.9, "vocabulary")
        for at, (paper, surface, kind) in enumerate(places)
    ]
    return pl.DataFrame(rows, schema=polars_schema(Spans), orient="row")


@pytest.fixture
def linked(texts: Texts, dated: Texts, names: Vocabulary) -> Callable[..., Linked]:
    """Links (paper, surface, type) places of papers without text."""

    def make(*places: tuple[str, str, str]) -> Linked:
        papers = dated(texts(("One", None), ("Two", None), ("Three", None)), *[date(2025, 1, day) for day in (3, 2, 1)])
        return link(spans_of(*places), papers, names)

    return make


@pytest.mark.parametrize(
    ("surface", "kind", "entity_id"),
    [
        ("Llama-3 (8B)", "model", "model:llama-3"),
        ("LLaMA-2-7B", "model", "model:llama-2"),
        ("Qwen2.5-7B-Instruct", "model", "model:qwen2-5"),
        ("ViT-B/16", "model", "model:vit"),
        ("Vision Transformers", "model", "model:vit"),
        ("ResNet-50", "model", "model:resnet"),
        ("GPT-3.5-turbo", "model", "model:gpt-3-5"),
        ("GPT-3.5 Nano", "model", "model:gpt35nano"),
        ("Qwen2.5-mini", "model", "model:qwen2-5"),
        ("quux-labs/ResNet-50", "model", "model:resnet"),
        ("Meta-Llama-3-8B", "model", "model:llama-3"),
        ("Meta-ResNet", "model", "model:metaresnet"),
        ("Google BERT model", "model", "model:bert"),
        ("ResNet18/50", "model", "model:resnet"),
        ("BERT-base", "model", "model:bert"),
        ("ILSVRC 2012", "benchmark", "benchmark:imagenet-1k"),
        ("ImageNet", "benchmark", "benchmark:imagenet"),
        ("MSCOCO", "benchmark", "benchmark:coco"),
        ("CIFAR-10/100", "benchmark", "benchmark:cifar-10"),
        ("SWE-bench Verified", "benchmark", "benchmark:swe-bench-verified"),
        ("SWE-Bench", "benchmark", "benchmark:swe-bench"),
    ],
)
def test_a_surface_form_is_linked_to_its_entity(
    linked: Callable[..., Linked], surface: str, kind: str, entity_id: str
) -> None:
    assert linked(("p0", surface, kind)).mentions["entity_id"].to_list() == [entity_id]


def test_a_version_that_is_not_known_is_an_entity_of_its_own(linked: Callable[..., Linked]) -> None:
    entities = linked(("p0", "Llama-9-70B", "model")).entities

    assert entities.select("entity_id", "name", "family").row(0) == ("model:llama9", "Llama-9", "Llama")


def test_the_vocabularys_type_wins_over_the_texts(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "BERT", "method"))

    assert result.mentions["type"].to_list() == ["model"]
    assert result.entities["entity_id"].to_list() == ["model:bert"]


def test_a_new_name_has_the_type_of_most_papers(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "Quux", "method"), ("p1", "Quux", "method"), ("p2", "Quux", "model"))

    assert result.mentions["entity_id"].to_list() == ["method:quux"] * 3


def test_a_system_and_a_benchmark_of_one_name_stay_apart(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "Quux", "model"), ("p1", "Quux", "benchmark"))

    assert sorted(result.mentions["entity_id"]) == ["benchmark:quux", "model:quux"]


def test_names_that_differ_in_a_meant_mark_stay_apart(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "EvTexture", "model"), ("p0", "EvTexture++", "model"))

    assert sorted(result.mentions["entity_id"]) == ["model:evtexture", "model:evtexture-plus-plus"]


def test_the_plural_of_an_acronym_is_the_acronym(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "qDiT", "model"), ("p1", "qDiTs", "model"))

    assert result.mentions["entity_id"].to_list() == ["model:qdit", "model:qdit"]


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("Gated Tide Networks", "Gated Tide Network"),
        ("MTGNets", "MTGNet"),
        ("Looped transformers", "Looped transformer"),
    ],
)
def test_a_new_model_is_named_in_the_singular(linked: Callable[..., Linked], plural: str, singular: str) -> None:
    result = linked(("p0", plural, "model"), ("p1", singular, "model"))

    assert result.entities["name"].to_list() == [singular]


def test_a_name_that_ends_like_a_plural_keeps_its_end(linked: Callable[..., Linked]) -> None:
    assert linked(("p0", "CrisisTransformers", "model")).entities["name"].to_list() == ["CrisisTransformers"]


def test_a_starred_letter_is_another_name(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "Q* Quux", "model"), ("p0", "Q-Quux", "model"))

    assert sorted(result.mentions["entity_id"]) == ["model:qquux", "model:qstarquux"]


def test_writings_of_a_new_name_are_one_entity_named_as_most_papers_do(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "Quux-Net", "model"), ("p1", "QuuxNet", "model"), ("p2", "QuuxNet", "model"))

    assert result.entities.select("entity_id", "name", "aliases", "n_papers").rows() == [
        ("model:quuxnet", "QuuxNet", ["Quux-Net"], 3)
    ]


def test_first_seen_on_is_the_earliest_papers_day(linked: Callable[..., Linked]) -> None:
    assert linked(("p0", "Quux", "model"), ("p1", "Quux", "model")).entities["first_seen_on"].to_list() == [
        date(2025, 1, 2)
    ]


def test_a_long_form_is_named_by_its_acronym(texts: Texts, dated: Texts, names: Vocabulary) -> None:
    papers = dated(texts(("Study", "We use Retrieval-Augmented Foo (RAFoo) here.")), None)
    result = link(spans_of(("p0", "Retrieval-Augmented Foo", "method"), ("p0", "RAFoo", "method")), papers, names)

    assert result.entities.select("entity_id", "name", "aliases").rows() == [
        ("method:rafoo", "RAFoo", ["Retrieval-Augmented Foo"])
    ]


def test_the_earliest_paper_that_presents_a_name_introduced_it(texts: Texts, dated: Texts, names: Vocabulary) -> None:
    papers = dated(
        texts(("A user of Quux", "Quux helps."), ("Quux: A Model", None), ("Study", "We introduce Quux, a model.")),
        date(2024, 1, 1),
        date(2024, 1, 5),
        date(2024, 1, 3),
    )
    result = link(spans_of(*[(paper, "Quux", "model") for paper in ("p0", "p1", "p2")]), papers, names)

    assert result.entities["introduced_by"].to_list() == ["p2"]


def test_a_name_that_no_paper_presents_has_no_introduction(linked: Callable[..., Linked]) -> None:
    assert linked(("p0", "BERT", "model")).entities["introduced_by"].to_list() == [None]


def test_entities_and_mentions_satisfy_their_tables(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "Quux", "model"), ("p1", "ImageNet", "dataset"), ("p1", "LoRA", "method"))

    assert faults(result.entities, Entities) == {}
    assert faults(result.mentions, Mentions) == {}


def test_every_mention_has_the_type_of_its_entity(linked: Callable[..., Linked]) -> None:
    result = linked(("p0", "ImageNet", "dataset"), ("p1", "Quux", "model"), ("p2", "Quux", "method"))
    both = result.mentions.join(result.entities, on="entity_id", suffix="_of_entity")

    assert both["type"].equals(both["type_of_entity"])


def test_the_order_of_spans_and_papers_changes_nothing(texts: Texts, dated: Texts, names: Vocabulary) -> None:
    papers = dated(texts(("Quux: A Model", None), ("Quux: A Method", None)), None, None)
    spans = spans_of(("p0", "Quux", "model"), ("p1", "Quux", "method"), ("p1", "QUUX", "method"))
    one, other = link(spans, papers, names), link(spans.reverse(), papers.reverse(), names)

    assert one.entities.equals(other.entities)
    assert one.mentions.equals(other.mentions)


def test_no_spans_give_no_entities(linked: Callable[..., Linked]) -> None:
    result = linked()

    assert result.entities.is_empty()
    assert faults(result.entities, Entities) == {}
    assert faults(result.mentions, Mentions) == {}


def test_an_explanation_tells_the_evidence_of_each_name(names: Vocabulary) -> None:
    told = explain("QuuxNet: A Vision Model", "QuuxNet beats Llama-3 (8B) on ImageNet.", names)

    assert told.select("surface", "name").rows() == [
        ("QuuxNet", "QuuxNet"),
        ("QuuxNet", "QuuxNet"),
        ("Llama-3 (8B)", "Llama 3"),
        ("ImageNet", "ImageNet"),
    ]
    assert any(line.startswith("known_model +") for line in told["evidence"][2])


def test_a_text_without_names_has_nothing_to_explain(names: Vocabulary) -> None:
    assert explain("Nothing at all", None, names).is_empty()
