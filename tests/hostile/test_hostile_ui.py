"""The UI listens to this machine alone, unless somebody says otherwise, and then it says what that means."""

import os
from pathlib import Path

import pytest

from lit_pipeline.cli import serve
from lit_pipeline.cli.serve import is_loopback


def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **changes: str) -> list[str]:
    """The command that `lit ui` becomes."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, command: commands.append(command))
    monkeypatch.setattr(os, "environ", {**os.environ, "LIT_WAREHOUSE": str(tmp_path / "warehouse"), **changes})
    monkeypatch.chdir(tmp_path)
    serve.ui()
    return commands[0]


def test_ui_listens_on_loopback_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LIT_UI_HOST", raising=False)
    command = started(monkeypatch, tmp_path)
    assert command[command.index("-h") + 1] == "127.0.0.1"
    assert capsys.readouterr().err == ""


def test_ui_on_another_address_says_that_it_asks_for_no_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = started(monkeypatch, tmp_path, LIT_UI_HOST="0.0.0.0", LIT_UI_PORT="3210")  # noqa: S104 - what it warns of
    assert command[command.index("-h") + 1 :] == ["0.0.0.0", "-p", "3210"]  # noqa: S104
    assert "0.0.0.0:3210" in (told := capsys.readouterr().err)
    assert "password" in told


def test_host_is_one_argument_whatever_it_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = started(monkeypatch, tmp_path, LIT_UI_HOST="127.0.0.1; touch a")
    assert command[command.index("-h") + 1] == "127.0.0.1; touch a"


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.168.1.2", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_other_addresses(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
