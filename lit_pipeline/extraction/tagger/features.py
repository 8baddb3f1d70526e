"""The tagger's evidence for each token, arranged so that little of it is computed token by token.

What belongs here: which features exist, and how they group. Most evidence depends on few facts (the word, the word's
use in this paper, the nearest noun): a block holds the features of each distinct fact once, and for each place around a
token says which fact stands there. The score of a token is the sum, over blocks and places, of the score of its fact.
"""

import math
from dataclasses import dataclass

import numpy as np

from lit_pipeline.extraction.tagger.corpus import CorpusLexicon, add_corpus_features
from lit_pipeline.extraction.tagger.cues import CUES, NOUNS
from lit_pipeline.extraction.tagger.hashing import FeatureBag, Hashes, mix, salt
from lit_pipeline.extraction.tagger.matches import N_TYPE_SETS, KnownNames, Matches
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, last_marked, next_marked
from lit_pipeline.extraction.tagger.tokens import Ints, ranges
from lit_pipeline.extraction.tagger.wordforms import Wordforms, spelling_features

NEAR, MID, FAR = (-1, 0, 1), (-2, 2), (-4, -3, 3, 4)
"""Places around a token at which all, some and few features of a word are seen."""

FARTHEST_CLASS = 4
"""Distances of telling words above this count as this."""

LONGEST_TITLE_NAME = 5
"""Tokens before a title's colon above this count as this."""

MOST_COUNTED = 5
"""Occurrences in a paper above this count as this."""

NAME_REACH, NAME_DISTANCES = 6, 5
"""Tokens within which the nearest known name counts, and the distance above which it counts as this."""

OPENING_PLACES = 3
"""A text's first tokens that are told apart."""

EDGE = salt("edge of the text")[0]
KNOWN_SHAPE = np.array([1], np.uint64)
"""Keeps the hash of a known name apart from that of a shape."""


@dataclass(frozen=True)
class Block:
    """Features of facts, and which fact stands at each place around each token.

    size: number of facts. rows, hashes: the features, as pairs. facts: for each place, the fact of each token.
    """

    size: int
    rows: Ints
    hashes: Hashes
    facts: dict[int, Ints]

    def at(self, tokens: Ints) -> "Block":
        """The block for some of the tokens."""
        return Block(self.size, self.rows, self.hashes, {place: fact[tokens] for place, fact in self.facts.items()})


Blocks = dict[str, Block]


@dataclass(frozen=True)
class Uses:
    """The uses of one word in one paper: group of each token (ABSENT where it isn't name-like), number of groups."""

    group: Ints
    count: int


def uses_of(reading: Reading) -> Uses:
    """Groups of the name-like tokens by paper and word."""
    named = np.flatnonzero(reading.name_like)
    key = reading.paper[named] * len(reading.words) + reading.tokens.word[named]
    distinct, position = np.unique(key, return_inverse=True)
    group = np.full(len(reading), ABSENT, np.int64)
    group[named] = position
    return Uses(group, len(distinct))


def blocks_of(reading: Reading, lexicon: CorpusLexicon, known: KnownNames, matches: Matches) -> Blocks:
    """All evidence of a batch."""
    uses = uses_of(reading)
    return {
        **_word_blocks(reading, lexicon, known),
        **_surrounding_blocks(reading),
        "use": _use_block(reading, uses),
        "token": _token_block(reading, matches),
    }


def known_parts(words: Wordforms, known: KnownNames) -> dict[str, Ints]:
    """Set of types of which parts of each word are known names."""
    return {part: known.types_of_words(words.table[part]) for part in ("first", "stem", "shorter")}


def _word_blocks(reading: Reading, lexicon: CorpusLexicon, known: KnownNames) -> Blocks:
    bags = spelling_features(reading.words)
    add_corpus_features(bags, reading.words, lexicon)
    for part, types in known_parts(reading.words, known).items():
        has = np.flatnonzero(types)
        bags.near.add(f"known_{part}", has, types[has])
    return {
        "near": _word_block(reading, bags.near, NEAR),
        "mid": _word_block(reading, bags.mid, MID),
        "far": _word_block(reading, bags.far, FAR),
    }


def _word_block(reading: Reading, bag: FeatureBag, places: tuple[int, ...]) -> Block:
    edge = len(reading.words)
    bag.add("edge", np.array([edge]))
    facts = {
        place: reading.beside(reading.tokens.word, place, np.int64(edge)) if place else reading.tokens.word
        for place in places
    }
    return Block(edge + 1, *bag.pairs(), facts)


