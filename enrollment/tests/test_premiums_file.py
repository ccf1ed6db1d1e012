"""Premium standards by file: shown with what changes, entered whole, never over a confirmation."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enrollment.coverage.models import PremiumStandard
from enrollment.handfiles.premiums import COLUMNS
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.malformed import csv_of, workbook_of

pytestmark = pytest.mark.django_db
PAGE = "/enrollment/by-file/premiums/"
SPLIT = {
    "year": "2026",
    "personal": "400",
    "central": "420.00",
    "province": "150",
    "prefecture": "0",
    "county": "100.50",
    "source": "湘医保发〔2025〕40号",
}
SUM = {"year": "2025", "personal": "380", "together": "640", "source": "湘医保发〔2024〕33号"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    make_bureau()
    PremiumStandard.objects.all().delete()
    settings.IMPORT_FILES_DIR = tmp_path / "data"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(
        make_user(["enrollment.add_premiumstandard", "enrollment.view_premiumstandard"])
    )
    client.cookies["django_language"] = "en"
    return client


def look(desk: Client, *rows: dict[str, str]) -> Any:
    file = SimpleUploadedFile("筹资.csv", csv_of(COLUMNS, rows))
    return desk.post(PAGE, {"file": file})


def enter(desk: Client, *rows: dict[str, str]) -> Any:
    return desk.post(PAGE, {"token": look(desk, *rows).context["token"]})


def stored() -> dict[int, tuple[Decimal, dict[str, Decimal], str, bool]]:
    return {
        one.year: (
            one.personal,
            {share.tier: share.amount for share in one.subsidies.all()},
            one.source,
            one.confirmed,
        )
        for one in PremiumStandard.objects.all()
    }


def test_two_years_are_shown_then_entered_and_wait_for_confirmation(desk: Client) -> None:
    shown = look(desk, SPLIT, SUM)
    assert [change.title for change in shown.context["proposal"].changes] == ["2026", "2025"]
    assert stored() == {}
    answer = desk.post(PAGE, {"token": shown.context["token"]}, follow=True)
    assert "2 changes were entered." in answer.content.decode()
    assert stored() == {
        2026: (
            Decimal(400),
            {
                "central": Decimal(420),
                "province": Decimal(150),
                "prefecture": Decimal(0),
                "county": Decimal("100.50"),
            },
            "湘医保发〔2025〕40号",
            False,
        ),
        2025: (Decimal(380), {"together": Decimal(640)}, "湘医保发〔2024〕33号", False),
    }


def test_the_same_file_again_changes_nothing(desk: Client) -> None:
    enter(desk, SPLIT, SUM)
    PremiumStandard.objects.filter(year=2026).update(confirmed=True)
    proposal = look(desk, SPLIT, SUM).context["proposal"]
    assert (proposal.unchanged, proposal.changes, proposal.faults) == (2, [], [])


def test_a_corrected_line_says_the_whole_standard(desk: Client) -> None:
    enter(desk, SUM)
    split = {**SUM, "together": "", "central": "440", "county": "200", "source": "更正"}
    (change,) = look(desk, split).context["proposal"].changes
    assert change.lines == [
        ("中央补助", "", "440.00"),
        ("县级补助", "", "200.00"),
        ("各级补助合计", "640.00", ""),
        ("依据文件", SUM["source"], "更正"),
    ]
    enter(desk, split)
    _personal, subsidies, source, _confirmed = stored()[2025]
    assert subsidies == {"central": Decimal(440), "county": Decimal(200)}
    assert source == "更正"


def test_confirmed_figures_are_not_changed_by_file(desk: Client) -> None:
    enter(desk, SPLIT)
    PremiumStandard.objects.update(confirmed=True)
    proposal = look(desk, {**SPLIT, "personal": "401"}, SUM).context["proposal"]
    ((line, column, reason, _remedy),) = [
        (fault.line, fault.column, fault.reason, fault.remedy) for fault in proposal.faults
    ]
    assert (line, column) == (2, "个人缴费")
    assert "2026" in reason
    assert set(stored()) == {2026}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"year": ""}, "年度"),
        ({"year": "26"}, "年度"),
        ({"year": "1999"}, "年度"),
        ({"year": "2100"}, "年度"),
        ({"year": "２０２６"}, "年度"),
        ({"personal": ""}, "个人缴费"),
        ({"personal": "-1"}, "个人缴费"),
        ({"personal": "100000.01"}, "个人缴费"),
        ({"central": "1.234"}, "中央补助"),
        ({"together": "640"}, "各级补助合计"),
        ({"source": ""}, "依据文件"),
        ({"source": "x" * 201}, "依据文件"),
        ({"year": "2025"}, "年度"),
    ],
)
def test_one_bad_line_and_nothing_is_entered(
    desk: Client, fields: dict[str, str], column: str
) -> None:
    answer = look(desk, SUM, {**SPLIT, **fields})
    (fault,) = answer.context["proposal"].faults
    assert (fault.line, fault.column) == (3, column)
    assert fault.reason
    assert fault.remedy
    assert answer.context["token"] == ""
    assert stored() == {}


def test_a_workbook_with_numbers_in_its_cells_is_read(desk: Client) -> None:
    row = {**SPLIT, "year": 2026, "personal": 400, "central": 420, "province": 150}
    file = SimpleUploadedFile("筹资.xlsx", workbook_of(COLUMNS, [row]))
    shown = desk.post(PAGE, {"file": file})
    desk.post(PAGE, {"token": shown.context["token"]})
    assert stored()[2026][0] == Decimal(400)


def test_nobody_without_the_permission(client: Client) -> None:
    client.force_login(make_user(["enrollment.view_premiumstandard"]))
    assert client.get(PAGE).status_code == 403
