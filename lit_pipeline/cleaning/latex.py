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
from lit_pipeline.cleaning.repair import WORD_EDGE, Repair

END = "\ue000"
"""Stands at the end of each command name. Private-use characters were removed before."""

DOLLAR, OPENING, CLOSING = "\ue001", "\ue002", "\ue003"
"""Stand for escaped characters, so that they are not taken for markup."""

ESCAPED = {r"\$": DOLLAR, r"\{": OPENING, r"\}": CLOSING, r"\%": "%", r"\&": "&", r"\#": "#", r"\_": "_", r"\|": "‖"}
RESTORED = {DOLLAR: "$", OPENING: "{", CLOSING: "}"}

ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip

FORMULA_WITH_COMMANDS = r"\$([^$]*[\\^_{}][^$]*)\$"
FORMULA_WITHOUT_SPACE = r"\$([^$\s]{1,60})\$([^0-9]|$)"
FORMULA_WITH_RELATION = r"\$([^$\s][^$]*[=<>≤≥≈∈×±→+][^$]*[^$\s])\$([^0-9]|$)"
FORMULA_FROM_LETTER = r"\$([A-Za-z(\[|][^$]{0,60}[^$\s])\$([^0-9A-Za-z]|$)"
"""A dollar is a delimiter only with evidence: 'from $5 to $10' has none, as a price follows the second."""

APOSTROPHE = rf"([A-Za-z])\\'(s|t|re|ve|ll|d|m){WORD_EDGE}"
THOUSANDS = r"([0-9])(?:\\,|\{,\})([0-9]{3})"
THIN_SPACE = r"\\[,;:> ]"
NO_SPACE = r"\\[!/@-]"
LINE_BREAK = r"\\\\(?:\[[^\]]*\])?"
DOUBLED_BACKSLASH = r"\\\\+([A-Za-z$%&_{}\"'])"
DISPLAY = r"\\[()\[\]]"

SIMPLE_SCRIPT = r"([\^_])\{([\p{L}\p{N}.,*+'′°†∘∞-]*)\}"
BRACKETED_SCRIPT = r"([\^_])\{(\([^{}()]*\))\}"
LONG_SCRIPT = r"([\^_])\{([^{}]*)\}"
GROUP = rf"(^|[^{END}\^_}}\]])\{{([^{{}}]*)\}}"
LEVELS = 3
"""Levels of nested groups opened in one call; abstracts seldom have more."""

KEPT_COMMANDS = ("href", "frac", "tfrac", "dfrac", "nicefrac", "footnote", "textcolor", "colorbox", "sqrt", "url")
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


def _replace_in_turn(text: pl.Expr, *replacements: tuple[str, str]) -> pl.Expr:
    for pattern, replacement in replacements:
        text = text.str.replace_all(pattern, replacement)
    return text


def _escapes(text: pl.Expr) -> pl.Expr:
    """Doubled backslashes undone, escaped characters out of the way."""
    return _replace_in_turn(text, (DOUBLED_BACKSLASH, r"\${1}"), (LINE_BREAK, " ")).str.replace_many(ESCAPED)


def _formulas(text: pl.Expr) -> pl.Expr:
    """Text without the delimiters of formulas."""
    return _replace_in_turn(
        text,
        (r"\$\$", "$$"),
        (FORMULA_WITH_COMMANDS, "${1}"),
        (FORMULA_WITHOUT_SPACE, "${1}${2}"),
        (FORMULA_WITH_RELATION, "${1}${2}"),
        (FORMULA_FROM_LETTER, "${1}${2}"),
        (DISPLAY, ""),
    )


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
    return _replace_in_turn(text, (THOUSANDS, "${1},${2}"), (THIN_SPACE, " "), (NO_SPACE, ""))


def _marked(text: pl.Expr) -> pl.Expr:
    """Each command name with END behind it, next to its argument."""
    return _replace_in_turn(
        text,
        (r"\\([A-Za-z]+)", rf"\${{1}}{END}"),
        (rf"{END}\*?\s*\{{\s*\}}", END),
        (rf"{END}\*?\s*\{{", f"{END}{{"),
    )


