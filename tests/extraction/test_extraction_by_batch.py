"""What is found in a paper depends on nothing else in its batch, to the last digit of a confidence."""

import polars as pl
import pytest

from lit_pipeline.evaluation.release import SAMPLE
from lit_pipeline.extraction.extract import extract_spans
from lit_pipeline.extraction.naming import name_spans
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import Vocabulary, load_vocabulary
from lit_pipeline.stages import extraction

PLACE = ("paper_id", "field", "start")


def test_batches_of_any_size_give_the_same_names() -> None:
    papers = pl.read_ndjson(SAMPLE).select(pl.col("id").alias("paper_id"), "title", "abstract").head(60)
    vocabulary, tagger = load_vocabulary(), load_tagger()

    def names(batch: pl.DataFrame) -> pl.DataFrame:
        return name_spans(extract_spans(batch, vocabulary, tagger), batch, vocabulary)

    whole = names(papers).sort(PLACE)
    for size in (1, 7, 25):
        assert pl.concat([names(batch) for batch in papers.iter_slices(size)]).sort(PLACE).equals(whole)


def test_other_weights_of_the_rules_are_another_version(names: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = extraction.extractor_version(names, None)
    monkeypatch.setattr(extraction, "rules_version", lambda: "f" * 64)
    assert extraction.extractor_version(names, None) != shipped
