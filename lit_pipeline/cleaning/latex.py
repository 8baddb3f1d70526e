r"""LaTeX in prose to plain text: accents, symbols, formulas, commands, references.

Reads what abstracts hold, not documents. Formulas become the text a reader would type: `$\mathcal{O}(n^{2})$` is
'O(n^2)'. A macro that only its author defined stays as a bare word: `\method{}` is 'method'. Commands whose backslash
was lost are no concern here; `lost_backslashes` gives it back first.

The text is rewritten in three rounds. `_commands` resolves everything that has no argument and marks the rest:
each command name then ends in END, so that `\in` is never found in `\infty`. `_arguments` opens groups from the inside
out, three levels a call; deeper ones are met when the chain is run again. `_remains` takes what is left.
"""

import re
import string

import polars as pl

from lit_pipeline.cleaning.latex_symbols import (
    ABBREVIATIONS,
    CODE_POINTS,
    DROPPED_WITH_ARGUMENT,
    LETTERS,
    SWITCHES,
    SYMBOLS,
)
from lit_pipeline.cleaning.repair import WORD_EDGE, Repair, replace_in_turn

END = "\ue000"
"""Stands at the end of each command name. Private-use characters were removed before."""

TAKES = "\ue006"
"""Stands there instead where an argument follows."""

DOLLAR, OPENING, CLOSING = "\ue001", "\ue002", "\ue003"
"""Stand for characters that are meant as such, so that they are not taken for markup."""

ARGUMENT = "\ue004"
"""Stands behind the brace of a command that is gone: what follows is its argument, not a set."""

WHOLE = "\ue005"
"""Stands in the name of a command that needs its argument whole."""

ESCAPED = {r"\$": DOLLAR, r"\{": OPENING, r"\}": CLOSING, r"\%": "%", r"\&": "&", r"\#": "#", r"\_": "_", r"\|": "‖"}
RESTORED = {DOLLAR: "$", OPENING: "{", CLOSING: "}"}

ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip

RELATION = "=<>≤≥≈∈×±→+~"
FORMULA = (
    r"\$(?:"
    r"([^$]*[\\^_{}][^$]*)\$"
    rf"|([{RELATION}-]{{1,3}})\$"
    r"|([^$\s]{1,60})\$([^0-9]|$)"
    rf"|([^$\s][^$]*[{RELATION}][^$]*[^$\s]|[{RELATION}-][^$]*[^$\s])\$([^0-9]|$)"
    r"|([A-Za-z(\[|][^$]{0,60}[^$\s])\$([^0-9A-Za-z]|$)"
    r"|([0-9][0-9., ]{0,30}[0-9]| [^$\s]{1,20} )\$([^0-9]|$)"
    r")"
)
"""A dollar is a delimiter only with evidence inside: a command, script or group; nothing but a relation; no space; a
relation between or before; a letter at the start; nothing but numbers. And no number right behind, unless the evidence
is plain: 'from $5 to $10' has none, as a price follows the second."""

WITHIN_FORMULA = "".join(f"${{{group}}}" for group in range(1, 11))
DISPLAYED_FORMULA = r"\$\$([^$]+)\$\$"

APOSTROPHE = rf"([A-Za-z])\\'(s|t|re|ve|ll|d|m){WORD_EDGE}"
THOUSANDS = r"([0-9])(?:\\,|\{,\})([0-9]{3})"
THIN_SPACE = r"\\[,;:> ]"
NO_SPACE = r"\\[!/@-]"
LINE_BREAK = r"\\\\(?:\[[^\]]*\])?"
DOUBLED_BACKSLASH = r"\\\\+([A-Za-z$%&_{}\"'])"
TIE_BEFORE_MARKUP = r"([\p{L}.,)%\]])~([$\\])"
TIE_AFTER_MARKUP = r"([$}])~([\p{L}(])"
DISPLAY = r"\\[()\[\]]"

SIMPLE_SCRIPT = rf"([\^_])\{{{ARGUMENT}?([\p{{L}}\p{{N}}.,*+'′°†⋆⊤∘∞{ARGUMENT}-]*)\}}"
BRACKETED_SCRIPT = r"([\^_])\{(\([^{}()]*\))\}"
LONG_SCRIPT = r"([\^_])\{([^{}]*)\}"
OPENED_ARGUMENT = rf"\{{{ARGUMENT}([^{{}}]*)\}}"
SET = r"(^|[\s(=∈])\{([^{}]*[,:;|][^{}]*)\}"
GROUP = rf"(^|[^{TAKES}\^_}}\]])\{{([^{{}}]*)\}}"
LEVELS = 3
"""Levels of nested groups opened in one call; abstracts seldom have more."""

