"""Fitting the weights of the rules to labelled papers."""

from collections.abc import Callable

import numpy as np
import polars as pl

from lit_pipeline.extraction.candidates import candidates_of
from lit_pipeline.extraction.features import features_of
from lit_pipeline.extraction.fitting import HIDDEN_SHARE, fit_weights, hide_known
from lit_pipeline.extraction.rules import ALWAYS, judged, read_weights, shipped_weights
from lit_pipeline.extraction.texts import fields_of
from lit_pipeline.extraction.vocabulary import Vocabulary

Texts = Callable[..., pl.DataFrame]

LABELS = {"paper_id": pl.String, "surface": pl.String, "type": pl.String}


def labelled(texts: Texts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Papers whose first word is a model where it is followed by 'model', a benchmark where by 'benchmark'."""
    papers, labels = [], []
    for at in range(12):
        kind = ("model", "benchmark")[at % 2]
        papers.append(("A study", f"Here the Quux{at}X {kind} is used, and no WoRD{at}Y of it."))
        labels.append((f"p{at}", f"Quux{at}X", kind))
    return texts(*papers), pl.DataFrame(labels, schema=LABELS, orient="row")


def test_fitted_weights_tell_names_from_words_and_types_apart(texts: Texts, names: Vocabulary) -> None:
    papers, labels = labelled(texts)
    fields = fields_of(papers)
    found = judged(candidates_of(fields, names), fields, read_weights(fit_weights(papers, labels, names)))

    assert sorted(found.select("paper_id", "surface", pl.col("type").cast(pl.String)).rows()) == sorted(labels.rows())


def test_fitting_twice_gives_the_same_weights(texts: Texts, names: Vocabulary) -> None:
    papers, labels = labelled(texts)

    assert fit_weights(papers, labels, names).equals(fit_weights(papers, labels, names))


def test_hidden_rows_take_their_share_from_the_rows_they_copy() -> None:
    observed = np.array([[1.0, 1.0], [0.0, 1.0]])
    shown, shares, rows = hide_known(observed, ["known_benchmark", "shaped"])

    assert shown.tolist() == [[1, 1], [0, 1], [0, 1]]
    assert shares.tolist() == [1 - HIDDEN_SHARE, 1, HIDDEN_SHARE]
    assert rows.tolist() == [0, 1, 0]


def test_the_shipped_weights_are_those_of_the_observations(texts: Texts, names: Vocabulary) -> None:
    fields = fields_of(texts(("QuuxNet: A Model", "We introduce QuuxNet.")))
    features = features_of(candidates_of(fields, names), fields)

    assert {*shipped_weights().names} == {*features.columns} - {"paper_id", "folded", "lower"}
    assert ALWAYS not in shipped_weights().names
