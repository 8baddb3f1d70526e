"""How fast and small the finding of names is, beside other libraries, on abstracts we make up.

Ours is the whole stage, from repaired texts to the table of mentions, as the pipeline runs it. The other libraries do a
part of it: one finds names by a trained tagger, one finds the vocabulary's names; neither says which entity a name is.
They belong to the extra `bench` and are imported where they are measured.
"""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lit_pipeline.bench.crf import sentences_of, train_crf
from lit_pipeline.bench.measured import Row, Stopwatch, measured_or_noted
from lit_pipeline.bench.words import spelled
from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.evaluation.entities import load_gold
from lit_pipeline.evaluation.release import SAMPLE
from lit_pipeline.extraction.link import link_names
from lit_pipeline.extraction.tagger.model import load_tagger
from lit_pipeline.extraction.vocabulary import load_vocabulary
from lit_pipeline.memory import peak_mib
from lit_pipeline.progress import LogProgress
from lit_pipeline.stages.batches import batches_of_rows
from lit_pipeline.stages.extraction import extractor_version, spans_of_papers, tag_new_texts, text_keys
from lit_pipeline.stages.stores import Stores
from lit_pipeline.storage.atomic import write_parquet
from lit_pipeline.storage.warehouse import Warehouse

COMPARED_ABSTRACTS = 20_000
"""Abstracts on which the libraries are compared."""

SCALING_SIZES = (20_000, 100_000)
"""Abstracts of each step of the table of sizes."""

BATCH_ABSTRACTS = 5_000
"""Abstracts made, read and tagged at once: the pipeline's own default."""

WARM_UP_ABSTRACTS = 200
SENTENCES_AN_ABSTRACT = (5, 7)
"""Sentences drawn for an abstract: from all, and from those that name nothing. With the first sentence they make some
180 words and five mentions, as we counted in real abstracts."""

SENTENCE_END = r"([.!?]) "

FindNames = Callable[[pl.LazyFrame], int]
"""Reads papers (paper_id, title, abstract, published_on) and returns how many mentions it found."""

COMPARED: pl.Schema = pl.Schema(
    {
        "engine": pl.String(),
        "abstracts": pl.Int64(),
        "seconds": pl.Float64(),
        "cpu_seconds": pl.Float64(),
        "abstracts_a_core_second": pl.Float64(),
        "peak_mib": pl.Float64(),
        "mentions": pl.Int64(),
        "note": pl.String(),
    }
)


def made_up_papers(n_papers: int, seed: int) -> Iterator[pl.DataFrame]:
    """Batches of papers, no two alike: sentences of the labelled sample, mixed, after one that presents a new name.

    Columns: paper_id, title, abstract, published_on (null).
    """
    gold = load_gold(SAMPLE, repair_text)
    sentences = gold.texts.select(_sentences(pl.col("abstract")).explode())["abstract"]
    plain = sentences.filter(~sentences.str.contains_any(gold.entities["surface"].to_list()))
    for first in range(0, n_papers, BATCH_ABSTRACTS):
        random = np.random.default_rng([seed, first])
        numbers = range(first, min(first + BATCH_ABSTRACTS, n_papers))
        yield _batch(random, (sentences, plain), gold.texts["title"], numbers)


