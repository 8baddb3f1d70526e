"""Candidate names of a paper, and what all their occurrences together say.

What belongs here: which spans are candidates, grouping them by paper and surface form (compared on lower-case letters
and digits), and the evidence of each group as numbers. Judging them is `network`'s business: annotators label a surface
form once a paper, so does the tagger.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.corpus import VECTOR_SIZE, CorpusLexicon
from lit_pipeline.extraction.tagger.cues import CUE_CLASSES, CUES, NOUN_CLASSES, NOUNS, OWN, PRESENTED
from lit_pipeline.extraction.tagger.labels import OUTSIDE, TYPES, spans_of
from lit_pipeline.extraction.tagger.matches import Matches, sequence_hashes
from lit_pipeline.extraction.tagger.opinions import Opinions, hear
from lit_pipeline.extraction.tagger.reading import ABSENT, Flags, Reading, name_key
from lit_pipeline.extraction.tagger.sightings import SightingLexicon
from lit_pipeline.extraction.tagger.tokens import Ints

Floats = NDArray[np.float64]

THRESHOLDS = (0.1, 0.35)
"""Probabilities of not being outside from which neighbouring tokens form a candidate, beside the likeliest labels."""

LEAST_FOR_KNOWN = 0.02
"""Mean probability of not being outside from which a known name is a candidate."""

LONGEST_CANDIDATE = 12
"""Tokens."""

LEAST_OPINION = -1.7
"""Log odds of any type from which a rules' candidate is one here: a probability of 0.15."""

SMALLEST_PROBABILITY = 1e-4
"""Probabilities are kept this far from 0 and 1 before their odds are taken."""

RIVALS = 6
"""Candidates that start next, among which overlapping ones are looked for."""

MOST_COUNTED, MOST_IN_TITLE, FARTHEST_FIRST = 8, 2, 300
"""Occurrences, occurrences in the title and tokens before the first one: more count as this."""

OWN_REACH = {"presented": (PRESENTED, 5), "own": (OWN, 2)}
"""Words before a noun that say that the paper presents it or that it is its own, and within how many tokens."""

MOST_NOUNS = 4
"""Nouns of one type in a paper: more count as this."""

SPELLINGS = {
    "length": pl.col("surface").str.len_chars(),
    "capitals": pl.col("surface").str.count_matches(r"\p{Lu}"),
    "digits": pl.col("surface").str.count_matches(r"\p{N}"),
    "lower_letters": pl.col("surface").str.count_matches(r"\p{Ll}"),
    "hyphens": pl.col("surface").str.count_matches("-"),
    "blanks": pl.col("surface").str.count_matches(" "),
    "like_benchmark": pl.col("lower").str.contains(r"(bench\w{0,4}|eval|qa|arena|gym|test)$"),
    "like_model": pl.col("lower").str.contains(r"(net|former|llm|lm|gpt|bert|vla|vl|diffusion|mamba|b)$"),
    "like_dataset": pl.col("lower").str.contains(r"(\dk|\dm|data|set|corpus|pile)$"),
    "like_method": pl.col("surface").str.contains("(PO|RL|RA|KD|FT)$"),
}
"""What a surface form's spelling shows, as numbers; endings are those that type names commonly take."""


@dataclass(frozen=True)
class Candidates:
    """Candidate spans and their groups.

    first, last: tokens of each span. group: number of its paper and surface form. paper, key: of each group, the paper
    and the lower-case letters and digits. columns, evidence: names of the numbers, and the numbers of each group.
    known_as [groups, types]: whether the vocabulary holds a span of the group with each type. observed: position of the
    group's name among those that the rules observe, ABSENT where it is none.
    """

    first: Ints
    last: Ints
    group: Ints
    paper: Ints
    key: pl.Series
    columns: tuple[str, ...]
    evidence: NDArray[np.float32]
    known_as: NDArray[np.bool_]
    observed: Ints

    def __len__(self) -> int:
        return len(self.paper)


