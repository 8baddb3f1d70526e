"""`lit train`: learn the weights that ship with the package from labelled papers."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from lit_pipeline.cleaning.text import repair_text
from lit_pipeline.cli.errors import CommandError
from lit_pipeline.cli.terminal import say
from lit_pipeline.evaluation.entities import load_gold
from lit_pipeline.evaluation.results import gold_results
from lit_pipeline.extraction.fitting import fit_weights
from lit_pipeline.extraction.results.labels import labelled_mentions
from lit_pipeline.extraction.vocabulary import load_vocabulary

EXTRACTION = Path(__file__).resolve().parents[1] / "extraction"
RULE_WEIGHTS = EXTRACTION / "rule_weights.csv"
RESULT_WEIGHTS = EXTRACTION / "results" / "weights.npz"
TAGGER_WEIGHTS = EXTRACTION / "tagger" / "model.npz"
TRAIN_FILE = "train.jsonl"
PARTS = ("rules", "tagger", "results")


def train(
    gold: Annotated[Path, typer.Option(help=f"Folder with {TRAIN_FILE} and, for scores alone, dev.jsonl.")],
    unlabelled: Annotated[Path | None, typer.Option(help="JSON Lines of further titles and abstracts.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all that is random.")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="Part to train: rules, tagger or results.")] = None,
    *,
    compare: Annotated[bool, typer.Option("--compare", help="Train nothing; compare designs of the tagger.")] = False,
) -> None:
    """Learn the weights of the rules, the tagger and the results from labelled papers.

    What is learnt replaces what the package ships. The results need the extra `train`.
    """
    parts = only or list(PARTS)
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    path = gold / TRAIN_FILE
    if not path.is_file():
        raise CommandError(f"there is no {TRAIN_FILE} in {gold}")
    try:
        if compare:
            _compare(gold, unlabelled, seed)
            return
        for part in parts:
            _train_part(part, gold, unlabelled, seed)
    except ModuleNotFoundError as error:
        raise CommandError(f"training needs {error.name}: install the package with its extra `train`") from error
    except pl.exceptions.PolarsError as error:
        raise CommandError(f"{path} can't be used as labels: {str(error).splitlines()[0]}") from error


def _train_part(part: str, gold: Path, unlabelled: Path | None, seed: int) -> None:
    say(f"training the {part}", err=True)
    if part == "rules":
        _train_rules(gold / TRAIN_FILE, unlabelled)
    elif part == "results":
        _train_results(gold / TRAIN_FILE)
    else:
        _train_tagger(gold, unlabelled, seed)


def _train_rules(path: Path, unlabelled: Path | None) -> None:
    from lit_pipeline.extraction.tagger.gold import read_papers  # noqa: PLC0415 - slow to import

    labels = read_papers(path, unlabelled).gold
    fit_weights(labels.texts, labels.entities, load_vocabulary()).write_csv(RULE_WEIGHTS)


def _train_results(path: Path) -> None:
    from lit_pipeline.extraction.results import train_results  # noqa: PLC0415 - needs the extra `train`
    from lit_pipeline.extraction.results.scorer import save_model  # noqa: PLC0415

    labels = load_gold(path, repair_text)
    results = gold_results(pl.read_ndjson(path, infer_schema_length=None), repair_text)
    save_model(train_results(labels.texts, labelled_mentions(labels.texts, labels.entities), results), RESULT_WEIGHTS)


def _train_tagger(gold: Path, unlabelled: Path | None, seed: int) -> None:
    from lit_pipeline.extraction.tagger.train import train as train_tagger  # noqa: PLC0415 - slow to import

    train_tagger(gold, unlabelled, seed, TAGGER_WEIGHTS, progress=_tell)


def _compare(gold: Path, unlabelled: Path | None, seed: int) -> None:
    from lit_pipeline.extraction.tagger.ablation import compare, comparison_table  # noqa: PLC0415 - slow to import

    say(comparison_table(compare(gold, unlabelled, seed, _tell)))


def _tell(step: str) -> None:
    """Say on standard error what is being done."""
    say(f"  {step}", err=True)
