"""Hashes, known names, what stands around a token, candidates."""

import numpy as np
import polars as pl
import pytest

from lit_pipeline.extraction.tagger.candidates import pool
from lit_pipeline.extraction.tagger.corpus import CorpusLexicon, learn_corpus_evidence
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS
from lit_pipeline.extraction.tagger.matches import KnownNames
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, name_key, read

TERMS = pl.DataFrame(
    {
        "surface": ["Llama 3", "Llama", "ImageNet", "MATH", "Stable Diffusion", "MATH"],
        "type": ["model", "model", "benchmark", "benchmark", "model", "dataset"],
        "ambiguous": [False, False, False, True, False, True],
    }
)


def read_one(title: str, abstract: str | None = None) -> Reading:
    return read(pl.Series([title]), pl.Series([abstract], dtype=pl.String))


def word_at(reading: Reading, token: int | np.int64) -> str:
    return str(reading.tokens.words[int(reading.tokens.word[token])])


def token_of(reading: Reading, word: str) -> int:
    return next(token for token in range(len(reading)) if word_at(reading, token) == word)


def found_names(text: str) -> list[str]:
    reading = read_one(text)
    matches = KnownNames(TERMS).find(reading)
    ends = matches.first + matches.size - 1
    return [text[reading.tokens.start[a] : reading.tokens.end[b]] for a, b in zip(matches.first, ends, strict=True)]


def test_an_index_gives_the_position_of_its_hashes() -> None:
    index = HashIndex(np.array([3, 5, 2**63], np.uint64))
    assert index.find(np.array([2**63, 4, 3], np.uint64)).tolist() == [2, -1, 0]


def test_an_empty_index_finds_nothing() -> None:
    assert HashIndex(np.empty(0, np.uint64)).find(np.array([1], np.uint64)).tolist() == [-1]


def test_the_longest_known_name_is_taken() -> None:
    assert found_names("We tune Llama 3 on it") == ["Llama 3"]


@pytest.mark.parametrize("spelling", ["Llama-3", "Llama3", "llama 3", "stable-diffusion", "StableDiffusion"])
def test_a_known_name_is_found_with_other_case_and_joints(spelling: str) -> None:
    assert found_names(f"with {spelling} here") == [spelling]


def test_a_known_name_is_no_part_of_a_longer_word() -> None:
    assert found_names("ImageNetty") == []


def test_a_name_of_two_types_keeps_both() -> None:
    matches = KnownNames(TERMS).find(read_one("on MATH"))
    assert matches.types.tolist() == [(1 << 2) + (1 << 3)]
    assert matches.ambiguous.tolist() == [1]


def test_exactness_is_that_of_the_spelling() -> None:
    assert KnownNames(TERMS).find(read_one("math and MATH")).exact.tolist() == [0, 1]


def test_types_of_single_words_are_told() -> None:
    assert KnownNames(TERMS).types_of_words(pl.Series(["imagenet", "Foo", None])).tolist() == [1 << 2, 0, 0]


def test_a_vocabulary_without_names_finds_none() -> None:
    assert not len(KnownNames(TERMS.clear()).find(read_one("Llama 3")).first)


def test_an_acronym_is_tied_to_its_long_form() -> None:
    reading = read_one("T", "We propose Fast Token Pruning (FTP) for speed.")
    acronym = token_of(reading, "FTP")
    assert reading.defined[acronym]
    tied = [word_at(reading, token) for token in np.flatnonzero(reading.long_of == acronym)]
    assert tied == ["Fast", "Token", "Pruning"]


def test_brackets_without_matching_initials_define_nothing() -> None:
    assert not read_one("T", "We measure accuracy on dogs (FTP) now.").defined.any()


def test_the_noun_after_a_name_counts_within_its_sentence_only() -> None:
    reading = read_one("T", "We use Foo model. Bar wins. The dataset grows.")
    near = reading.noun_after.word
    assert near[token_of(reading, "Foo")] != ABSENT
    assert near[token_of(reading, "Bar")] == ABSENT


def test_the_words_before_a_titles_colon_are_marked() -> None:
    reading = read_one("Foo Net: a benchmark for dogs", "Plain: text")
    assert [word_at(reading, token) for token in np.flatnonzero(reading.before_colon)] == ["Foo", "Net"]
    assert reading.name_length[:2].tolist() == [2, 2]


def test_a_neighbour_is_never_of_another_text() -> None:
    reading = read_one("one", "two")
    assert reading.beside(reading.tokens.word, 1, np.int64(ABSENT)).tolist() == [ABSENT, ABSENT]


def test_one_surface_form_in_title_and_abstract_is_one_group() -> None:
    reading = read_one("Foo-Net wins", "We present FooNet and Bar.")
    tokens = np.array([0, 4, 6])
    pooled = pool(reading, tokens, tokens, np.zeros((len(reading), N_LABELS)))
    assert pooled.group.tolist() == [0, 0, 1]
    assert pooled.key.to_list() == ["foonet", "bar"]


def test_a_spans_probability_is_that_of_its_least_likely_label() -> None:
    reading = read_one("Foo Net wins")
    marginals = np.zeros((3, N_LABELS))
    marginals[0, 1], marginals[1, 2], marginals[2, 2] = 0.9, 0.8, 0.25
    pooled = pool(reading, np.array([0]), np.array([1]), marginals)
    assert pooled.probability[0, 0] == pytest.approx(0.8 * 0.75)


def test_texts_in_which_no_word_comes_back_tell_of_no_company() -> None:
    evidence = learn_corpus_evidence(read_one("A gauge", "Harbours have tides."), seed=1)
    lexicon = CorpusLexicon(evidence)
    assert lexicon.clusters(pl.Series(["gauge"]), 0).tolist() == [ABSENT]


def test_keys_are_lower_case_letters_and_digits() -> None:
    assert pl.DataFrame({"x": ["GPT-4o", "Tülu 3"]}).select(name_key(pl.col("x"))).to_series().to_list() == [
        "gpt4o",
        "tülu3",
    ]
