"""Names as strings: how they are compared and which identifier they get.

What belongs here: the one definition of "the same name" (`fold`), and slugs. What a name stands for is the
vocabulary's and the linker's business.
"""

import polars as pl

# Marks that carry meaning in a name ('EvTexture++' is not 'EvTexture'), and what a slug says for them.
MEANT_MARKS = {"+": "plus"}

STARRED = r"\b(\p{L})\*"
"""A letter alone with a star: 'V* Bench' is not VBench."""


def fold(column: pl.Expr) -> pl.Expr:
    """Lower-case letters and digits of a name, and '+', without accents: two names are one when their folds are.

    >>> pl.select(fold(pl.Series(["LLaMA-3.2", "Tülu 3", "EvTexture++", "A*"]))).to_series().to_list()
    ['llama32', 'tulu3', 'evtexture++', 'astar']
    """
    spelled = column.str.replace_all(STARRED, "${1}star").str.normalize("NFKD").str.to_lowercase()
    return spelled.str.replace_all(r"[^\p{L}\p{N}+]", "")


def slug(name: pl.Expr) -> pl.Expr:
    """ASCII letters, digits and single hyphens that tell a name: 'Llama 3' -> 'llama-3'.

    A plus is spelled ('EvTexture++' -> 'evtexture-plus-plus'). A letter outside ASCII stands as its code point ('β'
    -> 'u3b2'), so that names which differ in it stay apart.
    """
    plain = name.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"\p{M}", "")
    told = plain.str.replace_all("+", "-plus-", literal=True)
    spelled = pl.when(told.str.contains(r"[^\x00-\x7F]")).then(_spelled(told)).otherwise(told)
    return spelled.str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")


def _spelled(name: pl.Expr) -> pl.Expr:
    """Letters and digits outside ASCII replaced by their code points in hexadecimal; other marks by hyphens."""
    return name.map_elements(spell_code_points, return_dtype=pl.String)


def spell_code_points(name: str) -> str:
    """One name with each letter or digit outside ASCII as '-u<code point>-'."""
    return "".join(mark if mark.isascii() else f"-u{ord(mark):x}-" if mark.isalnum() else "-" for mark in name)


SIZE = r"(?:\d+A|[AE])?\d+(?:\.\d+)?[BMbm]\d?"
SEPARATOR = r"[-_ ‐‑]"
EFFORT = r"\s*\((?i:h|m|l|high|medium|low)\)$"
"""How long a model was told to think: 'o3-mini (high)'."""

YOLO_SIZE = r"((?i:yolo)v?\d+)[nsmlx]\b"
"""A size that YOLO models write without a separator: 'YOLOv8n'."""

BRACKETED_SIZE = rf"\s*\((?:{SIZE})(?:[-/ ,]*{SIZE})*\)"
SIZES = rf"{SEPARATOR}?(?:\d+x)?({SIZE})(?:{SEPARATOR}?[AE]\d+(?:\.\d+)?[Bb])?(?:/(?:{SIZE}|\d+))*({SEPARATOR}|$)"
"""Parameter counts: '-7B', ' 235B-A22B', '-3B/7B', '8x7B'; with the separator that follows."""

WEIGHTS = (
    "instruct|instruction|it|chat|base|large|small|tiny|medium|huge|giant|xxl|xxs|xl|xs|hf|sft|dpo|rlhf|cased|"
    "uncased|pretrain|pretrained|zh|en|ins|preview|thinking|think|exp|experimental|latest|"
    "gguf|gptq|awq|int4|int8|fp8|fp16|bf16|nf4|q\\d(?:_\\w+)?|\\d-?bits?|dev|schnell|fast|distilled|i2v|t2v|ti2v|seg"
)
"""Words that tell two sets of weights, or two ways to run, of one model apart."""

EDITIONS = "turbo|mini|nano|micro|pro|max|plus|ultra|lite|flash|opus|sonnet|haiku"
"""Words that tell two models of one version apart."""

