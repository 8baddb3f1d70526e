"""Settings come from the environment and are validated when read."""

from datetime import date
from pathlib import Path

import pytest

from lit_pipeline.settings import Settings, SettingsError, load_settings


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIT_RAW", "LIT_WAREHOUSE"):
        monkeypatch.delenv(name, raising=False)
    settings = load_settings()
    assert settings.raw == Path.cwd() / "warehouse" / "raw"
    assert not settings.fetch


def test_values_are_read_and_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIT_RAW", "some/folder")
    monkeypatch.setenv("LIT_CAPTURED_ON", "2025-12-11")
    monkeypatch.setenv("LIT_ARXIV_CATEGORIES", '["cs.CL"]')
    settings = load_settings()
    assert settings.raw == Path.cwd() / "some" / "folder"
    assert settings.captured_on == date(2025, 12, 11)
    assert settings.arxiv_categories == ("cs.CL",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIT_KEEP_SNAPSHOTS", "0"),
        ("LIT_BATCH_ROWS", "many"),
        ("LIT_CAPTURED_ON", "yesterday"),
        ("LIT_ARXIV_CATEGORIES", '["cs.CL OR all:x"]'),
        ("LIT_ARXIV_CATEGORIES", "[]"),
        ("LIT_UI_PORT", "70000"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_the_readme_names_every_setting() -> None:
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`LIT_{name.upper()}`" not in readme]
    assert missing == []


def test_a_warehouse_that_no_database_can_lie_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIT_WAREHOUSE", "what?/warehouse")
    with pytest.raises(SettingsError, match=r"LIT_WAREHOUSE: .*question mark"):
        load_settings()
