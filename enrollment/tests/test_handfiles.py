"""What staff keep by hand, by file: shown change by change, confirmed, entered by the services."""

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enrollment.access.models import User
from enrollment.handfiles import identities, storage
from enrollment.handfiles.institutions import work as institution_work
from enrollment.institutions.columns import COLUMNS as INSTITUTIONS
from enrollment.institutions.models import Agreement, Institution
from enrollment.residents.models import AssistanceIdentity, IdentityChange, Person
from enrollment.sheets import open_sheet
from enrollment.tests.factories import make_bureau, make_identity, make_person, make_user
from enrollment.tests.malformed import broken_files, csv_of, workbook_of

pytestmark = pytest.mark.django_db
PAGE = "/enrollment/by-file/identities/"
LIST = "/enrollment/by-file/institutions/"
RIGHTS = [
    "enrollment.add_assistanceidentity",
    "enrollment.change_assistanceidentity",
    "enrollment.add_institution",
    "enrollment.view_institution",
]
HOSPITAL = {
    "code": "H43312700001",
    "name": "县第一医院",
    "kind": "医院",
    "level": "县级",
    "division": "灵溪镇",
    "agreement_from": "2026-01-01",
    "agreement_to": "2026-12-31",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    make_bureau()
    settings.IMPORT_FILES_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(RIGHTS))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def zhang() -> Person:
    return make_person(name="张三")


def line(person: Person, **fields: str) -> dict[str, str]:
    return {
        "id_number": person.id_number,
        "name": person.name,
        "kind": "低保",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
        "document": "永民〔2026〕3号",
        **fields,
    }


def upload(desk: Client, *rows: dict[str, str], page: str = PAGE, columns: Any = None) -> Any:
    content = csv_of(columns or identities.COLUMNS, rows)
    return desk.post(page, {"file": SimpleUploadedFile("低保.csv", content)})


def confirm(desk: Client, answer: Any, page: str = PAGE) -> Any:
    return desk.post(page, {"token": answer.context["token"]})


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_an_identity_is_shown_then_granted_with_its_paper(
    desk: Client, zhang: Person, folder: Path
) -> None:
    shown = upload(desk, line(zhang))
    text = shown.content.decode()
    assert "张三" in text
    assert "2026-12-31" in text
    assert zhang.id_number not in text
    assert not AssistanceIdentity.objects.exists()
    assert left(folder) == ["低保.csv"]
    assert confirm(desk, shown).status_code == 302
    identity = AssistanceIdentity.objects.get()
    assert (identity.person, identity.kind, identity.starts_on) == (
        zhang,
        "low_income",
        date(2026, 3, 1),
    )
    log = IdentityChange.objects.get()
    assert (log.action, log.document, log.actor) == (
        "granted",
        "永民〔2026〕3号",
        User.objects.get(),
    )
    assert left(folder) == []


def test_the_same_file_again_changes_nothing(desk: Client, zhang: Person, folder: Path) -> None:
    confirm(desk, upload(desk, line(zhang)))
    again = upload(desk, line(zhang, document="另一文件"))
    assert again.context["token"] == ""
    assert (again.context["proposal"].unchanged, again.context["proposal"].changes) == (1, [])
    assert IdentityChange.objects.count() == 1
    assert left(folder) == []


def test_an_identity_is_ended_early(desk: Client, zhang: Person) -> None:
    make_identity(zhang, starts_on=date(2026, 3, 1), ends_on=date(2026, 12, 31))
    shown = upload(desk, line(zhang, ends_on="2026-06-30"))
    (change,) = shown.context["proposal"].changes
    assert ("截止日期", "2026-12-31", "2026-06-30") in change.lines
    confirm(desk, shown)
    assert AssistanceIdentity.objects.get().ends_on == date(2026, 6, 30)
    assert IdentityChange.objects.get().action == "ended"


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"id_number": "433127198005170013"}, "证件号码"),
        ({"id_number": "4.33127E+17"}, "证件号码"),
        ({"id_number": "110101199003070038"}, "证件号码"),
        ({"name": "李四"}, "姓名"),
        ({"name": ""}, "姓名"),
        ({"kind": "富裕"}, "困难身份"),
        ({"kind": "普通"}, "困难身份"),
        ({"starts_on": "昨天"}, "起始日期"),
        ({"starts_on": "2569-01-01"}, "起始日期"),
        ({"starts_on": "2027-01-01"}, "困难身份"),
        ({"ends_on": "2026-02-30"}, "截止日期"),
        ({"document": ""}, "依据文件"),
        ({"document": "x" * 121}, "依据文件"),
        ({"document": "=1+1"}, "依据文件"),
    ],
)
def test_one_bad_row_and_nothing_is_entered(
    desk: Client, zhang: Person, folder: Path, fields: dict[str, str], column: str
) -> None:
    other = make_person(name="李秀英")
    answer = upload(desk, line(other), line(zhang, **fields))
    (fault,) = answer.context["proposal"].faults
    assert (fault.line, fault.column) == (3, column)
    assert fault.reason
    assert fault.remedy
    assert answer.context["token"] == ""
    assert not AssistanceIdentity.objects.exists()
    assert left(folder) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": "2026-04-01", "ends_on": ""},
        {"ends_on": ""},
        {"ends_on": "2027-01-31"},
    ],
)
def test_what_the_services_refuse_is_told_with_its_row(
    desk: Client, zhang: Person, fields: dict[str, str]
) -> None:
    make_identity(zhang, starts_on=date(2026, 3, 1), ends_on=date(2026, 12, 31))
    (fault,) = upload(desk, line(zhang, **fields)).context["proposal"].faults
    assert fault.line == 2
    assert len(fault.reason) > 10
    assert AssistanceIdentity.objects.get().ends_on == date(2026, 12, 31)


