"""Reads vocabulary files: CSV with the header `name,family,aliases,ambiguous`, one file a type of entity.

What belongs here: the format and its validation, with the place of every fault. What the rows mean together
(overrides, conflicts, identifiers) is decided in `vocabulary`.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polars as pl

HEADER = ("name", "family", "aliases", "ambiguous")
FILES = {"models.csv": "model", "methods.csv": "method", "benchmarks.csv": "benchmark", "datasets.csv": "dataset"}
"""File names and the type of entity that each holds."""

NOT_ENTITIES = frozenset({"metrics.csv"})
"""Vocabulary files of other stages that may lie in the same folder."""

ALIAS_SEPARATOR = "|"
YES_OR_NO = {"": None, "yes": True, "no": False}
LONGEST_NAME = 120
"""Characters; a longer one is a sentence that slipped into the file."""

ROW_TYPES: dict[str, pl.DataType] = {
    "type": pl.String(),
    "name": pl.String(),
    "family": pl.String(),
    "aliases": pl.List(pl.String()),
    "ambiguous": pl.Boolean(),
    "place": pl.String(),
}
ROWS = pl.Schema(ROW_TYPES)
"""Columns of a read folder; `ambiguous` is null where the file leaves it open, `place` is 'file, line n'."""


FileRow = tuple[str, str | None, list[str], bool | None, str]
"""Name, family, aliases, ambiguous, place."""


class VocabularyError(ValueError):
    """A vocabulary file that can't be used; the message names file and line."""


def read_folder(folder: Path) -> pl.DataFrame:
    """Rows of all vocabulary files in a folder, in the order of `FILES`; columns of `ROWS`.

    Raises:
        VocabularyError: the folder is missing, holds a CSV file of another name, or a file breaks the format.

    """
    if not folder.is_dir():
        raise VocabularyError(f"{folder}: there is no such folder of vocabulary files")
    unknown = sorted({path.name for path in folder.glob("*.csv")} - set(FILES) - NOT_ENTITIES)
    if unknown:
        raise VocabularyError(f"{folder / unknown[0]}: no vocabulary file has this name; known: {', '.join(FILES)}")
    rows = [
        (kind, *row) for name, kind in FILES.items() if (folder / name).is_file() for row in _read_file(folder / name)
    ]
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def _read_file(path: Path) -> Iterator[FileRow]:
    """Rows of one file: name, family, aliases, ambiguous, place."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path.name}: not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise VocabularyError(f"{path.name}: can't be read ({error.strerror})") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbered = ((reader.line_num, row) for row in reader)
    try:
        yield from _parsed(numbered, path.name)
    except csv.Error as error:
        raise VocabularyError(f"{path.name}, line {reader.line_num}: {error}") from error


def _parsed(rows: Iterator[tuple[int, list[str]]], file_name: str) -> Iterator[FileRow]:
    """Rows of one file, given with the numbers of their lines."""
    _, header = next(rows, (1, []))
    if tuple(header) != HEADER:
        raise VocabularyError(f"{file_name}, line 1: the header must be '{','.join(HEADER)}'")
    first_lines: dict[str, int] = {}
    for line, row in rows:
        if not any(row):
            continue
        parsed = _parsed_row(row, f"{file_name}, line {line}")
        earlier = first_lines.setdefault(parsed[0], line)
        if earlier != line:
            raise VocabularyError(f"{file_name}, line {line}: '{parsed[0]}' stands on line {earlier} already")
        yield *parsed, f"{file_name}, line {line}"


def _parsed_row(row: list[str], place: str) -> tuple[str, str | None, list[str], bool | None]:
    if len(row) != len(HEADER):
        raise VocabularyError(f"{place}: {len(row)} fields where {len(HEADER)} are needed ({','.join(HEADER)})")
    name, family, aliases, ambiguous = (unicodedata.normalize("NFC", field).strip() for field in row)
    names = [name, *(alias.strip() for alias in aliases.split(ALIAS_SEPARATOR) if alias.strip())]
    for each in names:
        if not any(mark.isalnum() for mark in each):
            raise VocabularyError(f"{place}: a name needs a letter or a digit, '{each}' has none")
        if len(each) > LONGEST_NAME:
            raise VocabularyError(f"{place}: '{each[:30]}...' is longer than {LONGEST_NAME} characters")
    if ambiguous.lower() not in YES_OR_NO:
        raise VocabularyError(f"{place}: ambiguous must be 'yes', 'no' or empty, not '{ambiguous}'")
    return name, family or None, names[1:], YES_OR_NO[ambiguous.lower()]
