"""Titles as keys: what is folded before two titles are compared, and what keeps look-alikes apart.

Everything here is an expression over one column of titles. Whether two records are one paper is decided in `match`.
"""

import polars as pl
import polars_hash as plh

_MARKUP_COMMAND = (
    r"(?:\\text|\\?(?:text(?:bf|it|md|normal|rm|sc|sf|sl|tt|up|superscript|subscript)|math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)"
    r"|boldsymbol|emph|underline|ensuremath|operatorname|mbox|bm))\s*\{"
)
"""Commands that change how their argument looks, with the brace that opens it; readers often lose the backslash."""

_MARKUP_CHARACTERS = r"[\\${}^_]"
"""Characters of LaTeX that join letters rather than part words: `$\\text{R}^2\\text{ec}$` is `R2ec`."""

_SUFFIX_MARK = "\x01"
"""Stands in a folded title where a hyphen tied a variant's suffix to a name; see `series_stem`."""

_WORD_GAP = rf"[^\p{{L}}\p{{N}}+∞:{_SUFFIX_MARK}]+"
"""Anything between words. `+` stays, since `PolGS` and `PolGS++` are two papers; the colon parts name and rest."""

_JOINT = rf" ?[:{_SUFFIX_MARK}][ :{_SUFFIX_MARK}]*"

_COMBINING_MARKS = r"[\u0300-\u036f]+"

_GREEK_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
"""Letters by the name a command or a careless copy gives them: `α`, `\\alpha` and `alpha` are one."""

_SPELLINGS = {"&": " and ", "\\infty": "∞", "\\var": "\\", **_GREEK_NAMES}

_DIGIT_GAP = r"(\d) (\d)"
"""Replaced twice, as `_VARIANT_SUFFIX` is: a match ends where the next one would have to begin."""

_POINT_BETWEEN = "${1}.${2}"

_GENERIC_WORDS = (
    "a|an|and|the|of|on|in|for|to|with|by|from|towards?"
    "|abstract|acknowledge?ments?|addendum|analysis|announcement|appendix|article|chapter|comments?|commentary|committee"
    "|conclusions?|conference|contents|corrections?|corrigendum|demo|discussion|editorial|erratum|errata|evaluation"
    "|findings|foreword|front|guide|index|introduction|introductory|invited|issue|journal|keynote|lecture|lessons|letter"
    "|matter|meeting|message|models?|news|notes?|opening|organi[sz]ers|overview|panel|papers?|part|perspective|position"
    "|poster|preface|preliminary|preprint|proceedings|proposal|release|remarks|reply|report|response|results|reviews?"
    "|section|session|short|special|study|summary|supplement|supplementary|survey|systems?|table|talk|task|technical"
    "|thesis|title|tutorial|untitled|update|version|volume|welcome|white|whitepaper|work|workshop|\\d+"
)
"""Words that any paper could be called by."""

_ONLY_GENERIC_WORDS = rf"^(?:(?:{_GENERIC_WORDS})(?: |$))+$"

_LONGEST_WEAK_WORD = 15
"""Characters up to which a title of one word is too short to name one paper; scripts without spaces exceed it."""

_MARK_WORDS = (
    "nano|micro|mini|tiny|small|super|ultra|pro|max|lite|plus|turbo|flash|xl|xxl|alpha|beta|preview"
    "|part|chapter|volume|vol|version|edition|phase|round"
    "|one|two|three|four|five|six|seven|eight|nine|ten|second|third|fourth|fifth|\\d+(?:st|nd|rd|th)"
)
"""Words that number or size the members of a series."""

_VARIANT_WORDS = (
    "audio|base|chat|code|coder|distill|embedding|flash|guard|instruct|large|lite|live|math|max|medium|mini|nano|next|omni"
    "|plus|preview|pro|reasoning|reranker|small|speech|streaming|thinking|tiny|turbo|ultra|vision"
)
"""Words that name a variant where a hyphen ties them to a name: `Qwen2.5-Coder`, but not "code models"."""

_ROMAN_NUMERALS = "i{1,3}|iv|vi{0,3}|ix|xi{0,3}|xiv|xvi{0,3}"

_SERIES_MARK = rf"\b(?:{_MARK_WORDS}|{_ROMAN_NUMERALS}|v\d+)\b|\d+(?:[a-z]{{1,2}}\b)?|\+"
"""What tells the members of a series apart, over folded words: numbers, sizes, editions, `++`, `7b`, `v2`."""

_VARIANT_SUFFIX = rf"([\p{{L}}\p{{N}}+)])-([A-Z0-9][A-Z0-9.]{{0,4}}|[Vv]\d+|(?i:{_VARIANT_WORDS}))\b"
"""A hyphen and a short run of capitals or digits, or a variant's word, behind a name: `-RL`, `-1M`, `-V2`, `-Coder`."""

_MARKED_SUFFIX = f"${{1}}{_SUFFIX_MARK}${{2}}"

_SUFFIX = rf"{_SUFFIX_MARK}[^ ]*"

_ANSWER_TO_A_PAPER = (
    r"^(?:an? )?(?:addendum|comments?|corrections?|corrigendum|discussion|errat(?:a|um)|rebuttal|rejoinder|reply"
    r"|response|supplement(?:ary|al)?(?: materials?)?) (?:to|on|for|of)\b"
)

_LINK_WORDS = r"\b(?:a|an|the|of|on|for|in|to|and|with|via|position|paper)(?: |$)"
"""Words that come and go between versions of a title without changing what it names."""

