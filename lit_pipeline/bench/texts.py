"""Benchmark of the stages that read texts: cleaning, names and results, on the texts of a landing zone, repeated."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from lit_pipeline.cleaning.records import clean_records
from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.extraction.extract import Tagger, extract_spans
from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.results import extract_results
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.ingest.landing import RawFile, scan
from lit_pipeline.ingest.limits import Limits
from lit_pipeline.ingest.read import FileRejected, read_file

N_TEXTS = 20_000
BATCH_TEXTS = 5_000


def texts_of(landing_zone: Path, n_texts: int = N_TEXTS) -> pl.DataFrame:
    """Cleaned texts of a landing zone, repeated under new ids up to `n_texts`: paper_id, title, abstract."""
    limits = Limits()
    landing = scan(landing_zone, limits)
    batches = [
        clean_records(raw).records for row in landing.files.to_dicts() for raw in _read(landing_zone, row, limits)
    ]
    texts = pl.concat(batches).select("title", "abstract").drop_nulls()
    repeated = pl.concat([texts] * (n_texts // len(texts) + 1)).head(n_texts)
    return repeated.with_row_index("paper_id").with_columns(pl.col("paper_id").cast(pl.String))


def _read(landing_zone: Path, row: dict[str, object], limits: Limits) -> list[pl.DataFrame]:
    try:
        return [batch.records for batch in read_file(landing_zone, RawFile.from_row(row), limits)]
    except FileRejected:
        return []


def time_stages(texts: pl.DataFrame, vocabulary: Vocabulary, tagger: Tagger | None) -> pl.DataFrame:
    """Time each stage over the same texts in batches, after a batch that warms up.

    Returns:
        stage, texts, seconds, cpu_seconds, texts_a_second, texts_a_cpu_second.

    """
    papers = texts.with_columns(published_on=pl.lit(None, dtype=pl.Date))
    mentions = link(extract_spans(texts, vocabulary, tagger), papers, vocabulary).mentions
    stages: dict[str, Callable[[pl.DataFrame], object]] = {
        "repair of texts": lambda batch: batch.select(repair_text("title"), repair_text("abstract")),
        "signatures": lambda batch: signatures(_as_records(batch)),
        "names, rules alone": lambda batch: extract_spans(batch, vocabulary, None),
        "names": lambda batch: extract_spans(batch, vocabulary, tagger),
        "results": lambda batch: extract_results(batch, _of(mentions, batch)),
    }
    return pl.DataFrame([{"stage": name, **_timed(stage, texts)} for name, stage in stages.items()])


def _timed(stage: Callable[[pl.DataFrame], object], texts: pl.DataFrame) -> dict[str, object]:
    stage(texts.head(BATCH_TEXTS))
    wall, cpu = perf_counter(), process_time()
    for batch in texts.iter_slices(BATCH_TEXTS):
        stage(batch)
    seconds, cpu_seconds = perf_counter() - wall, process_time() - cpu
    return {
        "texts": len(texts),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "texts_a_second": len(texts) / seconds,
        "texts_a_cpu_second": len(texts) / cpu_seconds,
    }


def _as_records(batch: pl.DataFrame) -> pl.DataFrame:
    no_id = pl.lit(None, dtype=pl.String).alias("arxiv_id")
    return batch.select(pl.col("paper_id").alias("record_id"), no_id, "title", "abstract")


def _of(mentions: pl.DataFrame, batch: pl.DataFrame) -> pl.DataFrame:
    return mentions.filter(pl.col("paper_id").is_in(batch["paper_id"].implode()))
