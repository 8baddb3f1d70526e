"""What is found in a paper depends on nothing else in its batch, to the last digit of a confidence."""

import polars as pl

from lit_pipeline.evaluation.release import SAMPLE
from lit_pipeline.extraction.extract import extract_spans
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import load_vocabulary

PLACE = ("paper_id", "field", "start")


def test_batches_of_any_size_give_the_same_spans() -> None:
    papers = pl.read_ndjson(SAMPLE).select(pl.col("id").alias("paper_id"), "title", "abstract").head(60)
    vocabulary, tagger = load_vocabulary(), load_tagger()
    whole = extract_spans(papers, vocabulary, tagger).sort(PLACE)
    for size in (1, 7, 25):
        parts = [extract_spans(batch, vocabulary, tagger) for batch in papers.iter_slices(size)]
        assert pl.concat(parts).sort(PLACE).equals(whole)