def find_candidates(
    reading: Reading,
    marginals: Floats,
    matches: Matches,
    opinions: Opinions,
    *,
    lexicon: CorpusLexicon,
    sightings: SightingLexicon,
) -> Candidates:
    """Candidates of a batch with their evidence.

    Args:
        reading: the batch.
        marginals: probability of each label of each token.
        matches: known names.
        opinions: what the rules say.
        lexicon: what the unlabelled abstracts say of words.
        sightings: what the first round of tagging said of names there.

    """
    of_chain = propose(reading, marginals, matches)
    spans = np.concatenate([of_chain, opinions.likely(LEAST_OPINION)], axis=1)
    first, last = distinct(*spans)
    pooled = pool(reading, first, last, marginals)
    columns = {
        **_of_labels(pooled, len(TYPES)),
        **_of_place(reading, pooled),
        **_of_vocabulary(pooled, matches),
        **_of_words(reading, pooled, lexicon),
        **_of_spelling(pooled),
        **_of_neighbours(reading, pooled, lexicon),
        **_of_context(reading, pooled),
        **_of_paper(reading, pooled),
        **_of_own(reading, pooled),
        **sightings.evidence(pooled.key),
    }
    heard = hear(opinions, pooled.first, pooled.last, pooled.group, len(pooled.paper))
    return Candidates(
        pooled.first,
        pooled.last,
        pooled.group,
        pooled.paper,
        pooled.key,
        (*columns, *heard.columns),
        np.column_stack([np.stack(list(columns.values()), axis=1).astype(np.float32), heard.evidence]),
        np.stack([columns[f"known_{type_}"] > 0 for type_ in TYPES], axis=1),
        heard.name,
    )


@dataclass(frozen=True)
class Pooled:
    """Spans grouped by paper and surface form.

    first, last, group, probability [spans, types]: of each span. surface, paper, key: of each group.
    """

    first: Ints
    last: Ints
    group: Ints
    probability: Floats
    surface: pl.Series
    paper: Ints
    key: pl.Series

    def highest(self, values: NDArray[np.generic]) -> Floats:
        """Highest value among each group's spans."""
        pooled = np.full(len(self.paper), -np.inf)
        np.maximum.at(pooled, self.group, values.astype(np.float64))
        return pooled

    def total(self, values: NDArray[np.generic]) -> Floats:
        """Sum of the values of each group's spans."""
        totals: Floats = np.bincount(self.group, weights=values.astype(np.float64), minlength=len(self.paper)).astype(
            np.float64
        )
        return totals


def propose(reading: Reading, marginals: Floats, matches: Matches) -> tuple[Ints, Ints]:
    """First and last tokens of candidates, distinct and sorted, with all occurrences of their words in the paper."""
    labels = marginals.argmax(axis=1)
    proposed = [spans_of(labels % 2 == 1, (labels > 0) & (labels % 2 == 0))]
    named = 1 - marginals[:, OUTSIDE]
    likely = np.flatnonzero(named > min(THRESHOLDS))
    starts_anew = np.zeros(len(named), bool)
    starts_anew[likely] = marginals[likely, 1::2].max(axis=1) > marginals[likely, 2::2].max(axis=1)
    for threshold in THRESHOLDS:
        on = named > threshold
        begins = on & (starts_anew | reading.opens | ~np.append(False, on[:-1])[: len(on)])
        proposed.append(spans_of(begins, on & ~begins))
    sums = np.append(0, np.cumsum(named))
    known = (sums[matches.first + matches.size] - sums[matches.first]) / matches.size > LEAST_FOR_KNOWN
    proposed.append((matches.first[known], (matches.first + matches.size)[known] - 1))
    first, last = (np.concatenate(ends) for ends in zip(*proposed, strict=True))
    short = last - first < LONGEST_CANDIDATE
    return _everywhere(reading, first[short], last[short])


