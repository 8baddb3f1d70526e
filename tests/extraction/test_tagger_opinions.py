"""What the rules tell the tagger, and what training hides from both."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from lit_pipeline.evaluation.entities import Gold
from lit_pipeline.extraction.rules import shipped_weights
from lit_pipeline.extraction.tagger.corpus import CorpusLexicon, learn_corpus_evidence
from lit_pipeline.extraction.tagger.gold import HIDDEN_SHARES, forget_matches, hidden_names
from lit_pipeline.extraction.tagger.matches import KnownNames
from lit_pipeline.extraction.tagger.opinions import FARTHEST_ODDS, Opinions, hear, observe, weigh
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, read
from lit_pipeline.extraction.vocabulary import Vocabulary

ABSTRACT = "We introduce QuuxNet, a model. QuuxNet and BERT are tested on ImageNet."


@pytest.fixture
def reading() -> Reading:
    return read(pl.Series(["QuuxNet: A Model"]), pl.Series([ABSTRACT]))


def observed_surfaces(opinions: Opinions, reading: Reading) -> set[str]:
    of = opinions.observations
    return set(reading.surfaces(of.first, of.last))


def known(opinions: Opinions) -> bool:
    columns = [at for at, name in enumerate(opinions.weights.names) if name.startswith("known_benchmark")]
    return bool(opinions.observed[:, columns].any())


def hidden(*keys: str) -> pl.DataFrame:
    return pl.DataFrame({"paper": [0] * len(keys), "key": keys}, schema={"paper": pl.Int64, "key": pl.String})


def test_the_rules_speak_of_known_and_new_names(reading: Reading, names: Vocabulary) -> None:
    opinions = weigh(observe(reading, names), shipped_weights())
    assert {"QuuxNet", "BERT", "ImageNet"} <= observed_surfaces(opinions, reading)
    assert known(opinions)


def test_a_hidden_name_is_judged_by_its_looks(reading: Reading, names: Vocabulary) -> None:
    opinions = weigh(observe(reading, names, hidden("imagenet")), shipped_weights())
    assert "ImageNet" in observed_surfaces(opinions, reading)
    assert not known(opinions)


def test_a_hidden_name_without_looks_is_no_candidate(names: Vocabulary) -> None:
    reading = read(pl.Series(["A study"]), pl.Series(["we ask for coco today"]))
    assert len(observe(reading, names).first) == 1
    assert len(observe(reading, names, hidden("coco")).first) == 0


def test_a_name_is_hidden_in_its_paper_only(reading: Reading, names: Vocabulary) -> None:
    elsewhere = hidden("imagenet").with_columns(paper=pl.lit(1, pl.Int64))
    assert known(weigh(observe(reading, names, elsewhere), shipped_weights()))


def test_matches_of_hidden_names_are_forgotten(reading: Reading, names: Vocabulary) -> None:
    matches = KnownNames(names.terms).find(reading)
    kept = forget_matches(reading, matches, hidden("imagenet"))
    assert set(reading.surfaces(matches.first, matches.first + matches.size - 1)) == {"BERT", "ImageNet"}
    assert set(reading.surfaces(kept.first, kept.first + kept.size - 1)) == {"BERT"}


def test_a_group_hears_what_is_observed_at_any_of_its_spans(reading: Reading, names: Vocabulary) -> None:
    opinions = weigh(observe(reading, names), shipped_weights())
    of = opinions.observations
    heard = hear(opinions, of.first[:1], of.last[:1], np.array([1]), 2)
    assert heard.name.tolist() == [ABSENT, of.name[0]]
    assert heard.evidence[0, : len(heard.columns)].tolist() == [0, *[-FARTHEST_ODDS] * 4] + [0] * len(
        opinions.weights.names
    )
    assert heard.evidence[1, 5:].tolist() == opinions.observed[of.name[0]].tolist()


def test_no_names_are_heard_of_no_texts(names: Vocabulary) -> None:
    empty = read(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String))
    opinions = weigh(observe(empty, names), shipped_weights())
    none = np.zeros(0, np.int64)
    assert hear(opinions, none, none, none, 0).evidence.shape == (0, 5 + len(shipped_weights().names))


@pytest.fixture
def labelled() -> Callable[[str, int], tuple[Gold, Reading]]:
    def make(type_: str, n_papers: int) -> tuple[Gold, Reading]:
        ids = [f"p{number}" for number in range(n_papers)]
        texts = pl.DataFrame({"paper_id": ids, "title": "On QuuxNet", "abstract": "It is called QuuxNet."})
        entities = pl.DataFrame({"paper_id": ids, "surface": "QuuxNet", "type": type_, "name": "QuuxNet"})
        return Gold(texts, entities), read(texts["title"], texts["abstract"])

    return make


def test_names_that_the_unlabelled_papers_lack_are_hidden_at_the_share_of_their_type(
    labelled: Callable[[str, int], tuple[Gold, Reading]],
) -> None:
    others = read(pl.Series(["On words"] * 6), pl.Series(["Of words"] * 6))
    lexicon = CorpusLexicon(learn_corpus_evidence(others, seed=0))
    share = len(hidden_names(*labelled("benchmark", 400), lexicon, seed=1)) / 400
    assert share == pytest.approx(HIDDEN_SHARES["benchmark"][0], abs=0.08)


def test_names_that_many_unlabelled_papers_hold_are_not_hidden(
    labelled: Callable[[str, int], tuple[Gold, Reading]],
) -> None:
    gold, reading = labelled("model", 50)
    lexicon = CorpusLexicon(learn_corpus_evidence(reading, seed=0))
    assert hidden_names(gold, reading, lexicon, seed=1).is_empty()
