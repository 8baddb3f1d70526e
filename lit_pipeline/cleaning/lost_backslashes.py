r"""Gives LaTeX commands their backslash back where a page lost it: '1.7times' becomes `1.7\times{}`.

What the commands mean is told in `latex`, which runs next. The damage is only undone where no English can be meant:
a number or a bracket stands against the word, or the word is none. '3 times faster', 'the sim environment', 'sim2real',
'times' and 'text' in prose stay.
"""

from collections.abc import Iterable

import polars as pl

from lit_pipeline.cleaning.latex_symbols import ARROWS, GREEK
from lit_pipeline.cleaning.repair import WORD_EDGE, Repair, replace_in_turn

DRESSING = (
    "textbf", "textit", "texttt", "textsc", "textrm", "textsf", "textsl", "textnormal", "textcolor", "textsuperscript",
    "textsubscript", "text", "emph", "underline", "overline", "mathcal", "mathbf", "mathbb", "mathrm", "mathsf",
    "mathit", "mathfrak", "mathscr", "mathtt", "boldsymbol", "operatorname", "widehat", "widetilde", "hat", "tilde",
    "frac", "tfrac", "dfrac", "sqrt", "unicode", "url", "href", "cite", "citep", "citet", "footnote",
)  # fmt: skip
"""Commands with an argument: the brace right behind the word is the evidence."""

NOT_ENGLISH = (
    "leq", "geq", "leqslant", "geqslant", "neq", "infty", "nabla", "propto", "cdot", "cdots", "ldots", "lesssim",
    "gtrsim", "subseteq", "supseteq", "simeq", "varepsilon", "varphi", "mapsto", "otimes", "oplus", "odot",
)  # fmt: skip
"""Commands that are no words: standing alone is evidence enough."""

LETTERS_IN_BRACES = ("circ", "infty", *GREEK)
OPERATORS_IN_BRACES = ("sim", "times", "approx", "pm", "cdot", "leq", "geq")

LOST_ARROWS = {
    name: arrow
    for name, arrow in ARROWS.items()
    if name.lower().endswith(("leftarrow", "rightarrow", "uparrow", "downarrow"))
}
"""Arrows whose name is in no English word; 'nearrow' might be in two that lost their space."""

NOT_AFTER_BACKSLASH = r"(^|[^\\A-Za-z])"
DASH_CODE_POINTS = ("x2012", "x2013", "x2014", "x2015", "x2018", "x2019", "x2026")

BEFORE_WORD = r"(^|[^\\A-Za-z0-9/_.-])"
OWN_NUMBER = rf"[0-9]{{2,}}[0-9.,]*|[0-9][.,][0-9]+|[0-9]+(?:\\?%|[KMBG]{WORD_EDGE}|times)"
"""What may follow a glued 'sim': not the bare digit of 'sim2real'."""


def _one_of(words: Iterable[str]) -> str:
    return "|".join(words)


REPLACEMENTS = (
    (rf"{NOT_AFTER_BACKSLASH}({_one_of(DRESSING)})\{{", r"${1}\${2}{"),
    (r"(https?://[^\s{}\\]*[^\s{}\\^_])\{", r"\href{${1}}{"),
    (r"\{(bf|it|em|rm|tt|sc|sf) ", r"{\${1} "),
    (rf"{NOT_AFTER_BACKSLASH}\{{({_one_of(LETTERS_IN_BRACES)})\}}", r"${1}{\${2}}"),
    (rf"(^|[^\\A-Za-z^_])\{{({_one_of(OPERATORS_IN_BRACES)})\}}", r"${1}{\${2}}"),
    (rf"([a-z)\]])({_one_of(DASH_CODE_POINTS)})([a-z(])", r"${1}\unicode{${2}}${3}"),
    (rf"{BEFORE_WORD}([0-9][0-9.,]*)sim ?([0-9])", r"${1}${2}\sim{}${3}"),
    (rf"{BEFORE_WORD}sim({OWN_NUMBER})", r"${1}\sim{}${2}"),
    (rf"{BEFORE_WORD}sim(?: !| ?! ?| )([0-9])", r"${1}\sim{}${2}"),
    (r"([0-9])times([^a-z]|$)", r"${1}\times{}${2}"),
    (r"([0-9]) times ([0-9])", r"${1} \times{} ${2}"),
    (r"([0-9]%?)pm([0-9])", r"${1}\pm{}${2}"),
    (r"([0-9]\.[0-9]+\\?%?) pm ([0-9])", r"${1} \pm{} ${2}"),
    (r"\(pm ?([0-9])", r"(\pm{}${1}"),
    (rf"{BEFORE_WORD}approx( ?[-+]?[0-9])", r"${1}\approx{}${2}"),
    (rf"{BEFORE_WORD}({_one_of(NOT_ENGLISH)})([^A-Za-z]|$)", r"${1}\${2}{}${3}"),
    (rf"{BEFORE_WORD}(ell|{_one_of(GREEK)})([\^_](?:[0-9{{]|infty))", r"${1}\${2}{}${3}"),
    (r"\^(circ|infty|top|star|prime)([^A-Za-z]|$)", r"^{\${1}}${2}"),
    (rf"{BEFORE_WORD}([A-Za-z]|ell|\\ell\{{\}})([\^_])(infty|{_one_of(GREEK)})([^A-Za-z]|$)",
     r"${1}${2}${3}{\${4}}${5}"),
)  # fmt: skip
"""What to find and what to put in its place, in order."""


def backslashes_restored(text: pl.Expr) -> pl.Expr:
    """Text whose damaged commands begin with a backslash again."""
    return replace_in_turn(text, *REPLACEMENTS)


def arrows(text: pl.Expr) -> pl.Expr:
    """Arrows printed as their names, also within words: 'srcrightarrowtgt'. Texts with commands left wait."""
    drawn = text.str.replace_many(LOST_ARROWS, leftmost=True)
    return pl.when(text.str.contains("\\", literal=True)).then(text).otherwise(drawn)


LOST_BACKSLASH_REPAIRS = (
    Repair("lost_backslashes", _one_of(f"(?:{pattern})" for pattern, _ in REPLACEMENTS), backslashes_restored),
)
LOST_ARROW_REPAIRS = (Repair("lost_arrows", _one_of(LOST_ARROWS), arrows),)
