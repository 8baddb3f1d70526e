"""What the text around a candidate name, and its shape, tell of it.

What belongs here: observations as yes-or-no columns, each a regular expression or a comparison. What they weigh is
`rules`' business.
"""

import polars as pl

REACH = 90
"""Characters of context to each side."""

NOUNS = {
    "model": (
        "models?|networks?|nets?|llms?|mllms?|vlms?|lvlms?|lms?|vlas?|encoders?|decoders?|architectures?|"
        "transformers?|backbones?|"
        "foundation models?|checkpoints?|autoencoders?|gans?|vaes?|cnns?|detectors?|classifiers?|generators?|"
        "tokenizers?|"
        "tokenisers?|codecs?|predictors?|segmenters?|captioners?|embeddings?|denoisers?|vocoders?|language model|"
        "chatbots?|assistants?"
    ),
    "method": (
        "methods?|frameworks?|approach(?:es)?|algorithms?|strateg(?:y|ies)|techniques?|pipelines?|systems?|"
        "librar(?:y|ies)|toolkits?|"
        "tools?|optimi[sz]ers?|objectives?|loss(?:es)?|modules?|mechanisms?|paradigms?|recipes?|schemes?|agents?|"
        "platforms?|"
        "solvers?|samplers?|schedulers?|solutions?|training|attention|optimi[sz]ation|engines?|protocols?|"
        "procedures?|attacks?|"
        "defen[sc]es?|interfaces?|software|packages?|simulators?|plugins?|infrastructure|adapters?|"
        "regulari[sz]ation|quanti[sz]ation"
    ),
    "benchmark": (
        "benchmarks?|test ?sets?|test suites?|suites?|leaderboards?|challenges?|shared tasks?|competitions?|"
        "testbeds?|evaluations?|"
        "tasks?|environments?|tracks?|arenas?|gyms?|splits?|exams?|test beds?"
    ),
    "dataset": (
        "datasets?|data ?sets?|corpus|corpora|collections?|databases?|data|treebanks?|repositor(?:y|ies)|"
        "knowledge graphs?"
    ),
}
"""Head nouns that tell a type."""

NOUN_END = r"(?:[\s.,;:!?)\"']|$)"
"""What follows a noun that stands alone: not the hyphen of 'model-agnostic'."""

INTRODUCING = (
    "introduc(?:e|es|ed|ing)|propos(?:e|es|ed|ing)|present(?:s|ed|ing)?|develop(?:s|ed|ing)?|releas(?:e|es|ed|"
    "ing)|unveil(?:s|ed)?|"
    "buil[dt]s?|design(?:s|ed)?|construct(?:s|ed)?|creat(?:e|es|ed)|establish(?:es|ed)?|curat(?:e|es|ed)|"
    "collect(?:s|ed)?|"
    "contribut(?:e|es|ed)|offers?|describes?|report on|open-?sourc(?:e|es|ed|ing)|implement(?:s|ed)?|devis(?:e|"
    "es|ed)|formulate"
)
CALLING = (
    r"called|named|dubbed|termed|coined|denoted(?: as| by)?|namely|i\.e\.,?|referred to as|refer to as|"
    r"we call(?: it| this(?: \w+)?)?|"
    r"abbreviated as|nicknamed|entitled|titled|known as|which we (?:call|name|term|dub)|we (?:name|term|"
    r"dub)(?: it| this(?: \w+)?)?"
)
OPENING = r"[\"'“‘(*\s]*$"

