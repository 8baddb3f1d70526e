"""Measures the repairs of text on any corpus: which change how many texts, and what each costs.

    python -m lit_pipeline.cleaning.measure PATH...

A path is a JSONL or Parquet file with titles and abstracts, such as `paper_records.parquet` of a snapshot. Not part
of the pipeline; docs/cleaning.md shows what it printed.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import process_time

import polars as pl

from lit_pipeline.cleaning.text import CHAIN, repair_named

TEXT_COLUMNS = ("title", "raw_title", "abstract", "raw_abstract", "summary", "source_file")
TIMED_RUNS = 3
MICROSECONDS_A_SECOND = 1e6


def read_texts(path: Path) -> pl.DataFrame:
    """Texts of a file: corpus (folder of the record's source, else name of the file), title, abstract."""
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path, glob=False)
    else:
        frame = pl.read_ndjson(path, schema=pl.Schema(dict.fromkeys(TEXT_COLUMNS, pl.String())))
    known = frame.select(
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, pl.String).alias(name)
        for name in TEXT_COLUMNS
    )
    return known.select(
        corpus=pl.coalesce(pl.col("source_file").str.extract(r"^(.*)/", 1), pl.lit(path.stem)),
        title=pl.coalesce("raw_title", "title"),
        abstract=pl.coalesce("raw_abstract", "abstract", "summary"),
    )


def changed_by_repair(texts: pl.DataFrame) -> pl.DataFrame:
    """How many texts each repair changes: repair, corpus, texts, changed, share (of the texts, 0 to 1).

    Args:
        texts: rows with corpus, title and abstract; a row counts as one text.
    """
    repaired = repair_named(texts, ["title", "abstract"]).with_row_index("text")
    names = pl.DataFrame({"repair": CHAIN.names, "place": range(len(CHAIN.names))})
    totals = texts.group_by("corpus").agg(texts=pl.len())
    changed = repaired.explode("repairs").group_by("corpus", repair="repairs").agg(changed=pl.len())
    return (
        names.join(totals, how="cross")
        .join(changed, on=["corpus", "repair"], how="left")
        .with_columns(pl.col("changed").fill_null(0))
        .with_columns(share=pl.col("changed") / pl.col("texts"))
        .sort("place", "corpus")
        .drop("place")
    )


def cost_of_repairs(abstracts: pl.Series) -> pl.DataFrame:
    """What each repair costs on the texts that any repair might change, and what the whole chain costs on all.

    Returns:
        repair ('all' for the chain), rows (that hold its trigger), microseconds (an abstract of the whole corpus).
    """
    n_texts = max(len(abstracts), 1)
    candidates = abstracts.filter(abstracts.str.contains(CHAIN.trigger))
    costs = [("all", n_texts, _seconds(partial(CHAIN.run, abstracts)))]
    for repair in CHAIN.repairs:
        rows = candidates.filter(candidates.str.contains(repair.trigger))
        searching = _seconds(partial(candidates.str.contains, repair.trigger))
        costs.append((repair.name, len(rows), searching + _seconds(partial(repair, rows))))
    frame = pl.DataFrame(costs, schema=["repair", "rows", "seconds"], orient="row")
    return frame.select("repair", "rows", microseconds=pl.col("seconds") * MICROSECONDS_A_SECOND / n_texts)


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of the shortest of several runs, on all cores together."""

    def once() -> float:
        start = process_time()
        work()
        return process_time() - start

    return min(once() for _ in range(TIMED_RUNS))


def report(paths: Iterable[Path]) -> str:
    """Both tables for the texts of the files, distinct ones, as Markdown."""
    texts = pl.concat(read_texts(path) for path in paths).unique(maintain_order=True)
    changed = changed_by_repair(texts)
    shares = changed.with_columns(percent=(100 * pl.col("share")).round(2)).pivot(
        "corpus", index="repair", values="percent"
    )
    costs = cost_of_repairs(texts.get_column("abstract").drop_nulls()).with_columns(pl.col("microseconds").round(2))
    with pl.Config(tbl_formatting="MARKDOWN", tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True):
        pl.Config.set_tbl_rows(-1).set_tbl_cols(-1).set_tbl_width_chars(200)
        return f"Texts changed, in % of titles with abstracts:\n\n{shares}\n\nCost:\n\n{costs}\n"


if __name__ == "__main__":
    sys.stdout.write(report(Path(argument) for argument in sys.argv[1:]))
