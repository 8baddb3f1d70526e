"""Repairs of single characters: encoding, entities, invisible and look-alike characters, line ends.

Composed form is NFC, not NFKC: 'x²', '½' and 'µ' keep what they say. Only characters that are the same letter in
another dress (ligatures, full-width forms, mathematical alphabets) become the plain letter.
"""

import re
import unicodedata
from html.entities import html5
from itertools import chain

import ftfy
import polars as pl

from lit_pipeline.cleaning.repair import Repair

LIGATURES = range(0xFB00, 0xFB07)
FULL_WIDTH = range(0xFF01, 0xFF5F)
MATHEMATICAL_ALPHABETS = range(0x1D400, 0x1D800)
LETTERLIKE = tuple(map(ord, "ℂℊℋℌℍℐℑℒℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴ"))
"""Letters of the mathematical alphabets that Unicode keeps elsewhere; 'ℓ' is left, it is what `\\ell` prints."""

PLAIN_FORMS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in chain(LIGATURES, FULL_WIDTH, MATHEMATICAL_ALPHABETS, LETTERLIKE)
    if unicodedata.category(chr(code)) != "Cn"
}

MAY_COMPOSE = (
    r"[\p{M}\x{374}\x{37e}\x{387}\x{958}-\x{95f}\x{9dc}-\x{9df}\x{a33}-\x{a5e}\x{b5c}\x{b5d}\x{f43}-\x{fb9}"
    r"\x{1100}-\x{11ff}\x{1f71}-\x{1ffd}\x{2000}\x{2001}\x{2126}\x{212a}\x{212b}\x{2329}\x{232a}\x{2adc}"
    r"\x{f900}-\x{faff}\x{fb1d}-\x{fb4e}\x{1d15e}-\x{1d1c0}\x{2f800}-\x{2fa1d}]"
)
"""Covers every character that may look different in normal form C."""

ANOTHER_DRESS = rf"[\x{{fb00}}-\x{{fb06}}\x{{ff01}}-\x{{ff5e}}\x{{1d400}}-\x{{1d7ff}}{''.join(map(chr, LETTERLIKE))}]"
ANSI_SEQUENCE = r"\x1b\[[0-9;?]*[ -/]*[@-~]"
MOJIBAKE = (
    r"[ÃÂâðÐÑ][\x{80}-\x{bf}\x{2018}-\x{2026}\x{20ac}\x{2122}\x{160}\x{161}\x{178}\x{17d}\x{17e}\x{152}\x{153}]|ï»¿"
)
"""UTF-8 read as Latin-1 or Windows-1252: what a lead byte and a continuation byte became."""

ESCAPED_AMPERSAND = r"&(?:amp;)+"
ENTITY = r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
LARGEST_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)

INVISIBLE = (
    r"[\x00-\x08\x0e-\x1f\x7f\x{80}-\x{84}\x{86}-\x{9f}\x{ad}\x{61c}\x{180e}\x{200b}\x{200e}\x{200f}"
    r"\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{fff9}-\x{fffb}\x{e000}-\x{f8ff}\x{e0000}-\x{e007f}]"
)
"""Controls, soft hyphen, zero-width and bidirectional marks, private-use and tag characters."""

JOINER_BESIDE_ASCII = (
    r"([\x00-\x7f])[\x{200c}\x{200d}]+|[\x{200c}\x{200d}]+([\x00-\x7f])|^[\x{200c}\x{200d}]+|[\x{200c}\x{200d}]+$"
)
"""Joiners shape Indic and Persian letters and emoji; beside ASCII they are leftovers."""

LINE_END = r"\r\n?|[\x0b\x0c\x{85}\x{2028}\x{2029}]"
ODD_SPACE = r"[\t\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]"
HYPHEN = r"[\x{2010}\x{2011}\x{2212}\x{fe63}]"
"""Hyphens and the minus sign that are typed '-' elsewhere; dashes stay."""

CURLY_QUOTES = {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'"} | dict.fromkeys(
    "\u201c\u201d\u201e\u201f", '"'
)


def _entity(match: re.Match[str]) -> str:
    """The characters an HTML entity stands for; an unknown one stays as it is."""
    name = match.group(1)
    if not name.startswith("#"):
        return html5.get(f"{name};", match.group(0))
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return "" if code > LARGEST_CODE_POINT or code in SURROGATES else chr(code)


def _decode_entities(text: str) -> str:
    return re.sub(ENTITY, _entity, text)


def entities(text: pl.Expr) -> pl.Expr:
    """HTML entities decoded, also where the ampersand was escaped again: '&amp;lt;' becomes '<'."""
    return text.str.replace_all(ESCAPED_AMPERSAND, "&").map_elements(_decode_entities, return_dtype=pl.String)


def encoding(text: pl.Expr) -> pl.Expr:
    """UTF-8 that was decoded as something else, decoded again: 'FrÃ©chet' becomes 'Fréchet'."""
    return text.map_elements(ftfy.fix_encoding, return_dtype=pl.String)


def invisible_characters(text: pl.Expr) -> pl.Expr:
    """Text without terminal colours and characters that print nothing."""
    return (
        text.str.replace_all(ANSI_SEQUENCE, "")
        .str.replace_all(INVISIBLE, "")
        .str.replace_all(JOINER_BESIDE_ASCII, "${1}${2}")
    )


def line_ends_and_spaces(text: pl.Expr) -> pl.Expr:
    """Every kind of line end as a line feed, every kind of space as a space."""
    return text.str.replace_all(LINE_END, "\n").str.replace_all(ODD_SPACE, " ")


def plain_forms(text: pl.Expr) -> pl.Expr:
    """Ligatures, full-width forms and mathematical alphabets as plain letters."""
    return text.str.replace_many(PLAIN_FORMS)


def plain_quotes_and_hyphens(text: pl.Expr) -> pl.Expr:
    """Curly quotes straightened, look-alike hyphens and the minus sign as '-'."""
    return text.str.replace_many(CURLY_QUOTES).str.replace_all(HYPHEN, "-")


def composed(text: pl.Expr) -> pl.Expr:
    """Normal form C: a letter and its accent as one character."""
    return text.str.normalize("NFC")


CHARACTER_REPAIRS = (
    Repair("encoding", MOJIBAKE, encoding),
    Repair("entities", f"{ESCAPED_AMPERSAND}|{ENTITY}", entities),
    Repair("invisible_characters", rf"\x1b|{INVISIBLE}|[\x{{200c}}\x{{200d}}]", invisible_characters),
    Repair("line_ends_and_spaces", f"{LINE_END}|{ODD_SPACE}", line_ends_and_spaces),
    Repair("plain_forms", ANOTHER_DRESS, plain_forms),
    Repair("plain_quotes_and_hyphens", f"[{''.join(CURLY_QUOTES)}]|{HYPHEN}", plain_quotes_and_hyphens),
    Repair("composed", MAY_COMPOSE, composed),
)