STRAY_BRACES = (
    (r"\{(https?://[^\s{}]+)\}", "${1}"),
    (r"([A-Za-z])\{([A-Za-z]{1,3})\}", "${1}${2}"),
    (r"([a-z])\{([A-Z][A-Za-z0-9-]{3,40})\}", "${1} ${2}"),
    (r"\{([A-Z][A-Za-z0-9-]{0,40})\}", "${1}"),
    (r"\{([A-Za-z]{1,3})\}([a-z])", "${1}${2}"),
    (r"([0-9])\{([0-9]+)\}", "${1}/${2}"),
)

KEPT_COMMANDS = (
    "href",
    "frac",
    "tfrac",
    "dfrac",
    "nicefrac",
    "footnote",
    "textcolor",
    "colorbox",
    "sqrt",
    "url",
    "enquote",
)
"""Commands that need their argument whole; all others only dress it."""


def _one_of(names: tuple[str, ...]) -> str:
    return rf"\\(?:{'|'.join(names)}){END}"


def _symbol_table() -> dict[str, str]:
    letters = {rf"\{name}{END}{gap}": letter for name, letter in LETTERS.items() for gap in ("", " ")}
    words = {rf"\{name}{END}{stop}": word for name, word in ABBREVIATIONS.items() for stop in ("", ".")}
    symbols = {rf"\{name}{END}": symbol for name, symbol in SYMBOLS.items()}
    points = {rf"\unicode{END}{{{point}}}": character for point, character in CODE_POINTS.items()}
    table = letters | words | symbols | points
    return dict(sorted(table.items(), key=lambda entry: -len(entry[0])))


SYMBOL_TABLE = _symbol_table()


def _escapes(text: pl.Expr) -> pl.Expr:
    """Doubled backslashes undone, ties beside markup opened, escaped characters out of the way."""
    return replace_in_turn(
        text,
        (DOUBLED_BACKSLASH, r"\${1}"),
        (LINE_BREAK, " "),
        (TIE_BEFORE_MARKUP, "${1} ${2}"),
        (TIE_AFTER_MARKUP, "${1} ${2}"),
    ).str.replace_many(ESCAPED)


def _formulas(text: pl.Expr) -> pl.Expr:
    """Text without the delimiters of formulas."""
    return replace_in_turn(text, (DISPLAYED_FORMULA, "$$${1}$$"), (FORMULA, WITHIN_FORMULA), (DISPLAY, ""))


def accents(text: pl.Expr) -> pl.Expr:
    r"""Accented letters: `\'e`, `\'{e}`, `\"{\i}`, `\c{c}`."""
    text = text.str.replace_all(APOSTROPHE, "${1}'${2}")
    for command, mark in ACCENTS.items():
        accent = rf"\\{re.escape(command)}{END}?"
        text = text.str.replace_all(rf"{accent}\s*\{{\\?([A-Za-z]){END}?\s*\}}", f"${{1}}{mark}")
        if command not in string.ascii_letters:
            text = text.str.replace_all(rf"{accent}\\([ij]){END} ?|{accent}([A-Za-z])", f"${{1}}${{2}}{mark}")
    return text.str.normalize("NFC")


def _spacing(text: pl.Expr) -> pl.Expr:
    return replace_in_turn(text, (THOUSANDS, "${1},${2}"), (THIN_SPACE, " "), (NO_SPACE, ""))


def _marked(text: pl.Expr) -> pl.Expr:
    """Each command name with END behind it, next to its argument."""
    return replace_in_turn(
        text,
        (r"\\([A-Za-z]+)", rf"\${{1}}{END}"),
        (rf"{END}\*?\s*\{{\s*\}}", END),
        (rf"{END}\*?\s*\{{", f"{END}{{"),
    )


def _commands(text: pl.Expr) -> pl.Expr:
    """Commands without argument resolved; those that are left stand before a group."""
    text = replace_in_turn(
        text,
        (rf"[\s~]*{_one_of(DROPPED_WITH_ARGUMENT)}(?:\[[^\]]*\])*\{{[^{{}}]*\}}", ""),
        (rf"\s*\\footnotemark{END}(?:\[[^\]]*\])?", ""),
        (rf"{_one_of(SWITCHES)}\{{", f"{{{ARGUMENT}"),
        (rf"{_one_of(SWITCHES)}\s*", ARGUMENT),
        (rf"([0-9])\s*\\times{END}\s+([a-z]{{3}})", "${1}× ${2}"),
        (rf"([\p{{L}}.,)\]])\\sim{END}\s*([0-9.])", "${1} ~${2}"),
        (rf"\\sim{END}\s*([0-9.])", "~${1}"),
        (rf"\^\s*\\circ{END}|\^\{{\\circ{END}\}}", "°"),
    ).str.replace_many(SYMBOL_TABLE, leftmost=True)
    return replace_in_turn(
        text,
        (rf"{END}((?:\[[^\]]*\])?\{{)", f"{TAKES}${{1}}"),
        (rf"{END}\\", f"{END} \\"),
        (rf"([\p{{L}}\p{{N}}])\\([A-Za-z]+){END}", "${1} ${2}"),
        (rf"\\([A-Za-z]+){END}", "${1}"),
    )