def _surrounding_blocks(reading: Reading) -> Blocks:
    """Blocks whose facts are combinations of few values, all of which are listed."""
    after, before, cue = reading.noun_after, reading.noun_before, reading.cue_before
    near = [np.minimum(nearest.distance, FARTHEST_CLASS) for nearest in (after, before, cue)]
    length = np.minimum(reading.name_length, LONGEST_TITLE_NAME)
    title = np.select([reading.before_colon, reading.after_colon, reading.in_title], [1, 2, 3], 0)
    opening = np.minimum(reading.place, OPENING_PLACES)
    return {
        "noun_after": _listed({"noun_after": after.word + 1, "distance": near[0]}, (len(NOUNS) + 1, 5), _ONE_AND_BOTH),
        "noun_before": _listed(
            {"noun_before": before.word + 1, "distance": near[1]}, (len(NOUNS) + 1, 5), _ONE_AND_BOTH
        ),
        "cue_before": _listed({"cue_before": cue.word + 1, "distance": near[2]}, (len(CUES) + 1, 5), _ONE_AND_BOTH),
        "cue_and_noun": _listed(
            {"cue_before": cue.word + 1, "noun_after": after.word + 1}, (len(CUES) + 1, len(NOUNS) + 1), ((0, 1),)
        ),
        "title_noun": _listed(
            {"title_noun": reading.title_noun + 1, "name_length": length},
            (len(NOUNS) + 1, LONGEST_TITLE_NAME + 1),
            ((0, 1),),
        ),
        "place": _listed(
            {
                "title": title,
                "name_length": length,
                "name_like": reading.name_like.astype(np.int64),
                "sentence_start": reading.sentence_start.astype(np.int64),
                "opening": opening,
                "bracketed": reading.bracketed.astype(np.int64),
                "in_brackets": reading.in_brackets.astype(np.int64),
                "defined": reading.defined.astype(np.int64),
                "long_place": reading.long_place,
            },
            (4, LONGEST_TITLE_NAME + 1, 2, 2, OPENING_PLACES + 1, 2, 2, 2, 3),
            ((0, 1), (0, 2), (3,), (0, 4), (5,), (6,), (7,), (8,)),
            absent_at_zero=False,
        ),
    }


_ONE_AND_BOTH = ((0,), (0, 1))


def _listed(
    values: dict[str, Ints],
    sizes: tuple[int, ...],
    templates: tuple[tuple[int, ...], ...],
    *,
    absent_at_zero: bool = True,
) -> Block:
    """Block of a few small values, the combinations that occur being its facts.

    Each template joins some of the values to a feature. Where zero stands for absent, a template whose first value is
    zero gives no feature.
    """
    names = tuple(values)
    fact = np.ravel_multi_index(tuple(values.values()), sizes)
    occurs = np.zeros(math.prod(sizes), bool)
    occurs[fact] = True
    occurring = np.flatnonzero(occurs)
    compact = (np.cumsum(occurs) - 1)[fact]
    parts = np.unravel_index(occurring, sizes)
    bag = FeatureBag()
    for template in templates:
        present = np.flatnonzero(parts[template[0]] > 0) if absent_at_zero else np.arange(len(occurring))
        joined = np.ravel_multi_index(
            tuple(parts[part][present] for part in template), tuple(sizes[part] for part in template)
        )
        bag.add(" ".join(names[part] for part in template), present, joined)
    return Block(len(occurring), *bag.pairs(), {0: compact})


def _use_block(reading: Reading, uses: Uses) -> Block:
    """What all occurrences of a word in its paper stand beside; a long form gets the evidence of its acronym."""
    bag = FeatureBag()
    named = np.flatnonzero(uses.group != ABSENT)
    group = uses.group[named]
    lower = reading.words.lower[reading.tokens.word]
    bag.add("word after", group, reading.beside(lower, 1, EDGE)[named])
    bag.add("word before", group, reading.beside(lower, -1, EDGE)[named])
    after, before, cue = reading.noun_after, reading.noun_before, reading.cue_before
    _add_present(bag, "noun after", group, after.word[named])
    close = np.where((after.word != ABSENT) & (after.distance <= 2), 3 * after.word + after.distance, ABSENT)  # noqa: PLR2004
    _add_present(bag, "close noun after", group, close[named])
    _add_present(bag, "noun before", group, before.word[named])
    _add_present(bag, "cue before", group, cue.word[named])
    _add_present(bag, "title noun", group, reading.title_noun[named])
    length = np.where(reading.before_colon, np.minimum(reading.name_length, LONGEST_TITLE_NAME), ABSENT)
    _add_present(bag, "name length", group, length[named])
    for name, flag in (("defined", reading.defined), ("in title", reading.in_title), ("bracketed", reading.bracketed)):
        bag.add(name, group[flag[named]])
    every = np.arange(uses.count)
    bag.add("count", every, np.minimum(np.bincount(group, minlength=uses.count), MOST_COUNTED))
    outside_title = np.bincount(group, weights=~reading.in_title[named], minlength=uses.count) > 0
    bag.add("in abstract", every, outside_title.astype(np.int64))
    bag.add("none", np.array([uses.count]))
    own = np.where(uses.group == ABSENT, uses.count, uses.group)
    of_acronym = np.where(reading.long_of == ABSENT, uses.count, own[reading.long_of]) if len(own) else own
    return Block(uses.count + 1, *bag.pairs(), {0: own, 1: of_acronym})