LEFT = {
    "introduced": rf"(?i)\b(?:{INTRODUCING})\s+(?:(?:a|an|the|our|new|novel|this|two|first)\s+)*{OPENING}",
    "called": rf"(?i)\b(?:{CALLING}):?\s+(?:the )?{OPENING}",
    "after_our": r"(?i)\b(?:our|this)\s+(?:\w+\s+)?$",
    "after_on": r"(?i)\b(?:on|across|over|in|against)\s+(?:the\s+|both\s+)?(?:[\w-]+\s)?$",
    "on_what": r"(?i)\b(?:on|across|over|in)\s+(?:(?:the|both|standard|public|popular|challenging)\s+)*$",
    "measured": (
        r"(?i)\b(?:evaluat|test|experiment|perform|result|accurac|scor|validat|benchmark|sota|state-of-the-art|"
        r"improve|gain|outperform|"
        r"achiev|points?\b|win rate|f1|map|fid|success rate|pass@)|%"
    ),
    "trained_on": (
        r"(?i)\b(?:pre-?train\w*|train\w*|fine-?tun\w*|learn\w*)\s(?:[\w-]+\s){0,3}?(?:on|from|with)\s+(?:the\s+)?$"
    ),
    "from_data": (
        r"(?i)\b(?:sourced|derived|drawn|collected|taken|extracted|constructed|built|curated|"
        r"subset)\s(?:\w+\s)?(?:from|of|on)\s+(?:the\s+)?$"
    ),
    "tuned": (
        r"(?i)\b(?:fine-?tun\w+|pre-?train\w*|prompt\w*|distill?\w*|train\w*|post-train\w*|quanti[sz]\w+|prun\w+|"
        r"deploy\w*|instruction-tuned|adapt\w*)\s+(?:the\s+|a\s+)?$"
    ),
    "beats": (
        r"(?i)\b(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|than|versus|vs\.?|compar\w+ (?:to|with|against)|"
        r"over|rival\w*|match\w*|"
        r"baselines?|superior to|competitive with|alongside)\s+(?:(?:the|both|even|larger|strong|existing|that of|"
        r"baseline)\s+)*$"
    ),
    "uses": (
        r"(?i)\b(?:us(?:e|es|ed|ing)|leverag\w+|employ\w*|appl(?:y|ies|ied|ying)|via|with|through|utili[sz]\w+|"
        r"integrat\w+|combin\w+|incorporat\w+)\s+(?:the\s+|a\s+|an\s+)?$"
    ),
    "extends": (
        r"(?i)\b(?:based on|built on|building on|builds on|upon|extends?|extending|atop|top of|variants? of|"
        r"version of|integrated into|into|to)\s+(?:the\s+|a\s+)?$"
    ),
    "by": r"(?i)\b(?:by|from)\s+(?:the\s+)?$",
    "of": r"(?i)\bof\s+(?:the\s+)?$",
    "listed": r"(?i)(?:such as|including|includes?|like|e\.g\.,?|i\.e\.,?|for example,?|for instance,?)\s*\(?$",
    "opens_bracket": r"\($",
    "after_comma": r",\s+$",
    "after_and": r"(?i)\b(?:and|or|&)\s+$",
    "sentence_start": r"(?:^|[.!?:]\s+)$",
    "after_the": r"(?i)\bthe\s+$",
    "after_a": r"(?i)\ban?\s+$",
    "quoted": r"[\"'“‘`]$",
    "after_number": r"\d\s+$",
    "possessive": r"(?i)(?:'s|\w+s')\s+$",
    "in_address": r"(?i)(?:https?:|www\.|github\.com|/)\S*$",
    "code_at": r"(?i)\b(?:code|project|page|website|demo|available)\b[^.]*$",
}
RIGHT = {
    "closes_bracket": r"^\)",
    "opens_next": r"^\s*\(",
    "colon_next": r"^\s*[:–—]\s",
    "outperforms": (
        r"^(?:\s*\([^)]*\))?\s+(?:also |further |can |consistently |significantly |not only |"
        r"effectively )?(?:achiev|outperform|surpass|improv|reach|"
        r"attain|obtain|deliver|demonstrat|yield|exceed|exhibit|reduc|enabl|set|match|beat|scor|rank|show)\w*\b"
    ),
    "learns": (
        r"^\s+(?:can |first |then |also )?(?:learn|generat|predict|encod|captur|leverag|integrat|employ|us|introduc|"
        r"combin|incorporat|adopt|optimi[sz]|train|adapt|align|utili[sz]|operat|perform|decompos|select|treat|"
        r"formulat|provid|exploit)\w*\b"
    ),
    "contains": (
        r"^\s+(?:\w+ly )?(?:contain|compris|consist|cover|span|evaluat|assess|test|measur|encompass|feature|includ|"
        r"benchmark|reveal|provid|challeng|serve)\w*\b"
    ),
    "is_trained": (
        r"^\s+(?:is|was|are|were) (?:first |then |pre-?)?(?:trained|pretrained|fine-?tuned|instruction|post-trained)"
    ),
    "is_a": r"^\s+(?:is|are|was) (?:a|an|the|our)\b",
    "apposed": r"^\s*(?:\([^)]*\)\s*)?,\s+(?:which is |is )?(?:a|an|the first|our|the|two|one)\s",
    "score_next": (
        r"^\s*(?:\(\s*[+-]?\d|(?:by|from|to|with|at|of)\s+[+-]?\d|accuracy|score|leaderboard|test|val|validation|"
        r"dev|split|hard|subset|performance)"
    ),
    "percent_next": r"^[^.]{0,25}\d\s*(?:%|points|pp)",
    "comma_next": r"^,",
    "and_next": r"(?i)^,?\s+(?:and|or|&)\s",
    "sentence_end": r"^[.!?](?:\s|$)",
    "possessive_next": r"^['’]s\b",
    "related_next": r"^[-‐‑]\p{Ll}",
    "to_next": r"^\s+to\s",
    "for_next": r"^\s+for\s",
    "on_next": r"^\s+on\s",
    "and_its": r"^\s+(?:and|or|with) (?:its|their|similar|other)\b",
    "embedded": (
        r"^\s+(?:embeddings?|features?|representations?|weights?|backbone|encoder|variants?|checkpoint|fine-?tuned|"
        r"family|series|inference|baselines?)\b"
    ),
    "loss_next": (
        r"^\s+(?:loss|training|optimi[sz]ation|objective|updates?|attention|module|blocks?|layers?|algorithm|"
        r"sampling|search|reward)\b"
    ),
    "training_next": r"^\s+(?:pre-?training|pretrained|trained|finetuned|fine-tuning)\b",
    "scores_next": r"^\s+(?:scores?|metrics?|values?|accuracy|loss|distance|similarity|index|error|rates?)\b",
    "people_next": r"^\s+(?:et al|University|Institute|Lab|Inc|team|Challenge 20)",
}
"""Contexts to the left (ending at the name) and to the right (beginning after it)."""

