"""Identifiers and addresses: arXiv ids without version, the month they imply, addresses that are safe to follow.

The form of arXiv ids: https://info.arxiv.org/help/arxiv_identifier.html. Since April 2007 YYMM.NNNN, from January 2015
on with five digits; before, archive/YYMMNNN, where a subject class ('math.GT/0309136') is no part of the id.
"""

import polars as pl

PREFIX = (
    r"(?i)^(?:(?:oai:)?arxiv(?:\.org)?:\s*"
    r"|(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format|src|e-print)/"
    r"|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|alphaxiv\.org)/(?:papers|abs)/"
    r"|(?:https?://)?(?:dx\.)?doi\.org/10\.48550/arxiv\."
    r"|10\.48550/arxiv\.)?"
)
SUFFIX = r"(?:v[0-9]{1,3})?(?:\.pdf)?/?(?:[?#].*)?$"
MONTH = "(?:0[1-9]|1[0-2])"
FOUR_DIGITS = rf"(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){MONTH})\.[0-9]{{4}}"
FIVE_DIGITS = rf"(?:1[5-9]|[2-8][0-9]){MONTH}\.[0-9]{{5}}"
NEW_STYLE = rf"{PREFIX}({FOUR_DIGITS}|{FIVE_DIGITS}){SUFFIX}"
OLD_STYLE = rf"{PREFIX}([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{{2}})?/((?:(?:9[1-9]|0[0-6]){MONTH}|070[1-3])[0-9]{{3}}){SUFFIX}"

FIRST_TWO_DIGIT_YEAR = 91
"""arXiv began in 1991: '91' to '99' are of the last century."""

LONGEST_ADDRESS = 2048
"""Characters; browsers and servers refuse longer ones."""

ADDRESS = r"(?i)^https?://[^\s<>\"'\\^`{|}\x00-\x20]+$"


def arxiv_id(found: pl.Expr) -> pl.Expr:
    """The arXiv id in a text that is nothing but an id or its address; else null. Without version."""
    text = found.str.strip_chars()
    old_style = pl.concat_str(
        text.str.extract(OLD_STYLE, 1).str.to_lowercase(), pl.lit("/"), text.str.extract(OLD_STYLE, 2)
    )
    return pl.coalesce(text.str.extract(NEW_STYLE, 1), old_style)


def implied_month(identifier: pl.Expr) -> pl.Expr:
    """First day of the month in which an arXiv id (as `arxiv_id` gives it) was assigned."""
    digits = identifier.str.extract(r"^(?:.*/)?([0-9]{4})", 1)
    two_digit_year = digits.str.slice(0, 2).cast(pl.Int32)
    century = pl.when(identifier.str.contains("/", literal=True) & (two_digit_year >= FIRST_TWO_DIGIT_YEAR))
    year = two_digit_year + century.then(1900).otherwise(2000)
    return pl.date(year, digits.str.slice(2, 2).cast(pl.Int8), 1)


def web_address(found: pl.Expr) -> pl.Expr:
    """An http or https address, trimmed; anything else is null: these end up as links in front of people."""
    address = found.str.strip_chars()
    is_safe = address.str.contains(ADDRESS) & (address.str.len_chars() <= LONGEST_ADDRESS)
    return pl.when(is_safe).then(address)
