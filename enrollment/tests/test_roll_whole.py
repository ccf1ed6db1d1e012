"""Whole rolls: next year on top of this one, all or nothing, what spreadsheets do to numbers."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from enrollment.coverage.models import Enrolment
from enrollment.residents.models import AccountChange, Person
from enrollment.roll import merge
from enrollment.roll.synthetic import synthetic_residents
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_bureau
from enrollment.tests.roll_files import LI, ZHANG, write_csv, write_xlsx
from enrollment.tests.test_roll import counts, run, snapshot


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()


def test_next_years_roll_on_top_of_this_years(tmp_path: Path) -> None:
    """95 % unchanged, 3 % with another phone, 2 % gone and as many new."""
    people = [
        {**ZHANG, "id_number": one.id_number, "name": one.name, "sex": "", "born_on": ""}
        for one in synthetic_residents(204, 11)
    ]
    this_year, newcomers = people[:200], people[200:]
    assert counts(run(write_csv(tmp_path / "r.csv", this_year))) == (200, 200, 0, 0, 0)
    later = [{**row, "paid_on": "2026-10-08"} for row in [*this_year[4:], *newcomers]]
    for row in later[:6]:
        row["phone"] = "13900009999"
    path = write_csv(tmp_path / "s.csv", later)
    assert counts(run(path, 2027)) == (200, 200, 0, 0, 0)
    assert counts(run(path, 2027)) == (200, 0, 0, 200, 0)
    assert Person.objects.count() == 204
    assert Enrolment.objects.filter(year=2026).count() == 200
    gone = Person.objects.exclude(enrolments__year=2027)
    assert {person.id_number for person in gone} == {row["id_number"] for row in this_year[:4]}
    assert {person.phone for person in gone} == {"13800001234"}
    changed = [person for person in Person.objects.all() if person.phone == "13900009999"]
    assert len(changed) == 6
    assert not AccountChange.objects.exists()


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(SheetRefused, match="no rows below"):
        run(write_csv(tmp_path / "r.csv", []), rejects_to=tmp_path / "rejects.csv")
    assert not Person.objects.exists()
    assert not (tmp_path / "rejects.csv").exists()


def test_all_or_nothing_writes_nothing_for_one_rejected_row(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(tmp_path / "r.csv", [ZHANG, {**LI, "sex": "男"}])
    before = snapshot()
    with pytest.raises(CommandError) as refused:
        call_command(
            "import_roll",
            str(path),
            year=2026,
            all_or_nothing=True,
            rejects=str(tmp_path / "rejects.csv"),
        )
    assert refused.value.returncode == 2
    assert json.loads(capsys.readouterr().out)["created"] == 0
    assert snapshot() == before
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig") as stream:
        assert [row[:2] for row in csv.reader(stream)][1:] == [["3", "性别"]]
    good = write_csv(path, [ZHANG, LI])
    assert counts(run(good, all_or_nothing=True)) == (2, 2, 0, 0, 0)


def test_one_who_is_enrolled_elsewhere_is_enough_to_refuse_all(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "r.csv", [ZHANG]))
    before = snapshot()
    path = write_csv(tmp_path / "s.csv", [{**ZHANG, "division": "首车镇"}, LI])
    result = run(path, all_or_nothing=True)
    assert (result.refused, counts(result)) == (True, (2, 0, 0, 0, 1))
    assert snapshot() == before


def test_a_number_cell_that_lost_digits_is_told_in_both_languages(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "r.xlsx", [{**ZHANG, "id_number": 433127198005170012}])
    for language, words in (("en", "rounded"), ("zh-hans", "位数")):
        with translation.override(language):
            (reject,) = run(path).first_rejects
        assert (reject.line, reject.column) == (2, "证件号码")
        assert reject.remedy
        assert words in reject.reason or words in reject.remedy, reject


def test_before_a_large_roll_commits_the_planner_knows_of_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the check of each row's references would read a whole index."""

    def known() -> list[float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class"
                " WHERE relname IN ('enrollment_person', 'enrollment_household')"
            )
            return [rows for (rows,) in cursor.fetchall()]

    path = write_csv(tmp_path / "a.csv", [ZHANG, LI])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enrollment_person, enrollment_household")  # as autovacuum does
    run(path, dry_run=True)
    assert known() == [0, 0]
    monkeypatch.setattr(merge, "MANY", 2)
    run(path)
    assert min(known()) > 0
