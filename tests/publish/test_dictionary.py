"""The data dictionary in docs/ says what the declarations say."""

from pathlib import Path

from lit_pipeline.publish.dictionary import data_dictionary

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tables.md"


def test_the_page_in_docs_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), "run `lit dictionary > docs/tables.md`"
