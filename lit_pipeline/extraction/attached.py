"""What may be attached to a name: sizes, versions, variants, which belong to it, and endings that only relate it.

What belongs here: the grammar of model names as regular expressions. Linear ones: Polars' engine never backtracks.
"""

SIZE = r"\d+(?:\.\d+)?[BMKTbmk]"
"""'8B', '0.5B', '410M'."""

ACTIVE = r"[Aa]\d+(?:\.\d+)?[Bb]"
"""Active parameters of a mixture of experts: 'A22B'."""

VARIANT = (
    "instruct|chat|base|turbo|mini|nano|micro|large|small|tiny|medium|huge|giant|xl|xxl|xs|pro|max|plus|ultra|"
    "lite|flash|"
    "preview|think|thinking|reasoning|hf|it|sft|dpo|rlhf|vision|audio|omni|coder|code|math|distill|latest|exp|"
    "experimental|"
    "opus|sonnet|haiku|oss|high|low|medium|cased|uncased|multilingual|zero|next|air|fast|schnell|dev"
)
"""Words that name a variant of a model."""

VERSION = r"[vV]?\d+(?:\.\d+)*"
SCALE_LETTER = r"(?:XXL|XXS|XL|XS|[SBLHTgG]|[BSLH]/?\d+)"
"""One-letter sizes of vision models: 'ViT-L', 'ViT-B/16', 'T5-XXL'."""

PIECE = rf"(?:{SIZE}|{ACTIVE}|{VERSION}|(?i:{VARIANT})|{SCALE_LETTER}|\d+x\d+[Bb]?|\d+[kK]|[a-z]\d+|\d+[a-z])"

GLUED = rf"^(?:[-_.‐‑/ ]?{PIECE})+\+*$"
"""The rest of a word after a known name, where it is a size, version or variant: '-7B-Instruct', '.2', '-B/16',
'v2'."""

SPACED = (
    rf"^(?:[ -]?\((?:{SIZE})\)"
    rf"| (?:{SIZE}|{ACTIVE}|[vV]\d+(?:\.\d+)*)(?:[-/](?:{PIECE}|{SIZE}))*"
    rf"| (?:\d(?:\.\d+)?)(?:[-/]{PIECE})*"
    rf"| (?i:Instruct|Chat|Turbo|Mini|Nano|Pro|Max|Plus|Ultra|Lite|Flash|Preview|Thinking|Opus|Sonnet|Haiku|XL|"
    rf"Omni|VL)(?:[-/]{PIECE})*"
    r")+"
)
"""What follows a known model after a blank and belongs to it: ' (8B)', ' 7B', ' 3.5 Sonnet', ' Pro'."""

RELATING = (
    "based|style|like|family|families|level|class|scale|aware|guided|driven|free|only|type|types|specific|"
    "centric|native|compatible|"
    "series|quality|equivalent|agnostic|oriented|to|as|and|or|in|vs|versus|the|with|for|of|model|models|dataset|"
    "datasets|"
    "benchmark|benchmarks|ready|bound|wide|form|leading|human|judge|judges|framework|training|pre|post"
)
RELATED = rf"[-‐‑](?:\p{{Ll}}{{2,}}ed|(?i:{RELATING}))(?:[-‐‑/].*)?$"
"""An ending that relates a name to something else and is no part of it: 'BERT' in 'BERT-based', 'GPT' in
'GPT-style'."""
