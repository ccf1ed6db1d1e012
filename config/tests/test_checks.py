"""The check command: all run, failures show their words, what is missing is named."""

import sys
from pathlib import Path

import pytest

from config.checks import __main__ as runner
from config.checks.__main__ import Check

FAILS = [sys.executable, "-c", "import sys; print('why it failed'); sys.exit(3)"]
PASSES = [sys.executable, "-c", "print('silent when it passes')"]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No CI, nothing missing, two small checks and no tests."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(runner, "missing", dict)
    monkeypatch.setattr(runner, "tests", lambda _arguments: Check("tests", PASSES, {}))


def checks(monkeypatch: pytest.MonkeyPatch, *commands: list[str]) -> None:
    made = [Check(f"check {n}", command, {}) for n, command in enumerate(commands)]
    monkeypatch.setattr(runner, "checks", lambda: made)


def test_all_run_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks(monkeypatch, FAILS, PASSES)
    assert runner.main([]) == 1
    said = capsys.readouterr().out
    named = [line.split(" s  ")[-1] for line in said.splitlines() if " s  " in line]
    assert sorted(named) == ["check 0", "check 1", "tests"]
    assert "why it failed" in said
    assert "silent" not in said
    assert said.splitlines()[-1] == "Some checks FAILED."


def test_passing_is_zero(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks(monkeypatch, PASSES, PASSES)
    assert runner.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All checks passed."


def test_what_is_missing_is_named_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks(monkeypatch, PASSES)
    monkeypatch.setattr(runner, "missing", lambda: {"browser": "no Chromium"})
    assert runner.main([]) == 0
    assert "NOT RUN: the tests marked `browser`, no Chromium" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert runner.main([]) == 1
