"""The grammar of models' names: what may be attached to one, and the name without it.

What belongs here: parameter counts, weights, editions, versions, depths, as regular expressions (linear ones: Polars'
engine never backtracks). Which entity a name stands for is `canonical`'s business.
"""

import polars as pl

SEPARATOR = r"[-_ ‐‑]"

SIZE = r"(?:\d+A|[AE])?\d+(?:\.\d+)?[BMbm]\d?"
SIZES = (
    rf"(?:^|{SEPARATOR}|(\p{{L}}\p{{L}}))(?:\d+x)?(?P<size>{SIZE})"
    rf"(?:{SEPARATOR}?[AE]\d+(?:\.\d+)?[Bb])?(?:/(?:{SIZE}|\d+))*({SEPARATOR}|$)"
)
"""Parameter counts: '-7B', ' 235B-A22B', '-3B/7B', '8x7B', and '80B' behind two letters at least; with the separator
that follows."""

BRACKETED_SIZE = rf"\s*\((?:{SIZE}|\d+[kK])(?:[-/ ,]*{SIZE})*\)"
GLUED_SIZE = r"([vV]\d)(?:(?:XL|[SMLB])(?:/[SMLB])?|(?i:large|small|base|tiny))$"
"""A size behind a version without a separator: 'EfficientNetV2S/M'."""

YOLO_SIZE = r"((?i:yolo)v?\d+)[nsmlxNSMLX]\b"
"""A size that YOLO models write without a separator: 'YOLOv8n'."""

DEPTH = rf"((?i:net|vgg|resnext)){SEPARATOR}?(?:11|13|16|18|19|20|34|50|56|101|110|121|152|161|169|200|201|264|269)$"
"""A count of layers: 'ResNet-50'."""

OWN = r"(?i:(?:openai )?(?:chatgpt|gpt|gemini|claude|grok))"
"""Families whose editions are models of their own: 'GPT-4o mini' is not GPT-4o."""

EFFORT = r"\s*\((?i:h|m|l|high|medium|low)\)$"
OWN_EFFORT = rf"^({OWN}{SEPARATOR}.*?|o\d(?:-\p{{L}}+)?){SEPARATOR}(?i:xhigh|high|medium|low|minimal)$"
"""How long a model was told to think: 'o3-mini (high)', 'GPT-5-high'."""

TUNED = rf"(\d[Bb]){SEPARATOR}IT$"
"""An instruction-tuned size in capitals: 'Quux-12B-IT', but not 'Quux-IT'."""

FURTHER_MEMBERS = r"(\d\w?)(?:/[vVR]?\d[\w.]*)+(-\p{Lu}\w*)?$"
"""What several models share one name for: 'ResNet18/50', 'DeepSeek-V2/V3', 'Qwen2/2.5-VL'."""

ORGANISATION = r"^\p{L}[\w-]*/(\p{L}\S*[-_]\S+)$"
"""A model's name in a repository of its organisation: 'quux-labs/quux-7b'."""

WEIGHTS = (
    "instruct|(?-i:it)|chat|base|large|small|tiny|medium|huge|giant|xxl|xxs|xl|xs|hf|sft|cased|uncased|pretrain|"
    "pretrained|zh|en|ins|preview|thinking|think|exp|experimental|latest|"
    "gguf|gptq|awq|int4|int8|fp8|fp16|bf16|nf4|q\\d(?:_\\w+)?|\\d-?bits?|dev|schnell|fast|distilled|seg"
)
"""Words that tell two sets of weights, or two ways to run, of one model apart."""

SMALL_EDITIONS = "mini|nano|micro|lite"
EDITIONS = "turbo|pro|max|plus|ultra|flash|opus|sonnet|haiku"
"""Words that tell two models of one version apart; the small ones only where a family says so, see `OWN`."""

LETTER_SIZE = r"(?:XXL|XL|[SBLHTgGM])(?:[-/]\d+\+?|\d\d)?|[Bb]\d|[dD]\d\d|R\d{2,3}"
"""'-B/16', '-L14', '-b0', '-d30', '-R50'."""

RELEASE = r"(?:00\d|\d{4}(?:\d\d|-\d\d-\d\d)?|\d+[kK]|\d+(?:\.\d+)?T|\d+GF|\d+px)"
"""A day of release, a context length, a count in trillions, a resolution: 'gpt-4-0613', 'gpt-3.5-turbo-16k'."""

RELEASED = rf"{SEPARATOR}{RELEASE}$"
REVISION = rf"(?:{SEPARATOR}[vV]0(?:\.\d+)*)?"
WEIGHTS_TAIL = rf"(?:/?{SEPARATOR}(?:(?i:{WEIGHTS})|{LETTER_SIZE}|{RELEASE}){REVISION})+$"
"""What is no part of a model's canonical name at the end of its name: '-Instruct', ' Large', '-B/16',
'-Instruct-v0.2'."""

BACKBONE = rf"(\d){SEPARATOR}(?i:llama|vicuna|mistral|mixtral|qwen|phi|gemma){SEPARATOR}?[\d.]*$"
"""The language model that a versioned model is built on: 'LLaVA-1.6-Mistral'."""

VIDEO = rf"(\d){SEPARATOR}(?i:t?i2v|t2v)$"
"""What a versioned video model starts from: 'Wan2.2-I2V'."""