def _commands(text: pl.Expr) -> pl.Expr:
    """Commands without argument resolved; those that are left stand before a group."""
    text = _replace_in_turn(
        text,
        (rf"[\s~]*{_one_of(DROPPED_WITH_ARGUMENT)}(?:\[[^\]]*\])*\{{[^{{}}]*\}}", ""),
        (rf"{_one_of(SWITCHES)}\s*", ""),
        (rf"([0-9])\s*\\times{END}\s+([a-z]{{3}})", "${1}× ${2}"),
        (rf"\\sim{END}\s*([0-9.])", "~${1}"),
        (rf"\^\s*\\circ{END}|\^\{{\\circ{END}\}}", "°"),
    ).str.replace_many(SYMBOL_TABLE, leftmost=True)
    return _replace_in_turn(
        text,
        (rf"([\p{{L}}\p{{N}}])\\([A-Za-z]+){END}([^{{\[]|$)", "${1} ${2}${3}"),
        (rf"\\([A-Za-z]+){END}([^{{\[]|$)", "${1}${2}"),
    )


def _opened(text: pl.Expr) -> pl.Expr:
    """One level of groups opened: scripts, arguments of commands that only dress them, bare groups."""
    return _replace_in_turn(
        text,
        (SIMPLE_SCRIPT, "${1}${2}"),
        (BRACKETED_SCRIPT, "${1}${2}"),
        (LONG_SCRIPT, "${1}(${2})"),
        (GROUP, "${1}${2}"),
    )


def _arguments(text: pl.Expr) -> pl.Expr:
    """Groups opened from the inside out, and the commands that need their argument whole."""
    kept = "|".join(KEPT_COMMANDS)
    text = text.str.replace_all(rf"\\({kept}){END}", rf"\${{1}}{CLOSING}{END}")
    text = text.str.replace_all(rf"\\[A-Za-z]+{END}(?:\[[^\]]*\])?\{{", "{")
    for _ in range(LEVELS):
        text = _opened(text)
    text = text.str.replace_all(f"{CLOSING}{END}", END)
    address = r"\{([^{}]*)\}"
    return _replace_in_turn(
        text,
        (rf"\\href{END}\{{([^{{}}]*)\}}\s*\{{\s*[^{{}}\s]+[./][^{{}}\s]+\s*\}}", "${1}"),
        (rf"\\href{END}{address}\s*{address}", "${2} (${1})"),
        (rf"\\[tdn]?(?:ice)?frac{END}{address}\s*{address}", "${1}/${2}"),
        (rf"\s*\\footnote{END}(?:\[[^\]]*\])?{address}", " (${1})"),
        (rf"\\(?:textcolor|colorbox){END}(?:\[[^\]]*\])?{address}", ""),
        (rf"\\sqrt{END}\{{([\p{{L}}\p{{N}}]*)\}}", "√${1}"),
        (rf"\\sqrt{END}{address}", "√(${1})"),
        (rf"\\url{END}{address}", "${1}"),
        *[(GROUP, "${1}${2}")] * LEVELS,
    )


def _remains(text: pl.Expr) -> pl.Expr:
    """Text without stray backslashes, with escaped characters back in place."""
    return _replace_in_turn(text, (rf"\\([^A-Za-z])", "${1}"), (r"\\$", ""), (END, "")).str.replace_many(RESTORED)


def plain_text(text: pl.Expr) -> pl.Expr:
    """LaTeX as plain text, up to three levels of nested groups."""
    for rewrite in (_escapes, _marked, _formulas, accents, _spacing, _commands, _arguments, _remains):
        text = rewrite(text)
    return text


LATEX_REPAIRS = (Repair("latex", r"[\\$]|[\^_]\{|[0-9]\{,\}", plain_text),)
