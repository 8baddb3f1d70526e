"""Runs the extraction stage over labelled papers, as the pipeline runs it over its own, and scores what it finds."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import commonest_errors, load_gold, score_entities
from lit_pipeline.evaluation.results import gold_results, score_results
from lit_pipeline.extraction.extract import Tagger, extract_spans
from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.results import extract_results
from lit_pipeline.extraction.vocabulary import Vocabulary


@dataclass(frozen=True)
class ExtractionReport:
    """Scores of the stage.

    entities: columns of `evaluation.entities.SCORES`.
    results: columns of `evaluation.results.SCORES`.
    errors: the commonest errors in names.
    n_papers: labelled papers.
    """

    entities: pl.DataFrame
    results: pl.DataFrame
    errors: pl.DataFrame
    n_papers: int


def evaluate_extraction(gold_file: Path, vocabulary: Vocabulary, tagger: Tagger | None) -> ExtractionReport:
    """Score models, benchmarks, methods, datasets, canonical names and results against a file of labels.

    Args:
        gold_file: JSON Lines of labelled papers: id, title, abstract, entities, results.
        vocabulary: known names.
        tagger: the trained tagger; None scores dictionary and rules alone.

    Raises:
        OSError: the file can't be read.
        polars.exceptions.PolarsError: the file is no JSON Lines of labelled papers.
    """
    gold = load_gold(gold_file, repair_text)
    spans = extract_spans(gold.texts.select("paper_id", "title", "abstract"), vocabulary, tagger)
    papers = gold.texts.select("paper_id", "title", "abstract", published_on=pl.lit(None, dtype=pl.Date))
    linked = link(spans, papers, vocabulary)
    named = linked.mentions.join(linked.entities.select("entity_id", "name"), on="entity_id").with_columns(
        pl.col("type").cast(pl.String)
    )
    results = extract_results(papers, linked.mentions)
    labelled = pl.read_ndjson(gold_file, infer_schema_length=None)
    return ExtractionReport(
        entities=score_entities(gold, named),
        results=score_results(gold_results(labelled, repair_text), results, linked.mentions, gold.texts["paper_id"]),
        errors=commonest_errors(gold, named),
        n_papers=len(gold.texts),
    )