VARIANT_TAIL = rf"((?:{SEPARATOR}(?:(?i:{WEIGHTS}|{SMALL_EDITIONS}|{EDITIONS})|{LETTER_SIZE}){REVISION})+)$"
VERSION_TAIL = rf"(\p{{L}}\p{{L}}\S*?){SEPARATOR}?[vV]?(\d+(?:\.\d+)*)$"
"""A version after at least two letters: 'T5' and 'o1' are names."""

LAYERS = rf"(?i:net|vgg|resnext|former|lite){SEPARATOR}?(\d{{2,3}})$"
"""A count rather than a version: 'ResNet-50', 'FaceNet512', but not 'YOLOv11'."""

NAME = r"\p{L}.|.\p{L}"
"""Two characters at least, one of them a letter."""


def without_size(surface: pl.Expr) -> pl.Expr:
    """A model's name without its organisation, counts, depth, release and effort; of several models the first.

    >>> pl.select(without_size(pl.Series(["quux-labs/quux-7b-chat", "ResNet18/50"]))).to_series().to_list()
    ['quux-chat', 'ResNet']
    """
    named = surface.str.replace(ORGANISATION, "$1").str.replace(EFFORT, "").str.replace(OWN_EFFORT, "$1")
    first = named.str.replace(TUNED, "$1").str.replace(FURTHER_MEMBERS, "$1$2").str.replace(BRACKETED_SIZE, "")
    unglued = (
        first.str.replace(RELEASED, "")
        .str.replace(YOLO_SIZE, "$1")
        .str.replace(GLUED_SIZE, "$1")
        .str.replace(DEPTH, "$1")
    )
    return _named(unglued.str.replace_all(SIZES, "$1$3").str.strip_chars(" -_/"), surface)


def without_size_and_variant(surface: pl.Expr) -> pl.Expr:
    """A model's name without parameter counts and variants of its weights; the surface where nothing else is left.

    >>> surfaces = pl.Series(["Llama-3 (8B)", "Qwen2.5-7B-Instruct", "ViT-B/16", "T5-XXL", "8B"])
    >>> pl.select(without_size_and_variant(surfaces)).to_series().to_list()
    ['Llama-3', 'Qwen2.5', 'ViT', 'T5', '8B']
    """
    return without_variant(without_size(surface))


def without_variant(unsized: pl.Expr) -> pl.Expr:
    """A model's name without variants of its weights, given what `without_size` left of it."""
    stem = unsized.str.replace(WEIGHTS_TAIL, "").str.replace(BACKBONE, "$1").str.replace(VIDEO, "$1")
    return _named(stem.str.strip_chars(" -_/"), unsized)


def _named(stem: pl.Expr, surface: pl.Expr) -> pl.Expr:
    """The stem where it is a name, else the surface."""
    return pl.when(stem.str.contains(NAME)).then(stem).otherwise(surface)


def parse_model_name(surface: pl.Expr) -> pl.Expr:
    """A model's name taken apart: struct of base, and version, size and variant, each null where there is none.

    >>> pl.select(parse_model_name(pl.Series(["LLaMA-2-7B-chat"]))).to_series().to_list()
    [{'base': 'LLaMA', 'version': '2', 'size': '7B', 'variant': 'chat'}]
    """
    unsized = without_size(surface)
    variant = variant_of(unsized)
    size = pl.coalesce(surface.str.extract(rf"\(({SIZE})"), surface.str.extract(SIZES, 2), surface.str.extract(LAYERS))
    base, version = base_of(unsized), version_of(unsized)
    return pl.struct(base=base, version=version, size=size, variant=variant)


def variant_of(unsized: pl.Expr) -> pl.Expr:
    """Edition or variant of the weights at the end of what `without_size` left of a name, or null."""
    return unsized.str.extract(VARIANT_TAIL).str.strip_chars(" -_")


def version_of(unsized: pl.Expr) -> pl.Expr:
    """Version in what `without_size` left of a name, or null; a count of layers is none."""
    stem = _stem(unsized)
    return pl.when(~stem.str.contains(LAYERS)).then(stem.str.extract(VERSION_TAIL, 2))


def base_of(unsized: pl.Expr) -> pl.Expr:
    """What `without_size` left of a name, without version and variant."""
    stem = _stem(unsized)
    base = stem.str.extract(VERSION_TAIL, 1).str.strip_chars(" -_")
    return pl.coalesce(base, pl.when(stem != "").then(stem), unsized)


def _stem(unsized: pl.Expr) -> pl.Expr:
    return unsized.str.replace(VARIANT_TAIL, "").str.strip_chars(" -_")


def is_own_edition(surface: pl.Expr, version: pl.Expr, variant: pl.Expr) -> pl.Expr:
    """Whether a name says which edition of a version it is, and that edition is a model of its own.

    Args:
        surface: the name.
        version: see `version_of`.
        variant: see `variant_of`.

    """
    small = variant.str.contains(rf"\b(?i:{SMALL_EDITIONS})\b")
    own_small = small & (version.is_null() | surface.str.contains(rf"^{OWN}{SEPARATOR}"))
    return (variant.str.contains(rf"\b(?i:{EDITIONS})\b") | own_small).fill_null(value=False)