def _sentences(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(SENTENCE_END, "${1}\n").str.split("\n")


def _batch(
    random: np.random.Generator, pools: tuple[pl.Series, pl.Series], titles: pl.Series, numbers: range
) -> pl.DataFrame:
    drawn = [_drawn(random, *pool, len(numbers)) for pool in zip(pools, SENTENCES_AN_ABSTRACT, strict=True)]
    made = pl.DataFrame(
        {
            "number": list(numbers),
            "name": [spelled(number).capitalize() + "Net" for number in numbers],
            "title": titles.gather(random.integers(0, len(titles), len(numbers))),
            "any": drawn[0],
            "plain": drawn[1],
        }
    )
    return made.select(
        pl.format("made:{}", "number").alias("paper_id"),
        pl.format("{}: {}", "name", "title").alias("title"),
        pl.format("We present {}, a small model. {} {}", "name", "any", "plain").alias("abstract"),
        pl.lit(None, dtype=pl.Date).alias("published_on"),
    )


def _drawn(random: np.random.Generator, sentences: pl.Series, n_sentences: int, n_papers: int) -> pl.Series:
    """For each paper so many sentences."""
    places = random.integers(0, len(sentences), n_papers * n_sentences)
    return sentences.gather(places).reshape((n_papers, n_sentences)).arr.join(" ")


def compare_engines(n_papers: int = COMPARED_ABSTRACTS, seed: int = 1) -> pl.DataFrame:
    """Measure each library on the same abstracts; what it learns or loads first is left out of its time.

    Returns:
        One row a library: engine, abstracts, seconds, cpu_seconds, abstracts_a_core_second (over `cpu_seconds`),
        peak_mib (of its process), mentions (names found), and `note` where it isn't installed.

    """
    return pl.DataFrame([_row(engine, n_papers, seed) for engine in ENGINES], schema=COMPARED)


def scaling(sizes: tuple[int, ...] = SCALING_SIZES, seed: int = 1) -> pl.DataFrame:
    """Measure our own way at each size, with and without linking: the columns of `compare_engines` but for the note."""
    rows = [_row(engine, size, seed) for engine in (OWN_ENGINE, OWN_UNLINKED) for size in sizes]
    return pl.DataFrame(rows, schema=COMPARED).drop("note")


def _row(engine: str, n_papers: int, seed: int) -> Row:
    module, _ = ENGINES[engine]
    figures = measured_or_noted(engine, module, partial(_measure, engine, n_papers, seed))
    return {"engine": engine, "abstracts": n_papers, **figures}


def _measure(engine: str, n_papers: int, seed: int) -> Row:
    _, prepare = ENGINES[engine]
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        for place, batch in enumerate(made_up_papers(n_papers, seed)):
            batch.write_parquet(Path(folder) / f"{place:06d}.parquet")
        papers = pl.scan_parquet(Path(folder) / "*.parquet")
        find_names = prepare()
        find_names(papers.head(WARM_UP_ABSTRACTS))
        with watch:
            n_mentions = find_names(papers)
    return {
        "seconds": watch.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "abstracts_a_core_second": n_papers / watch.cpu_seconds,
        "peak_mib": peak_mib(),
        "mentions": n_mentions,
    }


def _own_stage(*, linked: bool) -> FindNames:
    """The stage as its assets run it, over a warehouse of its own; without `linked`, up to the spans it stores."""
    vocabulary, tagger = load_vocabulary(), load_tagger()
    version = extractor_version(vocabulary, tagger)

    def find_names(papers: pl.LazyFrame) -> int:
        with tempfile.TemporaryDirectory() as folder:
            stores = Stores(Warehouse(Path(folder)))
            keys = text_keys(papers, version)
            tag_new_texts(
                papers, keys, stores, vocabulary, tagger, batch_papers=BATCH_ABSTRACTS, progress=LogProgress()
            )
            spans = spans_of_papers(keys, stores)
            if not linked:
                return int(spans.select(pl.len()).collect().item())
            _, mentions = link_names(spans, papers, vocabulary)
            write_parquet(mentions, Path(folder) / "mentions.parquet")
            return int(pl.scan_parquet(Path(folder) / "mentions.parquet").select(pl.len()).collect().item())

    return find_names


def _crfsuite() -> FindNames:
    """Features in Python, tags by a linear chain that was trained on the labelled sample."""
    tagger = train_crf(load_gold(SAMPLE, repair_text))

    def find_names(papers: pl.LazyFrame) -> int:
        tagged = (tagger.tag(features) for text in _texts(papers) for features in sentences_of(text))
        return sum(tag.startswith("B") for tags in tagged for tag in tags)

    return find_names


def _phrase_matcher() -> FindNames:
    """The names of our vocabulary, letter by letter, on the tokens of an empty English pipeline."""
    tokenizer = import_module("spacy").blank("en").tokenizer
    matcher: Any = import_module("spacy.matcher").PhraseMatcher(tokenizer.vocab)
    matcher.add("name", list(tokenizer.pipe(load_vocabulary().terms["surface"].to_list())))

    def find_names(papers: pl.LazyFrame) -> int:
        return sum(len(matcher(document)) for document in tokenizer.pipe(_texts(papers)))

    return find_names


def _texts(papers: pl.LazyFrame) -> Iterator[str]:
    """Title and abstract of each paper, read in batches as ours are."""
    for batch in batches_of_rows(papers, BATCH_ABSTRACTS):
        yield from batch.select(pl.concat_str("title", "abstract", separator=". ")).to_series()


OWN_ENGINE = "lit_pipeline"
OWN_UNLINKED = "lit_pipeline, not linked"

ENGINES: dict[str, tuple[str | None, Callable[[], FindNames]]] = {
    OWN_ENGINE: (None, partial(_own_stage, linked=True)),
    OWN_UNLINKED: (None, partial(_own_stage, linked=False)),
    "python-crfsuite": ("pycrfsuite", _crfsuite),
    "spaCy PhraseMatcher": ("spacy", _phrase_matcher),
}
"""Module that each library needs, and what prepares its way from papers to mentions."""
