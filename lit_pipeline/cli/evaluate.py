"""`lit evaluate`: score the extractor and the matcher against labels."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from lit_pipeline.cleaning.text import repair_frame
from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.tables import as_table
from lit_pipeline.cli.terminal import say
from lit_pipeline.defs.resources import Workbench
from lit_pipeline.evaluation.dedup import DedupScores, evaluate_pairs
from lit_pipeline.evaluation.edits import evaluate_edits
from lit_pipeline.evaluation.extraction import evaluate_extraction
from lit_pipeline.evaluation.release import SAMPLE
from lit_pipeline.publish.snapshot import published_frame
from lit_pipeline.settings import load_settings

SAME_FILE = "same_paper_pairs.jsonl"
DIFFERENT_FILE = "different_paper_pairs.jsonl"
ALL_SOURCES = "all"
FEWEST_EDITED = 2
"""Papers that made-up pairs need: one to edit, one to borrow from."""

app = typer.Typer(help="Score the extractor (--gold FILE) or the matcher (dedup, edits).")


@app.callback(invoke_without_command=True)
def extraction(
    context: typer.Context,
    gold: Annotated[
        Path, typer.Option(help="JSON Lines of labelled papers.", show_default="the packaged sample")
    ] = SAMPLE,
    rules_only: Annotated[bool, typer.Option(help="Leave the trained tagger out.")] = False,
    *,
    errors: Annotated[
        bool, typer.Option(help="Show the names missed; hide them where nobody is to tune on them.")
    ] = True,
) -> None:
    """Score models, benchmarks, methods, datasets, canonical names and results, with 95% intervals."""
    if context.invoked_subcommand:
        return
    bench = Workbench(load_settings())
    try:
        report = evaluate_extraction(gold, bench.vocabulary, None if rules_only else bench.tagger)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CommandError(f"{gold} can't be used as labels: {str(error).splitlines()[0]}") from error
    console = Console(highlight=False)
    say(f"{report.n_papers} papers of {gold}")
    console.print(_scores("Names", report.entities.filter(source=ALL_SOURCES)))
    by_source = report.entities.filter((pl.col("source") != ALL_SOURCES) & (pl.col("score") == "f1"))
    console.print(as_table("F1 by source of text", by_source.drop("score")))
    console.print(_scores("Results", report.results))
    if errors:
        console.print(as_table("Commonest errors", report.errors))


@app.command()
def dedup(
    pairs: Annotated[Path, typer.Option(help=f"Folder with {SAME_FILE} and {DIFFERENT_FILE}.")] = Path(
        "../shared/dedup"
    ),
    misses: Annotated[int, typer.Option(help="Misses to show.")] = 20,
) -> None:
    """Score the matcher on pairs of records, with arXiv ids hidden from it and shown to it."""
    try:
        same, different = (
            pl.read_ndjson(pairs / name, infer_schema_length=None) for name in (SAME_FILE, DIFFERENT_FILE)
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CommandError(f"{pairs} can't be used as labels: {str(error).splitlines()[0]}") from error
    console = Console(highlight=False)
    for with_ids in (False, True):
        evaluation = evaluate_pairs(same, different, with_ids=with_ids)
        console.print(as_table(f"arXiv ids {'shown' if with_ids else 'hidden'}", _pairs(evaluation.scores)))
        console.print(as_table("Misses", evaluation.misses.head(misses)))


@app.command()
def edits(
    texts: Annotated[
        Path | None, typer.Option(help="JSON Lines with title and abstract; without it, the published papers.")
    ] = None,
    n_papers: Annotated[int, typer.Option(help="Papers to take, a half of which is edited.")] = 4000,
) -> None:
    """Hold the matcher to edited copies of papers (merged at best) and to look-alikes of a series (kept apart)."""
    try:
        papers = published_frame(Workbench(load_settings()).warehouse, "papers") if texts is None else _texts(texts)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CommandError(f"{texts} can't be used as texts: {str(error).splitlines()[0]}") from error
    taken = papers.select("title", "abstract").drop_nulls()
    if len(taken) < FEWEST_EDITED:
        raise CommandError("too few papers with an abstract; run `lit run` first, or name a file: --texts FILE")
    scores = evaluate_edits(taken.sample(min(n_papers, len(taken)), seed=1))
    Console(highlight=False).print(as_table("Edited copies of papers", scores))


def _texts(path: Path) -> pl.DataFrame:
    """Titles and abstracts of a file, cleaned."""
    return repair_frame(
        pl.read_ndjson(path, infer_schema_length=None).select("title", "abstract"), ["title", "abstract"]
    )


def _pairs(scores: DedupScores) -> pl.DataFrame:
    """Merged pairs of each kind."""
    return pl.DataFrame(
        {
            "pairs": ["of one paper", "of one paper, titles differ", "of different papers"],
            "n": [scores.n_same, scores.n_retitled, scores.n_different],
            "merged": [scores.n_same_merged, scores.n_retitled_merged, scores.n_different_merged],
            "share": [scores.same_merged, scores.retitled_merged, scores.different_merged],
        }
    )


def _scores(title: str, scores: pl.DataFrame) -> Table:
    """Scores as a table: one row a measure, `estimate [low, high]` a score."""
    told = pl.format(
        "{} [{}, {}]",
        *(pl.col(name).round(3).cast(pl.String).str.pad_end(5, "0") for name in ("estimate", "low", "high")),
    )
    wide = scores.with_columns(told=told).pivot("score", index=["measure", "n"], values="told", sort_columns=False)
    return as_table(title, wide)
