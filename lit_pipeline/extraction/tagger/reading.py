"""What stands around each token: the nearest telling words, brackets, the title's colon, definitions of acronyms.

What belongs here: facts of place within one text, as arrays over the tokens of a batch. What they weigh is learnt
elsewhere.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.cues import CUES, NOUNS
from lit_pipeline.extraction.tagger.hashing import string_hashes
from lit_pipeline.extraction.tagger.tokens import Ints, Tokens, opens_row, ranges, tokenise
from lit_pipeline.extraction.tagger.wordforms import Wordforms, wordforms
from lit_pipeline.extraction.texts import LONGEST_TEXT

Flags = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

NOUN_REACH, CUE_REACH = 7, 6
"""Tokens within which a noun or cue is taken to belong to a token; farther ones rarely do."""

EXTRA_INITIALS = (0, 1, -1, 2, 3)
"""By how many tokens a long form may be longer than its acronym has capitals, likeliest first."""

ABSENT = -1
"""Stands in integer arrays for what is not there."""


@dataclass(frozen=True)
class Nearest:
    """Nearest telling word to each token: number in its list (ABSENT where none is near), distance in tokens."""

    word: Ints
    distance: Ints


@dataclass(frozen=True)
class Reading:
    """Tokens of a batch of papers with what stands around them.

    Row 2 i is the title of paper i, row 2 i + 1 its
    abstract.

    opens: first token of its row. sentence_start: first of a sentence. place: tokens before it in its row. noun:
    position in `NOUNS`. noun_after, noun_before, cue_before: the nearest within its sentence. before_colon: in a title,
    before its first colon. name_length: tokens before that colon, 0 elsewhere. title_noun: first noun after that colon,
    for tokens before it. bracketed: alone in brackets. in_brackets. defined: an acronym in brackets after its long
    form. long_of: for a token of that long form, the acronym's token. long_place: 1 at its first token, 2 at the
    others, 0 elsewhere.
    """

    texts: pl.Series
    tokens: Tokens
    words: Wordforms
    paper: Ints
    in_title: Flags
    name_like: Flags
    opens: Flags
    sentence_start: Flags
    place: Ints
    noun: Ints
    noun_after: Nearest
    noun_before: Nearest
    cue_before: Nearest
    before_colon: Flags
    after_colon: Flags
    name_length: Ints
    title_noun: Ints
    bracketed: Flags
    in_brackets: Flags
    defined: Flags
    long_of: Ints
    long_place: Ints

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def first(self) -> Ints:
        """First token of each row that has any."""
        return np.flatnonzero(self.opens)

    def beside(self, values: NDArray[Scalar], step: int, absent: Scalar) -> NDArray[Scalar]:
        """Value of the token `step` places on (back where negative) in the same row, else `absent`."""
        return beside(self.first, values, step, absent)

    def surfaces(self, first: Ints, last: Ints) -> pl.Series:
        """Text of each span of tokens."""
        row, start, end = self.tokens.row[first], self.tokens.start[first], self.tokens.end[last]
        spans = pl.DataFrame({"text": self.texts.gather(row), "start": start, "size": end - start})
        return spans.select(surface=pl.col("text").str.slice(pl.col("start"), pl.col("size")))["surface"]


def name_key(surface: pl.Expr) -> pl.Expr:
    """What surface forms are compared on: their letters and digits in lower case."""
    return surface.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{M}]", "")


def read(titles: pl.Series, abstracts: pl.Series) -> Reading:
    """Read titles and abstracts (null where missing), one of each a paper, up to `LONGEST_TEXT`."""
    texts = pl.concat([titles, abstracts]).gather(np.arange(2 * len(titles)).reshape(2, -1).T.ravel())
    texts = texts.str.head(LONGEST_TEXT)
    tokens = tokenise(texts)
    words = wordforms(tokens.words)
    row, word = tokens.row, tokens.word
    opens = opens_row(row)
    closes = np.append(opens[1:], True)[: len(row)]
    lower = words.table["lower"]
    full_stop = lower.is_in([".", "?"]).to_numpy()[word]
    sentence_start = opens.copy()
    sentence_start[1:] |= full_stop[:-1]
    noun, cue = numbered(lower, NOUNS)[word], numbered(lower, CUES)[word]
    in_title = row % 2 == 0
    place = np.arange(len(row)) - np.maximum.accumulate(np.where(opens, np.arange(len(row)), 0)) if len(row) else row
    colon = _title_colons(row, in_title & (lower == ":").to_numpy()[word])
    here = np.arange(len(row))
    before_colon = in_title & (colon[row] > here)
    after_colon = in_title & (colon[row] != ABSENT) & (colon[row] < here)
    opening, closing = (lower == "(").to_numpy()[word], (lower == ")").to_numpy()[word]
    first = np.flatnonzero(opens)
    bracketed = beside(first, opening, -1, np.False_) & beside(first, closing, 1, np.False_)
    depth = np.cumsum(opening) - np.cumsum(closing)
    in_brackets = depth > (depth - opening + closing)[here - place]
    name_like = words.name_like[word]
    barrier = last_marked(full_stop | closes)
    defined, long_of, long_place = _definitions(words, word, place, bracketed & name_like)
    return Reading(
        texts,
        tokens,
        words,
        row // 2,
        in_title,
        name_like,
        opens,
        sentence_start,
        place,
        noun,
        _nearest_after(noun, next_marked(full_stop | opens), NOUN_REACH),
        _nearest_before(noun, barrier, NOUN_REACH),
        _nearest_before(cue, barrier, CUE_REACH),
        before_colon,
        after_colon,
        np.where(before_colon, colon[row] - (here - place), 0),
        np.where(before_colon, _first_of_row(row, noun, after_colon & (noun != ABSENT))[row], ABSENT),
        bracketed,
        in_brackets,
        defined,
        long_of,
        long_place,
    )


def beside(first: Ints, values: NDArray[Scalar], step: int, absent: Scalar) -> NDArray[Scalar]:
    """Value of the token `step` places on (back where negative) in the same row, else `absent`.

    Args:
        first: first token of each row that has any.
        values: one a token.
        step: places on.
        absent: stands where a row ends before.

    """
    moved = np.roll(values, -step)
    ends = np.append(first[1:], len(values))
    across = np.add.outer(first, np.arange(-step)) if step < 0 else np.add.outer(ends, np.arange(-step, 0))
    moved[across[(across >= 0) & (across < len(values))]] = absent
    return moved


def next_marked(marked: Flags) -> Ints:
    """Place of the nearest marked token after each token; a place out of reach where there is none."""
    beyond = 2 * len(marked) + NOUN_REACH
    places = np.where(marked, np.arange(len(marked)), beyond)
    from_here = np.minimum.accumulate(places[::-1])[::-1]
    return np.append(from_here[1:], beyond)[: len(marked)]


def last_marked(marked: Flags) -> Ints:
    """Place of the nearest marked token before each token; a place out of reach where there is none."""
    beyond = -len(marked) - NOUN_REACH
    until_here = np.maximum.accumulate(np.where(marked, np.arange(len(marked)), beyond))
    return np.append(beyond, until_here)[: len(marked)]


def _nearest_after(numbers: Ints, barrier: Ints, reach: int) -> Nearest:
    """Nearest number after each token and before its barrier."""
    found = next_marked(numbers != ABSENT)
    distance = found - np.arange(len(numbers))
    near = (found < barrier) & (distance <= reach)
    return _nearest(numbers, found, distance, near)


def _nearest_before(numbers: Ints, barrier: Ints, reach: int) -> Nearest:
    """Nearest number before each token and after its barrier."""
    found = last_marked(numbers != ABSENT)
    distance = np.arange(len(numbers)) - found
    near = (found > barrier) & (distance <= reach)
    return _nearest(numbers, found, distance, near)


def _nearest(numbers: Ints, found: Ints, distance: Ints, near: Flags) -> Nearest:
    safe = np.where(near, found, 0)
    return Nearest(np.where(near, numbers[safe], ABSENT) if len(numbers) else numbers, np.where(near, distance, 0))


def numbered(words: pl.Series, listed: tuple[str, ...]) -> Ints:
    """Position of each word in a list, ABSENT where it is not there."""
    positions = words.replace_strict(list(listed), list(range(len(listed))), default=ABSENT, return_dtype=pl.Int64)
    return positions.to_numpy()


def _title_colons(row: Ints, colon: Flags) -> Ints:
    """Place of the first colon of each row, ABSENT where it has none."""
    return _first_of_row(row, np.arange(len(row)), colon)


def _first_of_row(row: Ints, values: Ints, marked: Flags) -> Ints:
    """Value of the first marked token of each row, ABSENT where none is marked."""
    first = np.full(int(row[-1]) + 1 if len(row) else 0, ABSENT, np.int64)
    places = np.flatnonzero(marked)[::-1]
    first[row[places]] = values[places]
    return first


def _definitions(words: Wordforms, word: Ints, place: Ints, acronym: Flags) -> tuple[Flags, Ints, Ints]:
    """Acronyms in brackets after words with their initials: flags, acronym of each long form's token, place in it."""
    initial = string_hashes(words.table["lower"].str.strip_chars_start("-‐‑").str.slice(0, 1))[word]
    capitals = words.table["capitals"].to_numpy()[word]
    defined = np.zeros(len(word), bool)
    long_of = np.full(len(word), ABSENT, np.int64)
    long_place = np.zeros(len(word), np.int64)
    for extra in EXTRA_INITIALS:
        short = np.flatnonzero(acronym & (capitals > 1) & ~defined)
        size = capitals[short] + extra
        begin = short - 1 - size
        fits = (size > 1) & (size < place[short])
        fits[fits] &= (initial[begin[fits]] == initial[short[fits]]) & words.has_letter[word[begin[fits]]]
        short, size, begin = short[fits], size[fits], begin[fits]
        defined[short] = True
        step = ranges(size)
        inside = np.repeat(begin, size) + step
        long_of[inside] = np.repeat(short, size)
        long_place[inside] = np.where(step == 0, 1, 2)
    return defined, long_of, long_place