def _opened(text: pl.Expr) -> pl.Expr:
    """One level of groups opened: scripts, arguments of commands that only dress them, bare groups."""
    return replace_in_turn(
        text,
        (SIMPLE_SCRIPT, "${1}${2}"),
        (BRACKETED_SCRIPT, "${1}${2}"),
        (LONG_SCRIPT, "${1}(${2})"),
        (OPENED_ARGUMENT, "${1}"),
        (SET, f"${{1}}{OPENING}${{2}}{CLOSING}"),
        (GROUP, "${1}${2}"),
    )


def _arguments(text: pl.Expr) -> pl.Expr:
    """Groups opened from the inside out, and the commands that need their argument whole."""
    kept = "|".join(KEPT_COMMANDS)
    text = text.str.replace_all(rf"\\({kept}){TAKES}", rf"\${{1}}{WHOLE}{TAKES}")
    text = text.str.replace_all(rf"\\[A-Za-z]+{TAKES}(?:\[[^\]]*\])?\{{", f"{{{ARGUMENT}")
    for _ in range(LEVELS):
        text = _opened(text)
    text = text.str.replace_all(f"{WHOLE}{TAKES}", TAKES)
    address = r"\{([^{}]*)\}"
    return replace_in_turn(
        text,
        (rf"\\href{TAKES}\{{([^{{}}]*)\}}\s*\{{\s*(?:[^{{}}\s]+[./][^{{}}\s]+|this https? URL)\s*\}}", "${1}"),
        (rf"\\href{TAKES}{address}\s*{address}", "${2} (${1})"),
        (rf"\\[tdn]?(?:ice)?frac{TAKES}{address}\s*{address}", "${1}/${2}"),
        (rf"\\[tdn]?(?:ice)?frac{TAKES}{address}\s*([^\s{{}}])", "${1}/${2}"),
        (rf"\s*\\footnote{TAKES}(?:\[[^\]]*\])?{address}", " (${1})"),
        (rf"\\(?:textcolor|colorbox){TAKES}(?:\[[^\]]*\])?{address}", ""),
        (rf"\\sqrt{TAKES}(?:\[[^\]]*\])?\{{([\p{{L}}\p{{N}}]*)\}}", "√${1}"),
        (rf"\\sqrt{TAKES}(?:\[[^\]]*\])?{address}", "√(${1})"),
        (rf"\\url{TAKES}{address}", "${1}"),
        (rf"\\enquote{TAKES}{address}", '"${1}"'),
        *[(GROUP, "${1}${2}")] * LEVELS,
    )


def _remains(text: pl.Expr) -> pl.Expr:
    """Text without stray backslashes and unclosed arguments, with characters that are meant back in place."""
    return replace_in_turn(
        text,
        (rf"\\href{TAKES}\{{([^{{}}]*)\}}([^{{]|$)", "${1}${2}"),
        (rf"\s*\\footnote{TAKES}\{{([^{{}}]*)$", " (${1})"),
        (rf"\\[A-Za-z]+{TAKES}\{{([^{{}}]*)$", "${1}"),
        (r"\\([^A-Za-z])", "${1}"),
        (r"\\$", ""),
        (f"[{END}{TAKES}{ARGUMENT}]", ""),
    ).str.replace_many(RESTORED)


def plain_text(text: pl.Expr) -> pl.Expr:
    """LaTeX as plain text, up to three levels of nested groups."""
    for rewrite in (_escapes, _marked, _formulas, accents, _spacing, _commands, _arguments, _remains):
        text = rewrite(text)
    return text


def without_stray_braces(text: pl.Expr) -> pl.Expr:
    """Braces of commands that are gone: around an address, a name, the letters of an acronym; '8{255}' was a fraction.

    Texts with commands still to be opened wait for the next run of the chain.
    """
    bare = replace_in_turn(text, *STRAY_BRACES)
    return pl.when(text.str.contains("\\", literal=True)).then(text).otherwise(bare)


LATEX_REPAIRS = (
    Repair("latex", r"[\\$]|[\^_]\{|[0-9]\{,\}", plain_text),
    Repair("stray_braces", "|".join(pattern for pattern, _ in STRAY_BRACES), without_stray_braces),
)
