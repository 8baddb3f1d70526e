"""The page of benchmarks: runs them one after the other and sets their tables in Markdown."""

import os
import platform
from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from lit_pipeline.bench import dedup, marts, names, search
from lit_pipeline.bench.measured import in_own_process
from lit_pipeline.markdown import as_markdown
from lit_pipeline.memory import peak_mib

MARTS_PAPERS = 1_000_000
SEARCH_PAPERS = 100_000

Section = Callable[[], Iterator[str]]


def sections(time_texts: Callable[[], pl.DataFrame]) -> dict[str, Section]:
    """Sections of the page by name; `time_texts` times the stages that read texts."""
    return {
        "texts": partial(_texts, time_texts),
        "names": _names,
        "dedup": _dedup,
        "marts": _marts,
    }


def heading() -> str:
    """Title of the page, and the machine it was measured on."""
    return (
        "# Benchmarks\n\nWritten by `make bench`; the tables of one page come from one run on one machine: "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.\n"
    )


def _texts(time_texts: Callable[[], pl.DataFrame]) -> Iterator[str]:
    yield "## Stages that read texts\n\nThe sample's texts, repeated; in batches, after a warm-up.\n"
    yield as_markdown(time_texts())


def _names() -> Iterator[str]:
    yield (
        "## Names beside other libraries\n\nOurs: from repaired texts to the table of mentions, linked. The others: "
        "names found in the same texts, not linked. Each in a process of its own, without what it loads or learns "
        "first, on made-up abstracts of some 180 words and five mentions.\n"
    )
    yield as_markdown(names.compare_engines())
    yield (
        f"## Names by size\n\nTagged in batches of {names.BATCH_ABSTRACTS:,}, linked as a whole: what linking holds "
        "grows with the papers.\n"
    )
    yield as_markdown(names.scaling())


def _dedup() -> Iterator[str]:
    yield "## Deduplication beside other libraries\n\nFrom a frame of records to clusters, on made-up texts.\n"
    yield as_markdown(dedup.compare_engines())
    yield "## Deduplication by size\n"
    scaled = dedup.scaling()
    yield as_markdown(scaled)
    yield f"Exponent of seconds by records: {dedup.exponent(scaled):.2f} (1 is linear).\n"


def _marts() -> Iterator[str]:
    yield f"## Marts of {MARTS_PAPERS:,} made-up papers\n"
    timed, peak = in_own_process(_time_marts)
    yield as_markdown(timed)
    yield f"All marts: {timed['seconds'].sum():.1f} seconds, peak memory {peak:,.0f} MiB with the made-up tables.\n"
    yield f"## Search in {SEARCH_PAPERS:,} made-up papers\n\nTo build the index, and to ask it.\n"
    yield as_markdown(marts.time_builders(marts.SEARCH_BUILDERS, marts.made_up_texts(SEARCH_PAPERS)))
    yield as_markdown(search.time_queries(SEARCH_PAPERS))


def _time_marts() -> tuple[pl.DataFrame, float]:
    """Times of all marts, and peak memory of the process in MiB."""
    timed = marts.time_builders(marts.BUILDERS, marts.made_up_tables(MARTS_PAPERS))
    return timed, peak_mib()
