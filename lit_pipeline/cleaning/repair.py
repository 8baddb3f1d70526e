"""One repair of text, and the engine that applies a chain of repairs only where they are needed.

A repair is a name, a trigger (a regular expression that finds the texts worth touching) and an expression. The engine
tests all triggers of the chain at once, so a clean text costs one scan, and runs the chain again on the texts that it
changed until nothing changes: repairing a repaired text changes nothing. What the repairs are is not told here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

Marks = npt.NDArray[np.uint64]
"""One number a text; bit i is set where repair i of the chain changed the text."""

MAX_PASSES = 8
"""Runs of the chain over one text. Real texts settle in at most 4; only built ones need more."""

MARKUP = r"[\\{}$&<>*`~^_;|]"
"""What a text that never settles is made of; without it, every repair comes to rest."""


WORD_EDGE = r"(?-u:\b)"
"""Word boundary by ASCII letters: the Unicode one makes Rust's engine a hundred times slower on texts beyond ASCII."""


def replace_in_turn(text: pl.Expr, *replacements: tuple[str, str]) -> pl.Expr:
    """Text in which each pattern gives way to what stands beside it, in order."""
    for pattern, replacement in replacements:
        text = text.str.replace_all(pattern, replacement)
    return text


@dataclass(frozen=True)
class Repair:
    """A small change of text.

    Attributes:
        name: what `repairs` calls it.
        trigger: regular expression; texts without a match are left as they are.
        apply: the change, as an expression over a column of texts that match.
    """

    name: str
    trigger: str
    apply: Callable[[pl.Expr], pl.Expr]

    def __call__(self, texts: pl.Series) -> pl.Series:
        """The texts after the change; `texts` hold the trigger."""
        column = pl.col(texts.name)
        return texts.to_frame().select(self.apply(column).alias(texts.name)).to_series()


@dataclass(frozen=True)
class Chain:
    """Repairs in the order they are applied, at most 64."""

    repairs: Sequence[Repair]

    @property
    def names(self) -> list[str]:
        """Names of the repairs, in order."""
        return [repair.name for repair in self.repairs]

    @cached_property
    def trigger(self) -> str:
        """Finds every text that any of the repairs might change."""
        return "|".join(f"(?:{repair.trigger})" for repair in self.repairs)

    def run(self, texts: pl.Series) -> tuple[pl.Series, Marks]:
        """The repaired texts, and for each the repairs that changed it. Null stays null."""
        repaired = texts.rename("text").clone()
        marks = np.zeros(len(repaired), dtype=np.uint64)
        unsettled = self._settle(repaired, marks, pl.int_range(len(repaired), dtype=pl.UInt32, eager=True))
        if len(unsettled):
            repaired.scatter(unsettled, repaired.gather(unsettled).str.replace_all(MARKUP, " "))
            self._settle(repaired, marks, unsettled)
        return repaired.rename(texts.name), marks

    def _settle(self, texts: pl.Series, marks: Marks, rows: pl.Series) -> pl.Series:
        """Run the chain over `rows` of `texts`, in place, until they rest; the rows that do not."""
        for _ in range(MAX_PASSES):
            rows = rows.gather(_true(texts.gather(rows).str.contains(self.trigger)))
            if not len(rows):
                break
            before = texts.gather(rows)
            after, changes = self._run_once(before)
            changed = _true(after.ne_missing(before))
            rows = rows.gather(changed)
            texts.scatter(rows, after.gather(changed))
            marks[rows.to_numpy()] |= changes[changed.to_numpy()]
        return rows

    def _run_once(self, texts: pl.Series) -> tuple[pl.Series, Marks]:
        after = texts.clone()
        marks = np.zeros(len(after), dtype=np.uint64)
        for bit, repair in enumerate(self.repairs):
            rows = _true(after.str.contains(repair.trigger))
            if not len(rows):
                continue
            part = after.gather(rows)
            fixed = repair(part)
            marks[rows.filter(fixed.ne_missing(part)).to_numpy()] |= np.uint64(1 << bit)
            after.scatter(rows, fixed)
        return after, marks


def _true(mask: pl.Series) -> pl.Series:
    """Row numbers where `mask` is true; null is not."""
    return mask.fill_null(value=False).arg_true()