def _everywhere(reading: Reading, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All occurrences of the spans' words in their papers."""
    lower, row = reading.words.lower[reading.tokens.word], reading.tokens.row
    size = last - first + 1
    place = reading.paper * len(reading.words) + reading.tokens.word
    sequences = pl.DataFrame(
        {"place": place[first], "size": size, "hash": sequence_hashes(lower, first, size)}
    ).unique()
    opens = np.zeros(len(reading.words), bool)
    opens[reading.tokens.word[first]] = True
    at = np.flatnonzero(opens[reading.tokens.word])
    starts = pl.DataFrame({"place": place[at], "first": at})
    found = sequences.join(starts, on="place").unique(["first", "size", "hash"]).sort("first", "size", "hash")
    begin, size, wanted = (found[name].to_numpy() for name in ("first", "size", "hash"))
    end = begin + size - 1
    inside = end < len(reading)
    inside[inside] = row[end[inside]] == row[begin[inside]]
    begin, end, size, wanted = begin[inside], end[inside], size[inside], wanted[inside]
    same = sequence_hashes(lower, begin, size) == wanted
    return distinct(np.append(begin[same], first), np.append(end[same], last))


def distinct(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The distinct spans, sorted by their first and their last token."""
    beyond = last.max(initial=0) + 1
    spans = np.unique(first * beyond + last)
    return spans // beyond, spans % beyond


def pool(reading: Reading, first: Ints, last: Ints, marginals: Floats) -> Pooled:
    """Group spans by paper and surface form."""
    surfaces = reading.surfaces(first, last)
    spans = pl.DataFrame({"paper": reading.paper[first], "surface": surfaces}).with_columns(
        key=name_key(pl.col("surface"))
    )
    groups = spans.unique(["paper", "key"], keep="first", maintain_order=True).with_row_index("group")
    group = spans.join(groups.select("paper", "key", "group"), on=["paper", "key"], how="left", maintain_order="left")[
        "group"
    ]
    return Pooled(
        first,
        last,
        group.to_numpy().astype(np.int64),
        span_probabilities(reading, first, last, marginals),
        groups["surface"],
        groups["paper"].to_numpy(),
        groups["key"],
    )


def span_probabilities(reading: Reading, first: Ints, last: Ints, marginals: Floats) -> Floats:
    """Probability, nearly, that a span is a name of each type: of its least likely label and no continuation."""
    begins, continues = marginals[:, 1::2], marginals[:, 2::2]
    probability = begins[first]
    for step in range(1, int((last - first).max()) + 1 if len(first) else 0):
        longer = np.flatnonzero(last - first >= step)
        probability[longer] = np.minimum(probability[longer], continues[first[longer] + step])
    after = np.minimum(last + 1, len(reading) - 1)
    goes_on = (after > last) & (reading.tokens.row[after] == reading.tokens.row[first])
    whole: Floats = probability * (1 - np.where(goes_on[:, None], continues[after], 0))
    return whole


def log_odds(probability: Floats) -> Floats:
    """Logarithm of the odds."""
    kept = np.clip(probability, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def _of_labels(pooled: Pooled, n_types: int) -> dict[str, Floats]:
    """What the chain says of the spans, and of those that overlap them."""
    of_any = pooled.probability.sum(axis=1)
    count = pooled.total(np.ones(len(pooled.first)))
    columns = {f"highest_{type_}": pooled.highest(log_odds(pooled.probability[:, type_])) for type_ in range(n_types)}
    columns |= {
        f"mean_{type_}": pooled.total(log_odds(pooled.probability[:, type_])) / count for type_ in range(n_types)
    }
    rival = np.zeros(len(pooled.first))
    for step in range(1, RIVALS + 1):
        here, next_ = np.arange(len(rival))[:-step], np.arange(len(rival))[step:]
        overlap = pooled.first[next_] <= pooled.last[here]
        np.maximum.at(rival, here[overlap], of_any[next_[overlap]])
        np.maximum.at(rival, next_[overlap], of_any[here[overlap]])
    return columns | {
        "highest": pooled.highest(log_odds(of_any)),
        "mean": pooled.total(log_odds(of_any)) / count,
        "strongest_rival": pooled.highest(rival),
        "weakest_rival": -pooled.highest(-rival),
        "count": np.minimum(count, MOST_COUNTED),
    }


def _of_place(reading: Reading, pooled: Pooled) -> dict[str, Floats]:
    single = pooled.first == pooled.last
    paper_start = np.searchsorted(reading.paper, pooled.paper)
    return {
        "in_title": np.minimum(pooled.total(reading.in_title[pooled.first]), MOST_IN_TITLE),
        "tokens": pooled.highest(pooled.last - pooled.first + 1),
        "before_colon": pooled.highest(reading.before_colon[pooled.first]),
        "defined": pooled.highest(reading.defined[pooled.first] & single),
        "first_place": np.minimum(-pooled.highest(-pooled.first) - paper_start, FARTHEST_FIRST),
    }


def _of_vocabulary(pooled: Pooled, matches: Matches) -> dict[str, Floats]:
    """Whether a span is a known name, of which types."""
    span_key = pl.DataFrame({"first": pooled.first, "last": pooled.last})
    names = pl.DataFrame(
        {"first": matches.first, "last": matches.first + matches.size - 1, "match": np.arange(len(matches.first))}
    )
    found = (
        span_key.join(names, on=["first", "last"], how="left", maintain_order="left")["match"]
        .fill_null(ABSENT)
        .to_numpy()
    )
    known = found != ABSENT
    types, ambiguous, exact = (
        np.where(known, np.append(of, 0)[found], 0) for of in (matches.types, matches.ambiguous, matches.exact)
    )
    columns = {f"known_{type_}": pooled.highest(types >> number & 1) for number, type_ in enumerate(TYPES)}
    return columns | {
        "known": pooled.highest(known),
        "ambiguous": pooled.highest(ambiguous),
        "exact": pooled.highest(exact),
    }


def _of_words(reading: Reading, pooled: Pooled, lexicon: CorpusLexicon) -> dict[str, Floats]:
    """How common the first and last word are, and how often in lower case."""
    first, last = reading.tokens.word[pooled.first], reading.tokens.word[pooled.last]
    papers, share = lexicon.paper_logs(reading.words), lexicon.lower_shares(reading.words)
    return {
        "papers": pooled.highest(papers[first]),
        "lower_share_first": pooled.highest(share[first]),
        "lower_share_last": pooled.highest(share[last]),
        "lower_share_least": pooled.highest(np.minimum(share[first], share[last])),
    }


def _of_neighbours(reading: Reading, pooled: Pooled, lexicon: CorpusLexicon) -> dict[str, Floats]:
    """Mean company of the words that stand before and after the spans."""
    edge = np.int64(len(reading.words))
    vectors = np.append(lexicon.vectors(reading.words), np.zeros((1, VECTOR_SIZE)), axis=0)
    count = pooled.total(np.ones(len(pooled.first)))
    columns: dict[str, Floats] = {}
    for name, step, token in (("after", 1, pooled.last), ("before", -1, pooled.first)):
        neighbour = vectors[reading.beside(reading.tokens.word, step, edge)[token]]
        columns |= {f"{name}_{at}": pooled.total(neighbour[:, at]) / count for at in range(VECTOR_SIZE)}
    return columns


def _of_spelling(pooled: Pooled) -> dict[str, Floats]:
    surfaces = pooled.surface.alias("surface").to_frame().with_columns(lower=pl.col("surface").str.to_lowercase())
    spelled = surfaces.select(shown.cast(pl.Float64).alias(name) for name, shown in SPELLINGS.items())
    return {name: spelled[name].to_numpy() for name in SPELLINGS}


def _class_numbers(listed: tuple[str, ...], classes: tuple[tuple[str, ...], ...]) -> Ints:
    """Class of each listed word, ABSENT for one of none; the last entry, read at ABSENT, is ABSENT."""
    numbers = {word: number for number, words in enumerate(classes) for word in words}
    return np.array([*(numbers.get(word, ABSENT) for word in listed), ABSENT])


NOUN_CLASS = _class_numbers(NOUNS, NOUN_CLASSES)
CUE_CLASS = _class_numbers(CUES, CUE_CLASSES)


def _of_context(reading: Reading, pooled: Pooled) -> dict[str, Floats]:
    """Classes of the telling words around the spans."""
    absent = np.int64(ABSENT)
    noun = NOUN_CLASS[reading.noun]
    next_, second = reading.beside(noun, 1, absent)[pooled.last], reading.beside(noun, 2, absent)[pooled.last]
    after, before = NOUN_CLASS[reading.noun_after.word][pooled.last], NOUN_CLASS[reading.noun_before.word][pooled.first]
    cue = CUE_CLASS[reading.cue_before.word][pooled.first]
    columns: dict[str, Floats] = {}
    for number, type_ in enumerate(TYPES):
        columns |= {
            f"next_{type_}": pooled.highest(next_ == number),
            f"second_{type_}": pooled.highest(second == number),
            f"after_{type_}": pooled.total(after == number),
            f"before_{type_}": pooled.total(before == number),
        }
    return columns | {f"cue_{number}": pooled.total(cue == number) for number in range(len(CUE_CLASSES))}


def _of_paper(reading: Reading, pooled: Pooled) -> dict[str, Floats]:
    """What else the paper names, and which type nouns its title has."""
    n_papers = int(reading.paper[-1]) + 1 if len(reading) else 0
    noun = NOUN_CLASS[reading.noun]
    columns: dict[str, Floats] = {}
    for number, type_ in enumerate(TYPES):
        best = pooled.highest(pooled.probability[:, number])
        of_paper = np.bincount(pooled.paper, weights=best, minlength=n_papers)
        columns[f"others_{type_}"] = of_paper[pooled.paper] - best
        titled = np.bincount(reading.paper[reading.in_title & (noun == number)], minlength=n_papers) > 0
        columns[f"title_{type_}"] = titled[pooled.paper].astype(np.float64)
    return columns


def _of_own(reading: Reading, pooled: Pooled) -> dict[str, Floats]:
    """How often the paper uses nouns of each type, at all, of what it presents and of its own."""
    n_papers = int(reading.paper[-1]) + 1 if len(reading) else 0
    noun = NOUN_CLASS[reading.noun]
    placed = {"nouns": np.ones(len(reading), bool)} | {
        name: _after_any(reading, words, reach) for name, (words, reach) in OWN_REACH.items()
    }
    return {
        f"{name}_{type_}": np.minimum(
            np.bincount(reading.paper[here & (noun == number)], minlength=n_papers), MOST_NOUNS
        )[pooled.paper].astype(np.float64)
        for number, type_ in enumerate(TYPES)
        for name, here in placed.items()
    }


def _after_any(reading: Reading, words: tuple[str, ...], reach: int) -> Flags:
    """Whether one of the words stands at most `reach` tokens before each token."""
    marked = reading.words.table["lower"].is_in(words).to_numpy()[reading.tokens.word]
    near = np.zeros(len(marked), bool)
    for step in range(1, reach + 1):
        near |= reading.beside(marked, -step, np.False_)
    return near
