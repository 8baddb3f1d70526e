"""The benchmark of names, on few abstracts."""

import polars as pl
import pytest

from lit_pipeline.bench import names
from lit_pipeline.bench.crf import features_of, tags_of
from lit_pipeline.bench.report import sections
from lit_pipeline.cleaning.text import repair_frame


def test_made_up_papers_are_the_same_for_a_seed() -> None:
    first, again = (pl.concat(names.made_up_papers(60, seed=3)) for _ in range(2))
    assert first.equals(again)
    assert not first.equals(pl.concat(names.made_up_papers(60, seed=4)))


def test_no_two_made_up_papers_share_a_text() -> None:
    papers = pl.concat(names.made_up_papers(400, seed=3))
    assert papers["paper_id"].n_unique() == papers["abstract"].n_unique() == papers["title"].n_unique() == 400


def test_made_up_texts_need_no_repair() -> None:
    papers = pl.concat(names.made_up_papers(200, seed=3))
    assert repair_frame(papers, ["title", "abstract"]).equals(papers)


def test_our_stage_is_measured_to_its_last_mention() -> None:
    row, unlinked = names.scaling((300,), seed=3).to_dicts()
    assert row["mentions"] == unlinked["mentions"]
    assert row["mentions"] >= 2 * 300, "each paper presents a name in its title and its abstract"
    assert row["cpu_seconds"] > 0
    assert row["peak_mib"] > 0


@pytest.mark.parametrize(("engine", "module"), [("python-crfsuite", "pycrfsuite"), ("spaCy PhraseMatcher", "spacy")])
def test_another_library_finds_names_where_it_is_installed(engine: str, module: str) -> None:
    pytest.importorskip(module)
    _, prepare = names.ENGINES[engine]
    papers = pl.concat(names.made_up_papers(50, seed=3)).lazy()
    assert prepare()(papers) > 50


def test_a_missing_library_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "ENGINES", {"no such library": ("no_such_library", names.ENGINES["lit_pipeline"][1])})
    (row,) = names.compare_engines(10).to_dicts()
    assert row["note"] == "no such library is not installed; it is in the extra 'bench'"
    assert row["seconds"] is None


def test_a_long_name_is_tagged_before_a_shorter_one_in_it() -> None:
    tags = tags_of("We compare Zorb XL and Zorb.", {"Zorb": "model", "Zorb XL": "model"})
    assert tags == ["O", "O", "B-model", "I-model", "O", "B-model", "O"]


def test_a_word_knows_its_neighbours() -> None:
    first, _ = features_of(["Zorb-2", "runs"])
    assert {"word=zorb-2", "shape=Xxxx-9", "1:word=runs", "1:shape=xxxx"} <= set(first)


def test_the_page_has_a_section_of_names() -> None:
    assert "names" in sections(pl.DataFrame)