def test_a_number_twice_is_told(desk: Client, zhang: Person) -> None:
    (fault,) = upload(desk, line(zhang), line(zhang)).context["proposal"].faults
    assert fault.line == 3


def test_records_that_changed_meanwhile_are_shown_again(desk: Client, zhang: Person) -> None:
    other = make_person(name="李秀英")
    shown = upload(desk, line(zhang), line(other))
    make_identity(other, starts_on=date(2026, 3, 1), ends_on=date(2026, 12, 31))
    again = confirm(desk, shown)
    assert again.status_code == 200
    assert len(again.context["proposal"].changes) == 1
    assert AssistanceIdentity.objects.count() == 1
    confirm(desk, again)
    assert AssistanceIdentity.objects.count() == 2


def test_only_who_was_shown_a_file_confirms_it(desk: Client, zhang: Person, client: Client) -> None:
    shown = upload(desk, line(zhang))
    token = shown.context["token"]
    assert desk.post(LIST, {"token": token}).status_code == 200
    assert desk.post(PAGE, {"token": f"{token}x"}).status_code == 200
    stranger = Client()
    stranger.force_login(make_user(RIGHTS))
    assert stranger.post(PAGE, {"token": token}).status_code == 200
    assert not AssistanceIdentity.objects.exists()
    assert confirm(desk, shown).status_code == 302
    assert confirm(desk, shown).status_code == 200
    assert AssistanceIdentity.objects.count() == 1


def test_without_the_permission_nothing_is_shown_or_entered(client: Client, zhang: Person) -> None:
    client.force_login(make_user())
    for page in (PAGE, LIST):
        assert client.get(page).status_code == 403
        assert upload(client, line(zhang), page=page).status_code == 403
    assert not AssistanceIdentity.objects.exists()


@pytest.mark.parametrize(
    "bad", list(broken_files(identities.COLUMNS, {"name": "张三"})), ids=lambda bad: bad.title
)
def test_a_broken_file_is_refused_in_words(desk: Client, folder: Path, bad: Any) -> None:
    answer = desk.post(PAGE, {"file": SimpleUploadedFile(bad.name, bad.content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert left(folder) == []


def test_institutions_are_shown_with_what_changes_and_entered(desk: Client, folder: Path) -> None:
    shown = upload(desk, HOSPITAL, page=LIST, columns=INSTITUTIONS)
    assert not Institution.objects.exists()
    assert "县第一医院" in shown.content.decode()
    assert confirm(desk, shown, LIST).status_code == 302
    assert Agreement.objects.get().institution.code == HOSPITAL["code"]
    renamed = {**HOSPITAL, "name": "县人民医院"}
    again = upload(desk, renamed, page=LIST, columns=INSTITUTIONS)
    (change,) = again.context["proposal"].changes
    assert change.lines == [("机构名称", "县第一医院", "县人民医院")]
    confirm(desk, again, LIST)
    assert Institution.objects.get().name == "县人民医院"
    assert left(folder) == []


def test_one_bad_institution_and_none_is_entered(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [HOSPITAL, {**HOSPITAL, "code": "X1", "kind": "学校"}]
    path.write_bytes(workbook_of(INSTITUTIONS, rows))
    proposal = institution_work(path, make_user(), None, False)  # type: ignore[arg-type]
    assert [(fault.line, fault.column) for fault in proposal.faults] == [(3, "类别")]
    assert not Institution.objects.exists()


def test_what_nobody_confirms_is_deleted(desk: Client, zhang: Person, folder: Path) -> None:
    upload(desk, line(zhang))
    assert storage.drop_old() == 0
    yesterday = time.time() - 2 * 24 * 60 * 60
    for path in folder.rglob("*.csv"):
        os.utime(path, (yesterday, yesterday))
    assert storage.drop_old() == 1
    assert left(folder) == []


@pytest.mark.parametrize("page", [PAGE, LIST])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_open(desk: Client, page: str, language: str) -> None:
    desk.cookies["django_language"] = language
    assert desk.get(page).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_empty_spreadsheet_has_the_headers_that_the_reader_knows(
    desk: Client, zhang: Person, tmp_path: Path, language: str
) -> None:
    desk.cookies["django_language"] = language
    answer = desk.get(f"{PAGE}?blank")
    path = tmp_path / "blank.xlsx"
    path.write_bytes(answer.content)
    sheet = open_sheet(path, identities.COLUMNS)
    assert (sheet.warnings, list(sheet.rows())) == ((), [])
    assert "attachment" in answer.headers["Content-Disposition"]
