"""Names as strings: folding, slugs, and the parts of a model's name."""

import polars as pl
import pytest

from lit_pipeline.extraction.model_names import parse_model_name, without_size_and_variant
from lit_pipeline.extraction.names import fold, slug
from lit_pipeline.extraction.patterns import name_patterns, searchable


def of(expression: pl.Expr) -> object:
    return pl.select(expression).item()


@pytest.mark.parametrize(
    ("one", "other"), [("LLaMA-3", "Llama 3"), ("Tülu 3", "TULU-3"), ("MS COCO", "MSCOCO"), ("ViT-B/16", "ViT B 16")]
)
def test_two_writings_of_a_name_fold_to_one(one: str, other: str) -> None:
    assert of(fold(pl.lit(one))) == of(fold(pl.lit(other)))


@pytest.mark.parametrize(("one", "other"), [("EvTexture++", "EvTexture"), ("Qwen2.5", "Qwen2"), ("β-VAE", "VAE")])
def test_two_names_fold_apart(one: str, other: str) -> None:
    assert of(fold(pl.lit(one))) != of(fold(pl.lit(other)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Llama 3", "llama-3"),
        ("EvTexture++", "evtexture-plus-plus"),
        ("Tülu 3", "tulu-3"),
        ("β-VAE", "u3b2-vae"),
        ("../x", "x"),
    ],
)
def test_a_slug_is_plain_ascii(name: str, expected: str) -> None:
    assert of(slug(pl.lit(name))) == expected


@pytest.mark.parametrize(
    ("surface", "canonical"),
    [
        ("Llama-3 (8B)", "Llama-3"),
        ("Qwen2.5-7B-Instruct", "Qwen2.5"),
        ("Qwen2.5-3B/7B", "Qwen2.5"),
        ("Qwen3-235B-A22B", "Qwen3"),
        ("ViT-B/16", "ViT"),
        ("T5-XXL", "T5"),
        ("Pythia 410M", "Pythia"),
        ("BERT-base", "BERT"),
        ("S3T-Former", "S3T-Former"),
        ("8B", "8B"),
    ],
)
def test_size_and_weights_are_no_part_of_a_models_name(surface: str, canonical: str) -> None:
    assert of(without_size_and_variant(pl.lit(surface))) == canonical


@pytest.mark.parametrize(
    ("surface", "parts"),
    [
        ("LLaMA-2-7B-chat", ("LLaMA", "2", "7B", "chat")),
        ("GPT-3.5-turbo", ("GPT", "3.5", None, "turbo")),
        ("Llama-3 (8B)", ("Llama", "3", "8B", None)),
        ("ResNet-50", ("ResNet", None, "50", None)),
        ("DINOv2", ("DINO", "2", None, None)),
        ("YOLOv11 nano", ("YOLO", "11", None, "nano")),
        ("T5", ("T5", None, None, None)),
    ],
)
def test_a_models_name_is_taken_apart(surface: str, parts: tuple[str | None, ...]) -> None:
    parsed = pl.select(parse_model_name(pl.lit(surface)).alias("parsed")).unnest("parsed")

    assert parsed.row(0) == parts


def test_separators_of_a_name_are_optional_but_numbers_never_run_together() -> None:
    patterns = name_patterns(pl.DataFrame({"surface": ["Llama 3.2"]}), "surface")["pattern"]

    assert sorted(patterns) == [" llama 3 2", " llama3 2"]


def test_searchable_text_keeps_every_place() -> None:
    text = "İn É-Net: BERT+CRF, EvTexture++!"

    assert of(searchable(pl.lit(text))) == " in é net  bert crf  evtexture++ "
