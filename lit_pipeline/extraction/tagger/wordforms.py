"""What a word looks like: case, shape, affixes, parts.

What belongs here: properties of a word's spelling alone. They are computed once a distinct word of a batch, not once a
token.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.hashing import FeatureBag, Hashes, string_hashes

NAME_LIKE = r"\p{Lu}|\p{N}.*\p{L}|\p{L}.*\p{N}"
"""A capital letter, or letters and digits together."""

LONGEST_AFFIX = 4
"""Letters of the longest prefix and suffix."""

GRAM_SIZES, GRAM_PLACES = (3, 4), 12
"""Sizes of letter n-grams, and how many of a word are taken, from its start."""

MOST_COUNTED_LETTERS, MOST_COUNTED_CAPITALS = 12, 6
"""Lengths and numbers of capitals above these count as these."""


@dataclass(frozen=True)
class Wordforms:
    """Distinct words of a batch with what their spelling tells.

    table: word, lower, shape (runs of one class cut at 3), short (runs cut at 1), folded (digits as 0), stem (letters
    before the first
        digit or hyphen), first and last (parts at the hyphens), part (last camel-case part), shorter (without the last
        hyphenated part), size, capitals.
    lower, short: hashes of those columns. name_like, has_letter: flags.
    """

    table: pl.DataFrame
    lower: Hashes
    short: Hashes
    name_like: NDArray[np.bool_]
    has_letter: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.table)


def wordforms(words: pl.Series) -> Wordforms:
    """Spelling of each of the distinct words."""
    word = pl.col("word")
    lower = word.str.to_lowercase()
    classes = word.str.replace_all(r"\p{Lu}", "A").str.replace_all(r"[\p{Ll}\p{M}]", "a").str.replace_all(r"\p{N}", "0")
    table = (
        words.alias("word")
        .to_frame()
        .select(
            word,
            lower=lower,
            shape=classes.str.replace_all("a{3,}", "a+").str.replace_all("A{4,}", "A+").str.replace_all("0{2,}", "00"),
            short=classes.str.replace_all("a+", "a").str.replace_all("A+", "A").str.replace_all("0+", "0"),
            folded=word.str.replace_all(r"\p{N}+", "0"),
            folded_lower=lower.str.replace_all(r"\p{N}+", "0"),
            stem=word.str.extract(r"^(\p{L}+)[\p{N}-]"),
            first=word.str.extract(r"^([^-‐‑]+)[-‐‑]"),
            last=word.str.extract(r"[-‐‑]([^-‐‑]+)$"),
            part=word.str.extract(r"([A-Z]?[a-z]+|[A-Z]+)[^A-Za-z]*$"),
            shorter=word.str.extract(r"^(.+)[-‐‑][^-‐‑]+$"),
            size=word.str.len_chars().cast(pl.Int64),
            capitals=word.str.count_matches(r"\p{Lu}").cast(pl.Int64),
            name_like=word.str.contains(NAME_LIKE),
            has_letter=word.str.contains(r"\p{L}"),
        )
    )
    return Wordforms(
        table.drop("name_like", "has_letter"),
        string_hashes(table["lower"]),
        string_hashes(table["short"]),
        table["name_like"].to_numpy(),
        table["has_letter"].to_numpy(),
    )


@dataclass(frozen=True)
class WordBags:
    """Features of distinct words: `near` for a token and its neighbours, fewer for tokens two and more away."""

    near: FeatureBag
    mid: FeatureBag
    far: FeatureBag


def spelling_features(words: Wordforms) -> WordBags:
    """Features of each distinct word's spelling."""
    bags = WordBags(FeatureBag(), FeatureBag(), FeatureBag())
    every = np.arange(len(words))
    table = words.table
    folded = string_hashes(table["folded_lower"])
    for bag in (bags.near, bags.mid, bags.far):
        bag.add("lower", every, words.lower)
        bag.add("name_like", np.flatnonzero(words.name_like))
    for bag in (bags.near, bags.mid):
        bag.add("short", every, words.short)
        bag.add("folded", every, folded)
    bags.near.add("word", every, string_hashes(table["word"]))
    bags.near.add("shape", every, string_hashes(table["shape"]))
    bags.near.add("size", every, table["size"].clip(0, MOST_COUNTED_LETTERS).to_numpy())
    bags.near.add("capitals", every, table["capitals"].clip(0, MOST_COUNTED_CAPITALS).to_numpy())
    for name in ("part", "first", "stem", "last"):
        has = np.flatnonzero(table[name].is_not_null().to_numpy())
        bags.near.add(name, has, string_hashes(table[name].gather(has).str.to_lowercase()))
    _add_affixes(bags, words)
    _add_grams(bags.near, words)
    return bags


def _add_affixes(bags: WordBags, words: Wordforms) -> None:
    long = np.flatnonzero(words.has_letter & (words.table["size"].to_numpy() > 2))  # noqa: PLR2004
    word, lower = words.table["word"].gather(long), words.table["lower"].gather(long)
    for size in range(1, LONGEST_AFFIX + 1):
        bags.near.add(f"prefix{size}", long, string_hashes(word.str.slice(0, size)))
        bags.near.add(f"suffix{size}", long, string_hashes(lower.str.slice(-size)))
    bags.mid.add("suffix3", long, string_hashes(lower.str.slice(-3)))


def _add_grams(bag: FeatureBag, words: Wordforms) -> None:
    named = np.flatnonzero(words.name_like)
    lower, size = words.table["lower"].gather(named), words.table["size"].to_numpy()[named]
    for gram in GRAM_SIZES:
        for place in range(GRAM_PLACES):
            long = np.flatnonzero(size >= place + gram)
            bag.add(f"gram{gram}", named[long], string_hashes(lower.gather(long).str.slice(place, gram)))