def _add_present(bag: FeatureBag, name: str, rows: Ints, values: Ints) -> None:
    present = values != ABSENT
    bag.add(name, rows[present], values[present])


def _token_block(reading: Reading, matches: Matches) -> Block:
    """What only single tokens have: pairs of neighbouring words beside names, and known names."""
    bag = FeatureBag()
    _add_pairs(bag, reading)
    _add_known(bag, reading, matches)
    every = np.arange(len(reading))
    return Block(len(reading), *bag.pairs(), {0: every})


def _add_pairs(bag: FeatureBag, reading: Reading) -> None:
    named = reading.name_like
    off = np.False_
    at = np.flatnonzero(named | reading.beside(named, -1, off) | reading.beside(named, 1, off))
    word = reading.tokens.word
    lower, short = reading.words.lower[word], reading.words.short[word]
    left, right = reading.beside(lower, -1, EDGE)[at], reading.beside(lower, 1, EDGE)[at]
    left_short, right_short = reading.beside(short, -1, EDGE)[at], reading.beside(short, 1, EDGE)[at]
    far_left, far_right = reading.beside(lower, -2, EDGE)[at], reading.beside(lower, 2, EDGE)[at]
    for name, first, second in (
        ("left and own shape", left, short[at]),
        ("right and own shape", right, short[at]),
        ("left and right", left, right),
        ("two to the left", far_left, left),
        ("two to the right", right, far_right),
        ("three shapes", mix(left_short, short[at]), right_short),
        ("own and right", lower[at], right),
        ("left and own", left, lower[at]),
    ):
        bag.add(name, at, mix(first, second))


def _add_known(bag: FeatureBag, reading: Reading, matches: Matches) -> None:
    """Known names: the token's part in one, its neighbours', and the nearest to its left and right."""
    step = ranges(matches.size)
    token = np.repeat(matches.first, matches.size) + step
    size, types = np.repeat(matches.size, matches.size), np.repeat(matches.types, matches.size)
    part = np.select([size == 1, step == 0, step == size - 1], [3, 0, 2], 1)
    sureness = np.repeat(matches.ambiguous + 2 * matches.exact, matches.size)
    coarse = part + 4 * types
    fine = coarse + 4 * N_TYPE_SETS * sureness
    shape = reading.words.short[reading.tokens.word[token]]
    bag.add("known", token, fine)
    bag.add("known, coarse", token, coarse)
    bag.add("known and shape", token, mix(fine.astype(np.uint64), KNOWN_SHAPE) ^ shape)
    of_token = np.full(len(reading), ABSENT, np.int64)
    of_token[token] = coarse
    wordy = reading.words.has_letter[reading.tokens.word] | reading.name_like
    for place in (-2, -1, 1, 2):
        neighbour = np.where(wordy, reading.beside(of_token, place, np.int64(ABSENT)), ABSENT)
        at = np.flatnonzero(neighbour != ABSENT)
        bag.add(f"known at {place}", at, neighbour[at])
    _add_nearest_known(bag, reading, of_token)


def _add_nearest_known(bag: FeatureBag, reading: Reading, of_token: Ints) -> None:
    here = np.arange(len(reading))
    known = of_token != ABSENT
    row = reading.tokens.row
    for name, found in (("right", next_marked(known)), ("left", last_marked(known))):
        distance = np.abs(found - here)
        at = np.flatnonzero((distance <= NAME_REACH) & reading.name_like)
        at = at[row[found[at]] == row[at]]
        types = of_token[found[at]] // 4
        bag.add(f"nearest known, {name}", at, types)
        bag.add(
            f"nearest known and distance, {name}",
            at,
            (NAME_DISTANCES + 1) * types + np.minimum(distance[at], NAME_DISTANCES),
        )