LETTER_SIZE = r"(?:XXL|XL|[SBLHTgGM])(?:/\d+|\d\d)?|B\d"
REVISION = rf"(?:{SEPARATOR}[vV]\d+(?:\.\d+)*)?"
RELEASE = r"(?:\d{4}(?:-\d\d-\d\d)?|\d+[kK])"
"""A day of release or a context length: 'gpt-4-0613', 'gpt-3.5-turbo-16k'."""

BACKBONE = rf"(\d){SEPARATOR}(?i:llama|vicuna|mistral|mixtral|qwen|phi|gemma){SEPARATOR}?[\d.]*$"
"""The language model that a versioned model is built on: 'LLaVA-1.6-Mistral'."""

WEIGHTS_TAIL = rf"(?:{SEPARATOR}(?:(?i:{WEIGHTS})|{LETTER_SIZE}|{RELEASE}){REVISION})+$"
"""What is no part of a model's canonical name at the end of its name: '-Instruct', ' Large', '-B/16',
'-Instruct-v0.2'."""

VARIANT_TAIL = rf"((?:{SEPARATOR}(?:(?i:{WEIGHTS}|{EDITIONS})|{LETTER_SIZE}){REVISION})+)$"
VERSION_TAIL = rf"(\p{{L}}\p{{L}}\S*?){SEPARATOR}?[vV]?(\d+(?:\.\d+)*)$"
"""A version after at least two letters: 'T5' and 'o1' are names."""

LAYERS = r"^\d{2,3}$"
"""A count of layers rather than a version: 'ResNet-50'."""


def without_size_and_variant(surface: pl.Expr) -> pl.Expr:
    """A model's name without parameter counts and variants of its weights; the surface where nothing else is left.

    >>> surfaces = pl.Series(["Llama-3 (8B)", "Qwen2.5-7B-Instruct", "ViT-B/16", "T5-XXL", "8B"])
    >>> pl.select(without_size_and_variant(surfaces)).to_series().to_list()
    ['Llama-3', 'Qwen2.5', 'ViT', 'T5', '8B']
    """
    stem = _unsized(surface).str.replace(WEIGHTS_TAIL, "").str.replace(BACKBONE, "$1").str.strip_chars(" -_")
    return pl.when(stem.str.contains(r"\p{L}.|^\p{L}$")).then(stem).otherwise(surface)


def _unsized(surface: pl.Expr) -> pl.Expr:
    """A model's name without parameter counts and efforts."""
    bracketed = surface.str.replace(EFFORT, "").str.replace(BRACKETED_SIZE, "").str.replace(YOLO_SIZE, "$1")
    return bracketed.str.replace_all(SIZES, "$2")


def parse_model_name(surface: pl.Expr) -> pl.Expr:
    """A model's name taken apart: struct of base, and version, size and variant, each null where there is none.

    >>> pl.select(parse_model_name(pl.Series(["LLaMA-2-7B-chat"]))).to_series().to_list()
    [{'base': 'LLaMA', 'version': '2', 'size': '7B', 'variant': 'chat'}]
    """
    unsized = _unsized(surface)
    stem = unsized.str.replace(VARIANT_TAIL, "").str.strip_chars(" -_")
    number = stem.str.extract(VERSION_TAIL, 2)
    layers = number.str.contains(LAYERS)
    size = pl.coalesce(surface.str.extract(rf"\(({SIZE})"), surface.str.extract(SIZES), pl.when(layers).then(number))
    return pl.struct(
        base=pl.coalesce(
            stem.str.extract(VERSION_TAIL, 1).str.strip_chars(" -_"), pl.when(stem != "").then(stem), surface
        ),
        version=pl.when(~layers).then(number),
        size=size,
        variant=unsized.str.extract(VARIANT_TAIL).str.strip_chars(" -_"),
    )