HEADS = {
    "before": ("left", r"(?i)\b(NOUN),?\s+OPENING"),
    "called": ("left", r"(?i)\b(NOUN)\b[^.;]*?,?\s+(?:CALLING)\s+(?:the )?OPENING"),
    "listed": (
        "left",
        r"(?i)\b(NOUN)\b,?\s*(?:\([^)]*\)\s*)?\(?(?:such as|including|like|e\.g\.,?|namely|i\.e\.,?|:)\s[^.;]*$",
    ),
    "after": ("right", r"(?i)^(?:\s*\([^)]*\))?(?:['’]s)?\s+(NOUN)END"),
    "second": ("right", r"(?i)^(?:['’]s)?\s+[\w-]+\s+(NOUN)END"),
    "apposed": (
        "right",
        (
            r"(?i)^\s*(?:[\"'”’)]\s*)?(?:\([^)]*\)\s*)?(?:,|:|—|–| is| are)\s+(?:which is |is )?"
            r"(?:(?:a|an|the|our|one|two)\s)(?:[^.;:]*?[\s-])??(NOUN)END"
        ),
    ),
    "title": ("title_rest", r"(?i)^\s*:\s(?:[^.;:]*?[\s-])??(NOUN)END"),
}
"""Where a head noun tells a name's type: the column to look in, and the place of the noun."""


def _spelled(pattern: str, noun: str) -> str:
    """A head pattern with its words in capitals replaced by what they stand for."""
    for part, meant in (("NOUN", noun), ("OPENING", OPENING), ("CALLING", CALLING), ("END", NOUN_END)):
        pattern = pattern.replace(part, meant)
    return in_ascii(pattern)


def contains(column: str, pattern: str) -> pl.Expr:
    """Whether a column contains a pattern."""
    return pl.col(column).str.contains(in_ascii(pattern))


def in_ascii(pattern: str) -> str:
    """The pattern with ASCII word boundaries and word characters: Unicode ones take the engine's slow path."""
    return pattern.replace(r"\b", r"(?-u:\b)").replace(r"[\w", r"[0-9A-Za-z_").replace(r"\w", r"[0-9A-Za-z_]")


def context_evidence(seen: pl.DataFrame) -> pl.DataFrame:
    """What stands around each name, as yes-or-no columns.

    Args:
        seen: left, right (text around the name), title_rest (text after it where it stands in a title, else null).

    """
    found = {name: contains("left", pattern) for name, pattern in LEFT.items()}
    found |= {name: contains("right", pattern) for name, pattern in RIGHT.items()}
    nouns = {f"noun_{place}": first_noun(column, pattern) for place, (column, pattern) in HEADS.items()}
    told = seen.select(**found, **nouns).with_columns(type_of_noun(pl.col(name)).alias(name) for name in nouns)
    heads = {
        f"{kind}_{place}": (pl.col(f"noun_{place}") == kind).fill_null(value=False) for place in HEADS for kind in NOUNS
    }
    return told.select(*found, **heads, measured_on=pl.col("measured") & pl.col("on_what"))


def first_noun(column: str, pattern: str) -> pl.Expr:
    """The head noun that a pattern with NOUN finds, in lower case; null where there is none."""
    return pl.col(column).str.extract(_spelled(pattern, "|".join(NOUNS.values()))).str.to_lowercase()


def type_of_noun(noun: pl.Expr) -> pl.Expr:
    """Type that a head noun tells; null for null."""
    kinds = [pl.when(noun.str.contains(f"^(?:{nouns})$")).then(pl.lit(kind)) for kind, nouns in NOUNS.items()]
    return pl.coalesce(kinds)


