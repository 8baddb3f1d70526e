"""The labels of tokens: outside, or the beginning or inside of a name of one type.

What belongs here: the numbering, which label may follow which, and spans as labels and back.
"""

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.tokens import Ints

TYPES = ("model", "method", "benchmark", "dataset")
OUTSIDE = 0
N_LABELS = 1 + 2 * len(TYPES)


def beginning(type_: int) -> int:
    """Label of the first token of a name of a type."""
    return 1 + 2 * type_


def inside(type_: int) -> int:
    """Label of a later token of a name of a type."""
    return 2 + 2 * type_


def illegal_pairs() -> NDArray[np.bool_]:
    """Pairs [first, second] of labels that can't stand side by side: an inside after another type or after nothing."""
    illegal = np.zeros((N_LABELS, N_LABELS), bool)
    for type_ in range(len(TYPES)):
        illegal[:, inside(type_)] = True
        illegal[[beginning(type_), inside(type_)], inside(type_)] = False
    return illegal


def illegal_starts() -> NDArray[np.bool_]:
    """Labels that can't open a text."""
    return np.array([label != OUTSIDE and label % 2 == 0 for label in range(N_LABELS)])


def spans_of(begins: NDArray[np.bool_], continues: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """First and last token of each run that begins at a marked token and goes on while tokens continue it."""
    first = np.flatnonzero(begins)
    last_of_run = np.flatnonzero(~np.append(continues[1:], False)) if len(continues) else first
    return first, last_of_run[np.searchsorted(last_of_run, first)]
