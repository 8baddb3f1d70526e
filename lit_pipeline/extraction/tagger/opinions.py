"""What the rules observe and say of the names in a batch, as evidence beside the chain's.

What belongs here: bringing the rules' candidates, observations and odds to the tagger's tokens. The rules are in
`extraction.rules`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lit_pipeline.extraction.candidates import BY, KNOWN_COLUMNS, candidates_of
from lit_pipeline.extraction.features import KEY, features_of, keyed
from lit_pipeline.extraction.rules import Weights
from lit_pipeline.extraction.tagger.labels import TYPES
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, name_key
from lit_pipeline.extraction.tagger.tokens import Ints
from lit_pipeline.extraction.texts import FIELD_TYPE, LONGEST_TEXT
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.entities import ENTITY_TYPES

Floats = NDArray[np.float64]

FARTHEST_ODDS = 8.0
"""Log odds beyond this count as this; where the rules say nothing they are this far below 0."""

RULES_ORDER = [ENTITY_TYPES.index(type_) for type_ in TYPES]
"""Position of each of the tagger's types among the rules'."""


@dataclass(frozen=True)
class Observations:
    """What the rules observe.

    first, last: tokens of each candidate place. name: position of its name among the observed ones. observed: one row a
    name of a paper, one column an observation.
    """

    first: Ints
    last: Ints
    name: Ints
    observed: pl.DataFrame


@dataclass(frozen=True)
class Opinions:
    """What the rules say of the observed names.

    observations: of which places and names. weights: of which observations. observed [names, observations]: what holds.
    odds [names, types]: log odds of each type against "no name".
    """

    observations: Observations
    weights: Weights
    observed: NDArray[np.float32]
    odds: Floats

    def likely(self, least: float) -> tuple[Ints, Ints]:
        """First and last tokens of the places whose log odds of any type are above `least`."""
        likely = (log_sum(self.odds) > least)[self.observations.name]
        return self.observations.first[likely], self.observations.last[likely]


@dataclass(frozen=True)
class Heard:
    """Opinions of groups of spans.

    name: position of each group's first observed name, ABSENT where the rules say nothing. evidence [groups, columns]:
    whether they do, their log odds, and what they observe in any of the group's names.
    """

    name: Ints
    columns: tuple[str, ...]
    evidence: NDArray[np.float32]


def observe(reading: Reading, vocabulary: Vocabulary, hidden: pl.DataFrame | None = None) -> Observations:
    """What the rules observe at those of their candidates that begin and end with tokens.

    Args:
        reading: the batch.
        vocabulary: the known names.
        hidden: names (paper, key) that count as unknown; for training.

    """
    fields = _fields(reading)
    candidates = candidates_of(fields, vocabulary)
    if hidden is not None:
        candidates = _forgotten(candidates, hidden)
    features = features_of(candidates, fields).with_row_index("name")
    places = (
        keyed(candidates, fields)
        .select("row", "start", "end", *KEY)
        .join(features.select("name", *KEY), on=KEY)
        .select("row", "start", "end", pl.col("name").cast(pl.Int64))
    )
    row, start, end, name = (places[column].to_numpy() for column in places.columns)
    first, last = token_at(reading, reading.tokens.start, row, start), token_at(reading, reading.tokens.end, row, end)
    whole = np.flatnonzero((first != ABSENT) & (last != ABSENT))
    order = whole[np.lexsort((name[whole], last[whole], first[whole]))]
    return Observations(first[order], last[order], name[order], features.drop("name", *KEY))


def weigh(observations: Observations, weights: Weights) -> Opinions:
    """Opinions by the weights of the observations."""
    observed = observations.observed.select(weights.names).to_numpy().astype(np.float32)
    odds = (observed @ weights.weights + weights.always)[:, RULES_ORDER]
    return Opinions(observations, weights, observed, odds)


def hear(opinions: Opinions, first: Ints, last: Ints, group: Ints, n_groups: int) -> Heard:
    """Opinions of groups of spans: of each span its tokens and its group's number."""
    of = opinions.observations
    places = pl.DataFrame({"first": of.first, "last": of.last, "name": of.name})
    spans = pl.DataFrame({"first": first, "last": last, "group": group})
    pairs = spans.join(places, on=["first", "last"]).select("group", "name").unique().sort("group", "name")
    group, told = pairs["group"].to_numpy(), pairs["name"].to_numpy()
    groups, first_told = np.unique(group, return_index=True)
    further = np.delete(np.arange(len(group)), first_told)
    kept = np.clip(opinions.odds, -FARTHEST_ODDS, FARTHEST_ODDS).astype(np.float32)
    odds = np.full((n_groups, len(TYPES)), -FARTHEST_ODDS, np.float32)
    observed = np.zeros((n_groups, len(opinions.weights.names)), np.float32)
    for pooled, of_name in ((odds, kept), (observed, opinions.observed)):
        pooled[groups] = of_name[told[first_told]]
        np.maximum.at(pooled, group[further], of_name[told[further]])
    name = np.full(n_groups, ABSENT, np.int64)
    name[groups] = told[first_told]
    spoken = (name != ABSENT).astype(np.float32)
    columns = ("rules", *(f"rules_{type_}" for type_ in TYPES), *(f"rules: {name}" for name in opinions.weights.names))
    return Heard(name, columns, np.column_stack([spoken, odds, observed]))


def log_sum(odds: Floats) -> Floats:
    """Log odds of any type, from those of each [names, types]."""
    highest = odds.max(axis=1, initial=-np.inf)
    total: Floats = highest + np.log(np.exp(odds - highest[:, None]).sum(axis=1))
    return total


def _forgotten(candidates: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Candidates of which hidden names are unknown; those found by nothing else are none."""
    marked = hidden.select("paper", "key", hidden=pl.lit(value=True))
    told = candidates.with_columns(paper=pl.col("row") // 2, key=name_key(pl.col("surface"))).join(
        marked, on=["paper", "key"], how="left", maintain_order="left"
    )
    is_hidden = pl.col("hidden").fill_null(value=False) & pl.col("known_as").is_not_null()
    found_otherwise = pl.any_horizontal("shaped", "in_run", *BY)
    unknown = [pl.when(~is_hidden).then(column).alias(column) for column in (*KNOWN_COLUMNS, "attached")]
    return told.filter(~is_hidden | found_otherwise).with_columns(unknown).select(candidates.columns)


def _fields(reading: Reading) -> pl.DataFrame:
    """The texts of a reading as the rules take them: row, paper_id, field, text; a missing text is empty."""
    row = np.arange(len(reading.texts))
    return pl.DataFrame(
        {
            "row": row,
            "paper_id": pl.Series(row // 2).cast(pl.String),
            "field": pl.Series(np.where(row % 2 == 0, "title", "abstract"), dtype=FIELD_TYPE),
            "text": reading.texts.fill_null(""),
        }
    )


def token_at(reading: Reading, edges: Ints, row: Ints, offset: Ints) -> Ints:
    """Token of a row whose edge, one of `edges` a token, is at an offset; ABSENT where there is none."""
    placed = reading.tokens.row * (LONGEST_TEXT + 1) + edges
    wanted = row * (LONGEST_TEXT + 1) + offset
    token = np.minimum(np.searchsorted(placed, wanted), len(placed) - 1)
    return np.where(placed[token] == wanted, token, ABSENT)