SHAPES = {
    "all_capitals": r"^\p{Lu}{2,}s?$",
    "two_letters": r"^\p{L}{1,2}$",
    "three_letters": r"^\p{L}{3}$",
    "inner_capital": r"\p{Ll}\p{Lu}",
    "capitals_then_lower": r"^\p{Lu}{2,}\p{Ll}{2,}",
    "small_first": r"^\p{Ll}+-?\p{Lu}",
    "has_digit": r"\d",
    "ends_in_digit": r"\d$",
    "starts_with_digit": r"^\d",
    "has_hyphen": r"-",
    "has_blank": r"\s",
    "three_words": r"\s\S+\s",
    "title_compound": r"^(?:\p{Lu}?\p{Ll}+[-])+\p{Lu}?\p{Ll}+$",
    "plain_word": r"^\p{Lu}\p{Ll}+$",
    "capitalised_run": r"^\p{Lu}[\p{L}-]*(?:\s\p{Lu}[\p{L}-]*)+$",
    "plus": r"\+|\*$",
    "measure": r"(?i)(?:@|^(?:f1|map|fid|ap|auc|bleu|rouge|psnr|ssim|iou|acc|top)[-\d]|score$|loss$|rate$)",
    "size_only": r"^[\d.]+[BMKGT]?$",
    "sized": r"(?i)[-\s]\d+(?:\.\d+)?[bm](?:$|-)",
    "counted": r"(?i)[-\s]?\d+(?:\.\d+)?[km]$",
    "year": r"(?:19|20)\d\d",
    "bench_name": (
        r"(?i)(?:bench|eval|arena|exam|leaderboard|challenge|test|gym|qa|vqa|world|wild|safety|"
        r"suite)(?:[-\s]?[\w.]{1,8}|\+)?$"
    ),
    "starts_bench": r"^(?:QA|MM|Mini|Multi|Open|Video|Long|Real|Wild|Live)\p{L}*",
    "model_name": (
        r"(?i)(?:gpt|llm|lm|mllm|vlm|net|nets|former|bert|bart|diffusion|diff|vla|vl|mamba|nerf|gan|clip|llama|"
        r"llava|vit|dit|vae|coder|r1|bot|speech|tts|asr|gen|cnn|gnn|rnn|omni|moe|unet|sam|yolo|t5|chat|audio|voice|"
        r"embed|embedding|world model|transformer|foundation model|network|model|autoencoder|encoder|decoder)(?:s|"
        r"[-\s]?v?\d[\w.]*|-\w{1,5})?$"
    ),
    "method_name": (
        r"(?i)(?:po|rl|attn|attention|prompt|tuning|rag|agent|agents|flow|kv|quant|opt|cot|adam|prune|cache|lora|ft|"
        r"kd|grad|search|learn|distill|edit|align|guide|guidance|splatting|gs|optimization|learning|decoding|"
        r"sampling|training|method|framework|algorithm|module|adaptation|distillation|alignment|fusion|matching|"
        r"augmentation|regularization|reward|mix|cot|steer|router|boost)(?:s|[-\s]?v?\d[\w.]*|\+\+?)?$"
    ),
    "data_name": (
        r"(?i)(?:[-\s]?\d+(?:\.\d+)?[km]|corpus|set|data|pile|instruct|web|wiki|dataset|bank|db|pedia|collection|"
        r"cohort|atlas|[-\s]\d+[km]\w*)$"
    ),
    "plural": r"\p{Lu}s$",
    "joined_pair": r"^\p{Lu}{2,}[-/]\p{Lu}{2,}$",
    "place_or_firm": (
        r"^(?:OpenAI|Google|Meta|Microsoft|NVIDIA|Nvidia|Apple|Amazon|DeepMind|Alibaba|Tencent|ByteDance|Huawei|"
        r"Baidu|Stanford|Berkeley|MIT|Anthropic|IBM|Intel|Chinese|English|German|French|Japanese|Korean|Arabic|"
        r"Hindi|Spanish|Russian|European|American|African|Indian|Python|Java|Bayesian|Gaussian|Markov|Monte|"
        r"Euclidean|Fourier|Wasserstein|Lipschitz|Hugging)\b"
    ),
    "common_start": (
        r"^(?:The|This|These|We|Our|In|To|For|And|While|However|Extensive|Experiments|Code|Specifically|Moreover|"
        r"Furthermore|Through|By|With|On|As|At|An|A|It|Its|Unlike|Existing|Recent|Despite|Although|Finally|"
        r"Additionally|First|Second|Here|Such|From|When|Given|Using|Building|Large|Language|Models?|Learning|Deep|"
        r"Neural|Figure|Table|Section|Artificial|Vision|Visual|Multimodal|Reinforcement|Machine|Natural|Generative|"
        r"AI)\b"
    ),
}
"""Shapes of the surface form."""


def shape_evidence() -> dict[str, pl.Expr]:
    """Whether the surface form has each shape."""
    return {name: contains("surface", pattern) for name, pattern in SHAPES.items()}
