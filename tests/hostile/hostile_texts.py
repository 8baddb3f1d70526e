"""Runs long hostile strings through the functions that read prose; a script: hostile_texts.py LENGTH."""

import sys

import polars as pl
from hostile_guard import tell  # type: ignore[import-not-found,unused-ignore]
from hostile_strings import PARTS  # type: ignore[import-not-found,unused-ignore]

from lit_pipeline.cleaning.dates import printed_day
from lit_pipeline.cleaning.identifiers import arxiv_id, web_address
from lit_pipeline.cleaning.names import clean_names
from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.extraction.extract import extract_spans
from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.results import extract_results
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import load_vocabulary


def main() -> None:
    """Clean, sign, tag, link and read results of one text a part."""
    length = int(sys.argv[1])
    tell(lambda: work([part * (length // len(part)) for part in PARTS]))


def work(raw: list[str]) -> int:
    """How many texts came out of all stages."""
    texts = pl.DataFrame({"raw": raw}).select(
        paper_id=pl.format("p{}", pl.int_range(pl.len())), title=repair_text("raw"), abstract=repair_text("raw")
    )
    texts.select(
        arxiv_id(pl.col("title")).alias("id"),
        web_address(pl.col("title")).alias("address"),
        printed_day(pl.col("title"), pl.lit(2025)).alias("day"),
        clean_names(pl.concat_list("title")).alias("names"),
    )
    signed = signatures(texts.rename({"paper_id": "record_id"}).with_columns(arxiv_id=pl.lit(None, dtype=pl.String)))
    vocabulary = load_vocabulary()
    spans = extract_spans(texts, vocabulary, load_tagger())
    linked = link(spans, texts.with_columns(published_on=pl.lit(None, dtype=pl.Date)), vocabulary)
    extract_results(texts, linked.mentions)
    return signed.height


if __name__ == "__main__":
    main()
