"""Long strings that make a careless pattern or function run away: a short part, repeated, with a start and an end."""

PARTS = (
    "a", "A", "1", " ", "\n", "\t", "(", ")", "[", "]", "{", "}", "$", "\\", "-", "_", "*", "|", '"', "'", "`", "~",
    "<", ">", "/", ".", ",", ":", ";", "&", "#", "%", "=", "^", "!", "·", "é", "中", "\u0301", "a ", "a-", "A-", "A-1",
    "(a", "[a", "{a", "$a", "\\a", "\\\\[", "**a", "<a ", "&#1", "![", "[](", "a.", "1.", "1,", "http://a/",
    "arxiv.org/abs/", "/papers/", "x^{", "\\frac{", '{"paper":{', "Subscribe", "\x1b[", "Aa", "GPT-4 ", "85.3% ", "- ",
    "[1] ", "Ã©", "1 author ",
)  # fmt: skip
STARTS_AND_ENDS = (("", ""), ("", "\x00"), ("1 author", "x"))


def hostile_strings(length: int) -> list[str]:
    """All strings of about so many characters."""
    return [start + part * (length // len(part)) + end for part in PARTS for start, end in STARTS_AND_ENDS]
