"""The shape of every command."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from enrollment.console.commands import PortalCommand, Refusal, Report


class Counting(PortalCommand):
    writes = True

    def add_options(self, parser: Any) -> None:
        parser.add_argument("file")

    def run(self, *, file: str, dry_run: bool, **options: Any) -> Any:
        if file == "missing":
            raise Refusal("没有这个文件：请检查路径。")
        data = {
            "paid": Decimal("10.50"),
            "dry": dry_run,
            "language": translation.get_language(),
            "名": file,
        }
        return Report(data, look_at_it=file == "odd") if file != "plain" else data


def call(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command(Counting(stdout=out), *args)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def test_a_report_is_one_json_object_with_amounts_as_strings() -> None:
    assert call("fine", "--dry-run") == {
        "paid": "10.50",
        "dry": True,
        "language": "zh-hans",
        "名": "fine",
    }


def test_english_on_request() -> None:
    before = translation.get_language()
    assert call("plain", "--lang", "en")["language"] == "en"
    assert translation.get_language() == before


def test_something_to_look_at_ends_with_one_after_printing() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(Counting(stdout=out), "odd")
    assert end.value.code == 1
    assert json.loads(out.getvalue())["名"] == "odd"


def test_a_refusal_carries_exit_status_two_and_prints_nothing() -> None:
    out = StringIO()
    with pytest.raises(Refusal) as refusal:
        call_command(Counting(stdout=out), "missing")
    assert refusal.value.returncode == 2
    assert out.getvalue() == ""


def test_on_the_command_line_a_refusal_is_one_line_without_traceback() -> None:
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        Counting(stderr=err, no_color=True).run_from_argv(["manage.py", "counting", "missing"])
    assert end.value.code == 2
    assert err.getvalue() == "没有这个文件：请检查路径。\n"


@pytest.mark.parametrize("argv", [[], ["x", "--nonsense"], ["x", "--lang", "fr"]])
def test_bad_arguments_end_with_two(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        Counting().run_from_argv(["manage.py", "counting", *argv])
    assert end.value.code == 2
    assert capsys.readouterr().out == ""


def test_a_command_that_does_not_write_has_no_dry_run() -> None:
    class Reading(Counting):
        writes = False

        def run(self, **options: Any) -> Any:
            return {"keys": "dry_run" in options}

    assert json.loads(_out(Reading, "x"))["keys"] is False
    with pytest.raises(CommandError):
        call_command(Reading(), "x", "--dry-run")


def _out(command: type[PortalCommand], *args: str) -> str:
    out = StringIO()
    call_command(command(stdout=out), *args)
    return out.getvalue()