_NAME_AND_REST = r"^([^:]{1,48}):(.*)$"
"""A title that opens with a name and a colon; the groups are the name and what follows."""

_HEX_DIGITS = "0123456789abcdef"
_HEX_LENGTH = 16

_COINED_WORD = r"\p{Ll}[\p{Lu}\p{N}]"
"""A small letter before a capital or a digit: no word of the language."""


def normalised_title(column: str) -> pl.Expr:
    r"""Title with LaTeX, case, accents, punctuation and spacing folded away.

    Kept is what tells papers apart: letters, digits, `+`, Greek letters (by name), and a point between two numbers,
    so that `Qwen2.5`, `Qwen 2.5` and `Qwen-2.5` are one and `Qwen25` is another. A title without a letter or digit
    stands for itself, with the spaces around it removed.

    Examples:
        >>> titles = pl.DataFrame({"title": ["$\\text{R}^2\\text{ec}$: A Recommender", "PolGS++", "???"]})
        >>> titles.select(normalised_title("title")).to_series().to_list()
        ['r2ecarecommender', 'polgs++', '???']
    """
    return joined(words_in(folded_title(column)), instead=pl.col(column))


def title_hash(column: str) -> pl.Expr:
    """Sixteen hexadecimal digits of the XXH3 hash of the normalised title."""
    return hexadecimal(title_key(normalised_title(column)))


def title_key(normalised: pl.Expr) -> pl.Expr:
    """XXH3 hash of a normalised text as an unsigned 64-bit number."""
    hashed: pl.Expr = plh.concat_str(normalised).nchash.xxh3_64()
    return hashed


def hexadecimal(number: pl.Expr) -> pl.Expr:
    """An unsigned 64-bit number as sixteen hexadecimal digits."""
    digits = pl.lit(_HEX_DIGITS)
    places = (16**place for place in reversed(range(_HEX_LENGTH)))
    return pl.concat_str([digits.str.slice((number // place % 16).cast(pl.Int64), 1) for place in places])


def folded_title(column: str) -> pl.Expr:
    """Title in small letters, with single spaces for what parts words; accents folded, Greek letters by name.

    The colon stays, and a mark stands for the hyphen before a variant's suffix: the functions below read them.
    """
    return (
        pl.col(column)
        .str.replace_all(_MARKUP_COMMAND, "{")
        .str.replace_all(_VARIANT_SUFFIX, _MARKED_SUFFIX)
        .str.replace_all(_VARIANT_SUFFIX, _MARKED_SUFFIX)
        .str.normalize("NFKD")
        .str.replace_all(_COMBINING_MARKS, "")
        .str.to_lowercase()
        .str.replace_many(_SPELLINGS)
        .str.replace_all(_MARKUP_CHARACTERS, "")
        .str.replace_all(_WORD_GAP, " ")
    )


def words_in(folded: pl.Expr) -> pl.Expr:
    """Words of a folded title or a part of it, parted by single spaces."""
    return folded.str.replace_all(_JOINT, " ").str.strip_chars(" ")


def name_in(folded: pl.Expr) -> pl.Expr:
    """The name before the colon that a folded title opens with; null where it opens without."""
    return folded.str.extract(_NAME_AND_REST, 1)


def rest_in(folded: pl.Expr) -> pl.Expr:
    """What follows the name and colon that a folded title opens with; null where it opens without."""
    return folded.str.extract(_NAME_AND_REST, 2)


def joined(words: pl.Expr, *, instead: pl.Expr) -> pl.Expr:
    """Folded words run together, numbers parted by a point; `instead` where there are none."""
    key = (
        words.str.replace_all(_DIGIT_GAP, _POINT_BETWEEN)
        .str.replace_all(_DIGIT_GAP, _POINT_BETWEEN)
        .str.replace_all(" ", "", literal=True)
    )
    return pl.when(key == "").then(instead.str.strip_chars()).otherwise(key)


def n_words(words: pl.Expr) -> pl.Expr:
    """Number of folded words; 1 where there are none."""
    return words.str.count_matches(" ", literal=True) + 1


def is_weak(column: str, words: pl.Expr) -> pl.Expr:
    """Whether a title, of these words, is too short or too generic to name one paper.

    True for a single word ("Preface", "Agents") that isn't coined ("TextArena", "DINOv3"), and for words that any
    paper could be called by ("Technical Report").
    """
    one_short_word = ~words.str.contains(" ", literal=True) & (words.str.len_chars() <= _LONGEST_WEAK_WORD)
    coined = pl.col(column).str.contains(_COINED_WORD)
    return (one_short_word & ~coined) | words.str.contains(_ONLY_GENERIC_WORDS)


def series_stem(folded: pl.Expr) -> pl.Expr:
    """Folded title, or a part of it, without what numbers, sizes or answers a member of a series.

    Two different titles with one stem are two members of a series: `EvTexture` and `EvTexture++`, Part I and Part II,
    `2.0` and `2.0-RL`, a paper and the reply to it.
    """
    return (
        words_in(folded.str.replace_all(_SUFFIX, ""))
        .str.replace(_ANSWER_TO_A_PAPER, "")
        .str.replace_all(_SERIES_MARK, "")
        .str.replace_all(" ", "", literal=True)
    )


def title_core(words: pl.Expr) -> pl.Expr:
    """Folded words without the ones that come and go between versions of a title."""
    return words.str.replace_all(_LINK_WORDS, "").str.strip_chars_end(" ")
