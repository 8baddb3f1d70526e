"""The vocabulary: what the files may hold, how the user's files extend them, who wins a surface form."""

from pathlib import Path

import pytest

from lit_pipeline.extraction import vocabulary
from lit_pipeline.extraction.vocabulary import VocabularyError, load_vocabulary

HEADER = "name,family,aliases,ambiguous\n"


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that stands for the package's files."""
    folder = tmp_path / "packaged"
    folder.mkdir()
    (folder / "models.csv").write_text(HEADER + "Llama 3,Llama,LLaMA-3|Llama3,\nOscar,,,\n")
    (folder / "benchmarks.csv").write_text(HEADER + "ImageNet-1K,ImageNet,ILSVRC 2012,\nMATH,,,yes\n")
    monkeypatch.setattr(vocabulary, "PACKAGED", folder)
    return folder


def user_folder(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "user"
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(HEADER + rows)
    return folder


def row_of(surface: str, folder: Path | None = None) -> dict[str, object]:
    terms = load_vocabulary(folder).terms
    return terms.row(terms["surface"].to_list().index(surface), named=True)


@pytest.mark.usefixtures("packaged")
def test_an_alias_stands_for_its_entity() -> None:
    row = row_of("ILSVRC 2012")

    assert (row["name"], row["entity_id"], row["family"]) == ("ImageNet-1K", "benchmark:imagenet-1k", "ImageNet")


@pytest.mark.usefixtures("packaged")
def test_an_empty_ambiguity_means_no() -> None:
    assert [row_of(name)["ambiguous"] for name in ("Llama 3", "MATH")] == [False, True]


@pytest.mark.usefixtures("packaged")
def test_a_users_row_adds_aliases_to_the_packaged_entity(tmp_path: Path) -> None:
    folder = user_folder(tmp_path, models="llama-3,,Herd of Three,\n")

    assert row_of("Herd of Three", folder)["family"] == "Llama"
    assert row_of("Llama3", folder)["name"] == "llama-3"


@pytest.mark.usefixtures("packaged")
def test_a_users_row_overrides_what_it_fills_in(tmp_path: Path) -> None:
    folder = user_folder(tmp_path, benchmarks="MATH,Competition,,no\n")

    assert (row_of("MATH", folder)["family"], row_of("MATH", folder)["ambiguous"]) == ("Competition", False)


@pytest.mark.usefixtures("packaged")
def test_a_users_name_of_another_type_takes_the_surface_form(tmp_path: Path) -> None:
    folder = user_folder(tmp_path, methods="Oscar,,,\n")
    loaded = load_vocabulary(folder)

    assert row_of("Oscar", folder)["type"] == "method"
    assert loaded.conflicts.select("surface", "type", "granted_to").rows() == [("Oscar", "model", "method:oscar")]


def test_names_that_differ_in_casing_only_stay_apart_and_become_ambiguous(packaged: Path) -> None:
    (packaged / "datasets.csv").write_text(HEADER + "OSCAR,,,\n")

    assert [(row_of(name)["type"], row_of(name)["ambiguous"]) for name in ("Oscar", "OSCAR")] == [
        ("model", True),
        ("dataset", True),
    ]


def test_the_version_changes_with_the_content_and_not_with_the_order(packaged: Path) -> None:
    before = load_vocabulary().version
    lines = (packaged / "models.csv").read_text().splitlines(keepends=True)
    (packaged / "models.csv").write_text(lines[0] + "".join(reversed(lines[1:])))
    reordered = load_vocabulary().version
    (packaged / "models.csv").write_text("".join(lines) + "Claude,,,\n")

    assert reordered == before
    assert load_vocabulary().version != before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("title,family\n", r"models\.csv, line 1: the header must be 'name,family,aliases,ambiguous'"),
        ("", r"models\.csv, line 1: the header"),
        (HEADER + "Foo,,\n", r"models\.csv, line 2: 3 fields where 4 are needed"),
        (HEADER + "Foo,,,\nBar,,,maybe\n", r"models\.csv, line 3: ambiguous must be 'yes', 'no' or empty, not 'maybe'"),
        (HEADER + "---,,,\n", r"models\.csv, line 2: a name needs a letter or a digit, '---' has none"),
        (HEADER + "Foo,,,\nFoo,,,\n", r"models\.csv, line 3: 'Foo' stands on line 2 already"),
        (HEADER + '"Foo,,,\n', r"models\.csv, line 2: unexpected end of data"),
        (HEADER + "F" * 200 + ",,,\n", r"models\.csv, line 2: .* is longer than 120 characters"),
    ],
)
@pytest.mark.usefixtures("packaged")
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, content: str, message: str) -> None:
    folder = user_folder(tmp_path)
    (folder / "models.csv").write_text(content)

    with pytest.raises(VocabularyError, match=message):
        load_vocabulary(folder)


@pytest.mark.usefixtures("packaged")
def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = user_folder(tmp_path)
    (folder / "models.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(VocabularyError, match=r"models\.csv: not UTF-8 at byte 0"):
        load_vocabulary(folder)


@pytest.mark.usefixtures("packaged")
def test_a_file_of_an_unknown_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"modells\.csv: no vocabulary file has this name"):
        load_vocabulary(user_folder(tmp_path, modells="Foo,,,\n"))


@pytest.mark.usefixtures("packaged")
def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="there is no such folder"):
        load_vocabulary(tmp_path / "nowhere")


def test_the_shipped_vocabulary_holds_the_promised_numbers_of_names() -> None:
    by_type = dict(load_vocabulary().entities["type"].value_counts().rows())

    assert by_type["model"] >= 800
    assert by_type["benchmark"] + by_type["dataset"] >= 800


def test_every_shipped_identifier_is_ascii_and_unique() -> None:
    ids = load_vocabulary().entities["entity_id"]

    assert ids.is_unique().all()
    assert ids.str.contains(r"^(model|method|benchmark|dataset):[a-z0-9]+(-[a-z0-9]+)*$").all()
