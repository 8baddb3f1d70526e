"""How fast, small and complete deduplication is, beside other libraries, on texts we make up.

Functions return frames; who prints or keeps them is not known here. The other libraries belong to the extra `bench`
and are imported where they are measured; one that is missing is noted, not measured.
"""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lit_pipeline.bench.measured import Row, Stopwatch, measured_or_noted
from lit_pipeline.bench.words import SYLLABLES, spelled
from lit_pipeline.dedup.match import match
from lit_pipeline.dedup.resemblance import SAME_ABSTRACT
from lit_pipeline.dedup.signatures import signatures
from lit_pipeline.memory import peak_mib

COMPARED_RECORDS = 200_000
"""Records on which the libraries are compared."""

SCALING_SIZES = (20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Records of each step of the scaling table."""

BATCH_RECORDS = 20_000
"""Records made, and stored, at once."""

COPIED_SHARE = 0.25
"""Share of records that are a copy of another: as it is, edited under a new title, or cut off under a new title."""

EDITED_WORDS = 0.05
"""Share of the words of an edited copy that are replaced."""

CUT_AT = 0.6
"""Share of the words that a cut-off copy keeps."""

PEER_THRESHOLD = SAME_ABSTRACT
"""Jaccard similarity that the other libraries are asked for: the one from which `match` takes two abstracts for one."""

PEER_PERMUTATIONS = 128
PEER_BANDS = 32
_SHINGLE_WORDS = 3

_VOCABULARY_WORDS = 40_000
_ABSTRACT_WORDS = (185, 40, 60, 320)
"""Mean, standard deviation, least and most words of an abstract, as measured on trending papers."""

_TITLE_WORDS = 9
_PEER_BATCH_RECORDS = 2_000

Indices = npt.NDArray[np.int64]
Engine = Callable[[pl.DataFrame], npt.NDArray[Any]]


_COMPARED_SCHEMA = pl.Schema(
    {
        "engine": pl.String(),
        "records": pl.Int64(),
        "seconds": pl.Float64(),
        "cpu_seconds": pl.Float64(),
        "records_a_second": pl.Float64(),
        "peak_mib": pl.Float64(),
        "copies_found": pl.Float64(),
        "note": pl.String(),
    }
)


def made_up_records(n_records: int, seed: int) -> Iterator[pl.DataFrame]:
    """Batches of records with texts of made-up words, a quarter of them copies of a record of their batch.

    Columns: record_id, arxiv_id (null), title, abstract, paper (the record it is a copy of, or its own number).
    """
    words = _vocabulary()
    for first in range(0, n_records, BATCH_RECORDS):
        random = np.random.default_rng([seed, first])
        yield _batch(random, words, first, min(BATCH_RECORDS, n_records - first))


def compare_engines(n_records: int = COMPARED_RECORDS, seed: int = 1) -> pl.DataFrame:
    """Measure each library from a frame of records to a cluster number a record.

    Returns:
        One row a library: engine, records, seconds, cpu_seconds, records_a_second, peak_mib, copies_found (share of
        copies whose record was found), and `note` where it isn't installed.
    """
    rows = [_row(engine, n_records, partial(_measure, engine, n_records, seed)) for engine in ENGINES]
    return pl.DataFrame(rows, schema=_COMPARED_SCHEMA)


def scaling(sizes: tuple[int, ...] = SCALING_SIZES, seed: int = 1) -> pl.DataFrame:
    """Measure our own way at each size, with signatures stored in Parquet batch by batch, as the pipeline does.

    Returns:
        One row a size: the columns of `compare_engines`; the time to make the texts is left out.
    """
    rows = [_row(OWN_ENGINE, size, partial(_measure_stored, size, seed)) for size in sizes]
    return pl.DataFrame(rows, schema=_COMPARED_SCHEMA).drop("note")


def exponent(scaled: pl.DataFrame) -> float:
    """Exponent b of seconds = a * records^b, by least squares over the logarithms; 1 is linear."""
    slope, _ = np.polyfit(np.log(scaled["records"].to_numpy()), np.log(scaled["seconds"].to_numpy()), deg=1)
    return float(slope)


def _vocabulary() -> pl.Series:
    """Made-up words, each of two to four syllables."""
    return pl.Series("word", [spelled(number + len(SYLLABLES)) for number in range(_VOCABULARY_WORDS)])


def _batch(random: np.random.Generator, words: pl.Series, first: int, n_records: int) -> pl.DataFrame:
    n_copies = int(n_records * COPIED_SHARE)
    n_originals = n_records - n_copies
    mean, deviation, least, most = _ABSTRACT_WORDS
    lengths = random.normal(mean, deviation, n_originals).clip(least, most).astype(np.int64)
    places = _drawn(random, int(lengths.sum()))
    copied = random.integers(0, n_originals, n_copies)
    copies, copy_lengths = _copies(random, places, lengths, copied)
    titles = _joined(words, _drawn(random, n_records * _TITLE_WORDS), np.full(n_records, _TITLE_WORDS))
    abstracts = _joined(words, np.concatenate([places, copies]), np.concatenate([lengths, copy_lengths]))
    return pl.DataFrame(
        {
            "record_id": [f"made:{number}" for number in range(first, first + n_records)],
            "arxiv_id": pl.Series([None] * n_records, dtype=pl.String),
            "title": titles,
            "abstract": abstracts,
            "paper": first + np.concatenate([np.arange(n_originals), copied]),
        }
    )


def _drawn(random: np.random.Generator, n_words: int) -> Indices:
    """Places in the vocabulary, the k-th word drawn in proportion to 1/k (Zipf's law)."""
    return (_VOCABULARY_WORDS ** random.random(n_words)).astype(np.int64) - 1


def _copies(random: np.random.Generator, places: Indices, lengths: Indices, copied: Indices) -> tuple[Indices, Indices]:
    """Words and lengths of the copies: one third as they are, one third edited, one third cut off."""
    kind = np.arange(len(copied)) % 3
    kept = np.where(kind == 2, (lengths[copied] * CUT_AT).astype(np.int64), lengths[copied])  # noqa: PLR2004
    first_words = (np.cumsum(lengths) - lengths)[copied]
    source = np.arange(kept.sum()) + np.repeat(first_words - (np.cumsum(kept) - kept), kept)
    copies = places[source]
    edited = np.repeat(kind == 1, kept) & (random.random(len(copies)) < EDITED_WORDS)
    copies[edited] = _drawn(random, int(edited.sum()))
    return copies, kept


def _joined(words: pl.Series, places: Indices, lengths: Indices) -> pl.Series:
    """Texts of so many words each."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    chosen = words.gather(places).to_arrow(compat_level=pl.CompatLevel.oldest())
    lists = pl.Series(pa.LargeListArray.from_arrays(pa.array(offsets), chosen))
    return lists.list.join(" ")


def _row(engine: str, n_records: int, task: Callable[[], Row]) -> Row:
    """A row of `_COMPARED_SCHEMA`."""
    module = None if engine == OWN_ENGINE else engine
    return {"engine": engine, "records": n_records, **measured_or_noted(engine, module, task)}


def _measure(engine: str, n_records: int, seed: int) -> Row:
    records = pl.concat(made_up_records(n_records, seed), rechunk=True)
    find_clusters = ENGINES[engine]
    watch = Stopwatch()
    with watch:
        clusters = find_clusters(records)
    return _figures(watch, records["paper"], pl.Series(clusters))


def _measure_stored(n_records: int, seed: int) -> Row:
    watch = Stopwatch()
    papers = []
    with tempfile.TemporaryDirectory() as folder:
        for place, batch in enumerate(made_up_records(n_records, seed)):
            papers.append(batch.select("record_id", "paper"))
            with watch:
                signatures(batch).write_parquet(Path(folder) / f"{place:06d}.parquet")
        with watch:
            matches = match(pl.scan_parquet(Path(folder) / "*.parquet"))
    found = pl.concat(papers).join(matches, on="record_id", maintain_order="left")
    return _figures(watch, found["paper"], found["survivor_id"])


def _figures(watch: Stopwatch, papers: pl.Series, clusters: pl.Series) -> Row:
    return {
        "seconds": watch.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "records_a_second": len(papers) / watch.seconds,
        "peak_mib": peak_mib(),
        "copies_found": _copies_found(papers, clusters),
    }


def _copies_found(papers: pl.Series, clusters: pl.Series) -> float:
    """Share of copies whose cluster is that of the record they were copied from."""
    placed = pl.DataFrame({"paper": papers, "cluster": clusters})
    together = pl.col("cluster") == pl.col("cluster").first().over("paper")
    is_copy = pl.int_range(pl.len()).over("paper") > 0
    return float(placed.filter(is_copy.alias("is_copy")).select(together.mean()).item())


def _own_clusters(records: pl.DataFrame) -> npt.NDArray[Any]:
    matches = match(signatures(records))
    return records.join(matches, on="record_id", maintain_order="left")["survivor_id"].to_numpy()


def _rensa_clusters(records: pl.DataFrame) -> npt.NDArray[Any]:
    rensa = import_module("rensa")
    minhashes = []
    for texts in _text_batches(records):
        shingles = [_shingle_texts(text) for text in texts]
        minhashes.extend(rensa.RMinHash.from_token_sets(shingles, PEER_PERMUTATIONS, 1))
    index = rensa.RMinHashLSH(PEER_THRESHOLD, PEER_PERMUTATIONS, PEER_BANDS)
    index.insert_many(minhashes)
    return _components(index.query_all(minhashes))


def _gaoya_clusters(records: pl.DataFrame) -> npt.NDArray[Any]:
    gaoya = import_module("gaoya.minhash")
    index = gaoya.MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=PEER_THRESHOLD,
        num_bands=PEER_BANDS,
        band_size=PEER_PERMUTATIONS // PEER_BANDS,
        analyzer="word",
        lowercase=True,
        ngram_range=(_SHINGLE_WORDS, _SHINGLE_WORDS),
        id_container="vec",
    )
    texts = records["abstract"].to_list()
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    return _components(index.par_bulk_query(texts))


def _datasketch_clusters(records: pl.DataFrame) -> npt.NDArray[Any]:
    datasketch = import_module("datasketch")
    index = datasketch.MinHashLSH(num_perm=PEER_PERMUTATIONS, params=(PEER_BANDS, PEER_PERMUTATIONS // PEER_BANDS))
    found = []
    for texts in _text_batches(records):
        shingles = [[shingle.encode() for shingle in _shingle_texts(text)] for text in texts]
        for minhash in datasketch.MinHash.bulk(shingles, num_perm=PEER_PERMUTATIONS, seed=1):
            found.append(index.query(minhash))
            index.insert(len(found) - 1, minhash)
    return _components(found)


def _text_batches(records: pl.DataFrame) -> Iterator[list[str]]:
    for batch in records["abstract"].to_frame().iter_slices(_PEER_BATCH_RECORDS):
        yield batch["abstract"].to_list()


def _shingle_texts(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[place : place + _SHINGLE_WORDS]) for place in range(len(words) - _SHINGLE_WORDS + 1)]


def _components(found: list[list[int]]) -> npt.NDArray[Any]:
    """Cluster number of each record, given the records that each is found to be like."""
    n_records = len(found)
    left = np.repeat(np.arange(n_records), [len(others) for others in found])
    right = np.fromiter((other for others in found for other in others), np.int64, count=len(left))
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(n_records, n_records))
    _, clusters = connected_components(graph, directed=False)
    return clusters


OWN_ENGINE = "lit_pipeline"

ENGINES: dict[str, Engine] = {
    OWN_ENGINE: _own_clusters,
    "rensa": _rensa_clusters,
    "gaoya": _gaoya_clusters,
    "datasketch": _datasketch_clusters,
}
"""Each library's way from records to a cluster a record, in bulk and with several threads where it has that."""
