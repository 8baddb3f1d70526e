"""Finds the words nearest to a number that tell which way it goes and what it measures (see lexicon.toml)."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import Keys, Property

# Cues further away belong to another statement (tokens).
REACH: Final = 14
STEP_BOUNDS: Final = (2, 4, 7, 11)


def cue_numbers(stream: pl.DataFrame, classes: dict[str, int]) -> Keys:
    """Class of each token by its stem; 0 for tokens of no class."""
    found = pl.col("word").replace_strict(classes, default=0, return_dtype=pl.Int64)
    return stream.select(found).to_series().to_numpy()


def nearest_cues(cues: Keys, sentences: Keys, rows: Keys) -> list[Keys]:
    """Classes and distances of the nearest cue before and after each row, in its sentence: four arrays, 0 for none."""
    length = len(cues)
    index = np.arange(length)
    before = np.maximum.accumulate(np.where(cues > 0, index, -1))
    after = np.minimum.accumulate(np.where(cues > 0, index, length)[::-1])[::-1]
    described: list[Keys] = []
    for nearest in (before, after):
        place = np.clip(nearest[rows], 0, max(length - 1, 0))
        apart = np.abs(place - rows)
        valid = (nearest[rows] == place) & (sentences[place] == sentences[rows]) & (apart <= REACH)
        described += [
            np.where(valid, cues[place], 0),
            np.where(valid, 1 + np.searchsorted(np.asarray(STEP_BOUNDS), apart, side="right"), 0),
        ]
    return described


def cue_properties(nearest: list[Keys], units: Keys) -> list[Property]:
    """Properties of the nearest cues of one channel (see `nearest_cues`): alone, together and with the unit."""
    before, steps_before, after, steps_after = nearest
    return [
        (before, steps_before),
        (after, steps_after),
        (before, after),
        (before, units),
        (after, units),
        (before * 8 + steps_before, after * 8 + steps_after, units),
    ]
