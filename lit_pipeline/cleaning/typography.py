"""Repairs of how text is set: line breaks, quotes, dashes, emphasis marks, glued sentences, spaces."""

from collections.abc import Callable

import polars as pl

from lit_pipeline.cleaning.repair import WORD_EDGE, Repair, replace_in_turn

WORD_ENDINGS = (
    "tion", "tions", "tional", "sion", "sions", "ment", "ments", "ness", "bility", "bilities", "bustness",
    "tiveness", "ing", "ings", "ity", "ities", "ally", "ically", "tive", "tively", "sive", "sively", "ization",
    "isation", "ously", "ence", "ences", "ency", "ance", "ances", "nition", "mance", "nostic", "cation", "cations",
    "ture", "tures", "erate", "erated", "tial", "tially", "rithm", "rithms", "guage", "guages", "hanced",
)  # fmt: skip
"""Parts of words that are no words: after a hyphen and a gap they continue the word before."""

CONJUNCTIONS = "and|or|to|vs|versus|nor|as|but"
"""After 'pre-' and a line end they show that the hyphen stands for a left-out word and the gap for a space."""

BROKEN_WORD = rf"{WORD_EDGE}-\s+({'|'.join(WORD_ENDINGS)}){WORD_EDGE}"
SUSPENDED_HYPHEN = rf"{WORD_EDGE}- *\n\s*({CONJUNCTIONS}){WORD_EDGE}"
HYPHEN_AT_LINE_END = rf"{WORD_EDGE}- *\n\s*"

SPACES = r"\s{2,}|\n|^\s|\s$"

CLOSING_TAG = r"</(?:i|b|em|strong|sub|sup|p|tt)>"
DRESSING_TAG = r"</?(?:i|b|em|strong|p|tt)>|</su[bp]>"

BOLD = r"(^|[^0-9*])\*\*([^\s*](?:[^*]*[^\s*])?)(\s*)\*\*"
ITALIC = r"(^|[\s(\"'])\*([A-Za-z](?:[^*\n]{0,80}[^\s*])?)\*([^\p{L}\p{N}*]|$)"

TIE = r"([A-Za-z]{2}|[.,])~([\p{L}\p{N}(])"
TIE_TO_WORD = r"([)\]%])~([\p{L}(])"
"""LaTeX's unbreakable space; '~15%', '1.5~2.8' and '/~user' are none."""

DOUBLE_QUOTES = r"``|''"
BACKTICK_APOSTROPHE = rf"([A-Za-z])`(s{WORD_EDGE})"
SINGLE_QUOTES = r"(^|[\s(\[\"])`([^`'\n]{1,80})'"

EM_DASH = r"([^-])---([^-]|$)"
EN_DASH = r"([^\s-])--([^->]|$)"
SPACED_EN_DASH = r" -- "
ADDRESS_WITH_DASHES = r"://\S*--"

SENTENCE_STARTERS = (
    "We", "Our", "In", "To", "The", "This", "These", "Those", "That", "It", "Its", "They", "Their", "There", "Then",
    "Thus", "Therefore", "Hence", "However", "Moreover", "Furthermore", "Further", "Additionally", "Also", "Besides",
    "Finally", "First", "Firstly", "Second", "Secondly", "Third", "Next", "Last", "Lastly", "Specifically", "Notably",
    "Particularly", "Remarkably", "Importantly", "Interestingly", "Surprisingly", "Unfortunately", "Recently",
    "Recent", "Currently", "Existing", "Previous", "Prior", "Traditional", "Conventional", "Experiments",
    "Experimental", "Extensive", "Empirical", "Evaluation", "Evaluations", "Results", "Code", "Codes", "Project",
    "Data", "Datasets", "Based", "Building", "Using", "By", "With", "Without", "Within", "While", "When", "Where",
    "Whereas", "Although", "Though", "Despite", "Because", "Since", "As", "At", "After", "Before", "During",
    "Through", "Throughout", "Across", "Among", "Beyond", "Under", "Upon", "On", "Of", "From", "For", "If", "And",
    "But", "Yet", "So", "Still", "Such", "Some", "Many", "Most", "Both", "Each", "Every", "Either", "Here", "Herein",
    "Instead", "Rather", "Unlike", "Like", "Compared", "Comparing", "Given", "Motivated", "Inspired", "Following",
    "Drawing", "Leveraging", "Subsequently", "Consequently", "Accordingly", "Conversely", "Similarly", "Likewise",
    "Overall", "Together", "Meanwhile", "Nevertheless", "Nonetheless", "Indeed", "Key", "Another", "One", "Two",
    "Three", "Evaluated", "Tested", "Trained", "Qualitative", "Quantitative", "Comprehensive", "Theoretical",
    "Theoretically", "Empirically", "Experimentally", "Conclusion", "Conclusions", "Methods", "Background",
    "Objective", "Is", "Are", "Can", "Do", "Does", "How", "What", "Why", "Which", "All", "No", "Not",
)  # fmt: skip
"""Words that begin sentences and name nothing: 'assistant.Based' is glued, 'torch.Tensor' is a name."""

