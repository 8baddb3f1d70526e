"""Tags the texts that were not tagged before, and finds the results of those whose mentions are new."""

import polars as pl

from lit_pipeline.extraction.extract import EXTRACTOR_VERSION, Tagger, extract_spans
from lit_pipeline.extraction.naming import name_spans
from lit_pipeline.extraction.results import extract_results, results_version
from lit_pipeline.extraction.rules import rules_version
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.progress import Progress
from lit_pipeline.stages.batches import batches_of_rows
from lit_pipeline.stages.stores import Stores, segment_key
from lit_pipeline.storage.segments import KEY

MENTION_COLUMNS = ("field", "start", "end", "type", "entity_id")


def extractor_version(vocabulary: Vocabulary, tagger: Tagger | None) -> str:
    """Version of all that decides the spans of a text: code, vocabulary, the rules' weights and the tagger."""
    hashes = [vocabulary.version, rules_version(), *([tagger.version] if tagger else [])]
    return "-".join([EXTRACTOR_VERSION, *(version[:8] for version in hashes)])


def text_keys(papers: pl.LazyFrame, version: str) -> pl.DataFrame:
    """Key of each paper's text under an extractor version: paper_id, segment_key."""
    return papers.select("paper_id", segment_key(pl.col("title"), pl.col("abstract"), version)).collect()


def tag_new_texts(
    papers: pl.LazyFrame,
    keys: pl.DataFrame,
    stores: Stores,
    vocabulary: Vocabulary,
    tagger: Tagger | None,
    *,
    batch_papers: int,
    progress: Progress,
) -> int:
    """Find and name the spans of texts whose key (see `text_keys`) has nothing stored; returns how many were tagged."""
    new = _missing(stores.tagged.missing(keys[KEY]), keys)
    texts = papers.select("paper_id", "title", "abstract").join(new.lazy(), on="paper_id", maintain_order="left")
    with progress.stage("Finding names", "papers", len(new)) as count, stores.tagged.writer() as writer:
        for batch in batches_of_rows(texts, batch_papers):
            texts_of_batch = batch.drop(KEY)
            spans = name_spans(extract_spans(texts_of_batch, vocabulary, tagger), texts_of_batch, vocabulary)
            writer.append("spans", spans.join(batch.select("paper_id", KEY), on="paper_id", maintain_order="left"))
            writer.done(batch[KEY])
            count(len(batch))
    stores.tagged.compact(keys[KEY])
    return len(new)


def spans_of_papers(keys: pl.DataFrame, stores: Stores) -> pl.LazyFrame:
    """Spans of all papers: columns of `NamedSpans`, in any order."""
    return stores.tagged.scan("spans", keys).drop(KEY)


def result_keys(text_keys: pl.DataFrame, mentions: pl.LazyFrame) -> pl.DataFrame:
    """Key of each paper's text with its mentions: paper_id, segment_key."""
    mention = pl.concat_str([pl.col(name).cast(pl.String) for name in MENTION_COLUMNS], separator="\t")
    digests = mentions.group_by("paper_id").agg(mention.sort().str.join("\n").alias("mentions")).collect()
    keyed = text_keys.join(digests, on="paper_id", how="left", maintain_order="left")
    return keyed.select("paper_id", segment_key(pl.col(KEY), pl.col("mentions"), results_version()))


def find_new_results(
    papers: pl.LazyFrame,
    mentions: pl.LazyFrame,
    keys: pl.DataFrame,
    stores: Stores,
    *,
    batch_papers: int,
    progress: Progress,
) -> int:
    """Find the results of texts whose key (see `result_keys`) has nothing stored; returns how many were read."""
    new = _missing(stores.results.missing(keys[KEY]), keys)
    texts = papers.select("paper_id", "title", "abstract").join(new.lazy(), on="paper_id", maintain_order="left")
    with progress.stage("Finding results", "papers", len(new)) as count, stores.results.writer() as writer:
        for batch in batches_of_rows(texts, batch_papers):
            of_batch = mentions.filter(pl.col("paper_id").is_in(batch["paper_id"].implode())).collect()
            results = extract_results(batch.drop(KEY), of_batch)
            writer.append("results", results.join(batch.select("paper_id", KEY), on="paper_id", maintain_order="left"))
            writer.done(batch[KEY])
            count(len(batch))
    stores.results.compact(keys[KEY])
    return len(new)


def results_of_papers(keys: pl.DataFrame, stores: Stores) -> pl.LazyFrame:
    """Results of all papers: columns of `Results`, sorted."""
    return stores.results.scan("results", keys).drop(KEY).sort("paper_id", "start")


def _missing(missing: pl.Series, keys: pl.DataFrame) -> pl.DataFrame:
    """One paper for each missing key."""
    return (
        keys.filter(pl.col(KEY).is_in(missing.implode()))
        .sort("paper_id")
        .unique(KEY, keep="first", maintain_order=True)
    )