GLUED_SENTENCE = rf"({WORD_EDGE}|[)\]%\"'])([.!?])({'|'.join(SENTENCE_STARTERS)})([\s,])"
GLUED_ARTICLE = r"([a-z]{2}|[)\]%])([.!?])(An? [a-z])"
GLUED_SUBTITLE = r"([A-Za-z0-9]{2}):((?:An?|The) [A-Za-z]|[A-Z][a-z]{3,}[ -])"
GLUED_CLAUSE = r"([a-z]{3}[,;])([a-z]{3})"
GLUED_SHORT_WORD = r"([a-z]{3},)(we|in|it|to|as|by|an|is|of|on)(\s)"
GLUED_ADDRESS = r"([A-Za-z)][.:;,])(https?://)"
GLUED_ACRONYM = r"([a-z]{3})(\([A-Z]{2,}s?\))"

Rewrite = Callable[[pl.Expr], pl.Expr]


def _in_turn(*replacements: tuple[str, str]) -> Rewrite:
    """A rewrite by patterns and what takes their place, in order."""
    return lambda text: replace_in_turn(text, *replacements)


def lines_and_spaces(text: pl.Expr) -> pl.Expr:
    """Hard-wrapped lines joined, one space between words, none around the text."""
    return text.str.replace_all(r"\s+", " ").str.strip_chars()


def dashes(text: pl.Expr) -> pl.Expr:
    """Typed dashes as dashes; texts with an address that holds '--' are left alone."""
    typed = _in_turn((EM_DASH, "${1}—${2}"), (EN_DASH, "${1}–${2}"), (SPACED_EN_DASH, " – "))
    return pl.when(text.str.contains(ADDRESS_WITH_DASHES)).then(text).otherwise(typed(text))


broken_words = _in_turn((BROKEN_WORD, "${1}"), (SUSPENDED_HYPHEN, "- ${1}"), (HYPHEN_AT_LINE_END, "-"))
html_tags = _in_turn(("<sup>", "^"), ("<sub>", "_"), (DRESSING_TAG, ""))
emphasis_marks = _in_turn((BOLD, "${1}${2}${3}"), (ITALIC, "${1}${2}${3}"))
ties = _in_turn((TIE, "${1} ${2}"), (TIE_TO_WORD, "${1} ${2}"))
quotes = _in_turn((DOUBLE_QUOTES, '"'), (BACKTICK_APOSTROPHE, "${1}'${2}"), (SINGLE_QUOTES, "${1}'${2}'"))
glued_sentences = _in_turn(
    (GLUED_SENTENCE, "${1}${2} ${3}${4}"),
    (GLUED_ARTICLE, "${1}${2} ${3}"),
    (GLUED_SUBTITLE, "${1}: ${2}"),
    (GLUED_CLAUSE, "${1} ${2}"),
    (GLUED_SHORT_WORD, "${1} ${2}${3}"),
    (GLUED_ADDRESS, "${1} ${2}"),
    (GLUED_ACRONYM, "${1} ${2}"),
)

LINE_REPAIRS = (
    Repair("broken_words", f"{BROKEN_WORD}|{HYPHEN_AT_LINE_END}", broken_words),
    Repair("lines_and_spaces", SPACES, lines_and_spaces),
)
SETTING_REPAIRS = (
    Repair("html_tags", CLOSING_TAG, html_tags),
    Repair("emphasis_marks", f"{BOLD}|{ITALIC}", emphasis_marks),
    Repair("ties", f"{TIE}|{TIE_TO_WORD}", ties),
    Repair("quotes", f"{DOUBLE_QUOTES}|{BACKTICK_APOSTROPHE}|{SINGLE_QUOTES}", quotes),
    Repair("dashes", f"{EM_DASH}|{EN_DASH}|{SPACED_EN_DASH}", dashes),
    Repair(
        "glued_sentences",
        f"{GLUED_SENTENCE}|{GLUED_ARTICLE}|{GLUED_SUBTITLE}|{GLUED_CLAUSE}|{GLUED_SHORT_WORD}|{GLUED_ADDRESS}|{GLUED_ACRONYM}",
        glued_sentences,
    ),
)
