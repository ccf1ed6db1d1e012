"""Institutions as staff see them."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from enrollment.exports.models import Export
from enrollment.institutions.imports import import_institutions
from enrollment.models import Agreement, Institution, Suspension
from enrollment.tests.factories import (
    TOWNSHIP,
    make_agreement,
    make_institution,
    make_user,
)

LIST = "/enrollment/institution/"
DAY = timedelta(days=1)


def page_of(institution):
    return reverse("admin:enrollment_institution_change", args=[institution.pk])


def listed(client, **query):
    return [row.name for row in client.get(LIST, query).context["cl"].result_list]


def one_of_each(actor):
    """An institution in each standing, named by it."""
    today = timezone.localdate()
    year = (today - 100 * DAY, today + 100 * DAY)
    make_institution(name="in_force", agreement=year)
    make_institution(name="later", agreement=(today + DAY, today + 9 * DAY))
    make_institution(name="expired", agreement=(today - 9 * DAY, today - DAY))
    make_institution(name="none", agreement=None)
    suspended = make_institution(name="suspended", agreement=None)
    Suspension.objects.create(
        agreement=make_agreement(suspended, *year),
        starts_on=today,
        ends_on=today,
        reason="虚构服务",
        document="医保案〔2026〕3号",
        ordered_by=actor,
        ordered_at=timezone.now(),
    )
    return suspended


def form_of(institution, **changes):
    return {
        "name": institution.name,
        "credit_code": "",
        "address": institution.address,
        "kind": institution.kind,
        "level": institution.level,
        "in_county": "on",
        "division": TOWNSHIP,
        "parent": "",
        "account_name": institution.account_name,
        "new_account_no": "",
        **changes,
    }


@pytest.mark.parametrize("standing", ["in_force", "suspended", "later", "expired", "none"])
def test_the_list_is_filtered_by_the_agreement_of_today(client, administrator, standing):
    one_of_each(administrator)
    assert listed(client, agreement=standing) == [standing]


def test_the_list_costs_the_same_for_many(client, administrator):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    parent = make_institution(division_id=TOWNSHIP)
    make_institution(parent=parent, division_id=TOWNSHIP)
    few = statements()
    for _n in range(12):
        make_institution(parent=parent, division_id=TOWNSHIP)
    assert statements() == few <= 12


def test_institutions_are_found_by_code_and_name(client, administrator):
    one = make_institution(name="县中医医院")
    make_institution(name="别处")
    assert listed(client, q=one.code[:6]) == ["县中医医院", "别处"]
    assert listed(client, q=one.code.lower()) == ["县中医医院"]
    assert listed(client, q="中医") == ["县中医医院"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_record_shows_agreements_and_suspensions(client, administrator, language):
    client.cookies["django_language"] = language
    suspended = one_of_each(administrator)
    Institution.objects.filter(pk=suspended.pk).update(account_no="6222026012345678")
    html = client.get(page_of(suspended)).content.decode()
    assert "虚构服务" in html
    assert "医保案〔2026〕3号" in html
    assert "**** 5678" in html
    assert "6222026012345678" not in html


def test_an_administrator_changes_the_record(client, administrator):
    parent = make_institution()
    one = make_institution(account_no="6222026012345678", account_name="旧户名")
    before = one.code
    changes = {"name": "新名", "parent": parent.code, "division": "首车镇", "code": "X"}
    answer = client.post(page_of(one), form_of(one, **changes))
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.code, one.name, one.parent, one.division.name) == (before, "新名", parent, "首车镇")
    assert one.account_no == "6222026012345678"
    client.post(page_of(one), form_of(one, new_account_no="6222 0260 0000 0001"))
    one.refresh_from_db()
    assert one.account_no == "6222026000000001"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("credit_code", "91430000000000000X", "check character"),
        ("new_account_no", "12", "8 to 32 digits"),
        ("parent", "branch", "cannot belong to itself"),
        ("parent", "self", "cannot belong to itself"),
        ("division", "无此地", "is not in the list"),
        ("name", "", "This field is required"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(client, administrator, field, value, message):
    one = make_institution(name="原名")
    branch = make_institution(parent=one)
    value = {"branch": branch.code, "self": one.code}.get(value, value)
    answer = client.post(page_of(one), form_of(one, **{"name": "新名", field: value}))
    assert message in answer.content.decode()
    one.refresh_from_db()
    assert (one.name, one.parent, one.account_no) == ("原名", None, "")


def test_a_code_is_used_once(client, administrator):
    one = make_institution()
    form = form_of(one, code=one.code.lower())
    html = client.post(f"{LIST}add/", form).content.decode()
    assert "already exists" in html
    assert Institution.objects.count() == 1
    html = client.post(f"{LIST}add/", form | {"code": "H4331"}).content.decode()
    assert "H (medical institution) or P (pharmacy) and 11 digits" in html
    assert Institution.objects.count() == 1
    client.post(f"{LIST}add/", form | {"code": "h43312799999"})
    assert Institution.objects.filter(code="H43312799999").count() == 1


def test_a_clerk_looks_only(client, desk_clerk):
    one = make_institution(name="原名")
    sign = reverse("admin:enrollment_institution_sign", args=[one.pk])
    html = client.get(page_of(one)).content.decode()
    assert 'name="_save"' not in html
    assert sign not in html
    assert client.post(page_of(one), form_of(one, name="新名")).status_code == 403
    assert (
        client.post(sign, {"starts_on": "2030-01-01", "ends_on": "2030-12-31"}).status_code == 403
    )
    one.refresh_from_db()
    assert (one.name, one.agreements.count()) == ("原名", 1)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2027-01-01", "2027-12-31", ""),
        ("2026-12-31", "2027-12-31", "already: choose days outside it"),
        ("2027-12-31", "2027-01-01", "ends before it starts"),
    ],
)
def test_an_agreement_is_entered_once_for_each_day(client, administrator, first, last, message):
    one = make_institution()
    url = reverse("admin:enrollment_institution_sign", args=[one.pk])
    assert one.name in client.get(url).content.decode()
    html = client.post(url, {"starts_on": first, "ends_on": last}).content.decode()
    assert message in html
    assert Agreement.objects.filter(institution=one).count() == (1 if message else 2)


def test_the_form_for_the_import_holds_exactly_the_filtered_list(client, administrator):
    make_institution(
        name="甲医院", division_id=TOWNSHIP, account_no="6222026012345678", address="正街1号"
    )
    make_institution(name="乙药店", kind="pharmacy", agreement=None)
    make_institution(name='=cmd|"/c calc"!A1', kind="pharmacy", agreement=None)
    answer = client.get(f"{LIST}import-form.csv", {"kind__exact": "pharmacy"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["机构名称"] for row in rows] == ["乙药店", '\'=cmd|"/c calc"!A1']
    everything = client.get(f"{LIST}import-form.xlsx").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(everything)).get_sheet_by_index(0)
    lines = sheet.to_python()
    assert lines[0][:3] == ["机构编码", "机构名称", "统一社会信用代码"]
    assert lines[1][1:] == [
        "甲医院", "", "医院", "县级", TOWNSHIP, "", "2026-01-01", "2026-12-31", "正街1号",
    ]  # fmt: skip
    assert len(lines) == 4
    assert "6222026012345678" not in str(lines)
    assert client.get(f"{LIST}import-form.pdf").status_code == 404


def test_the_form_for_the_import_can_be_imported_and_changes_nothing(
    client, administrator, tmp_path
):
    parent = make_institution(name="甲医院", division_id=TOWNSHIP)
    make_institution(name="乙诊所", kind="village_clinic", level="township", parent=parent)
    make_agreement(parent, date(2027, 1, 1), date(2027, 12, 31))
    file = tmp_path / "institutions.xlsx"
    file.write_bytes(client.get(f"{LIST}import-form.xlsx").content)
    result = import_institutions(file)
    assert (result.read, result.unchanged, result.rejected) == (3, 3, 0)


def test_the_form_for_the_import_is_for_who_imports_and_is_logged(client, administrator):
    make_institution(name="甲医院", kind="hospital")
    client.get(f"{LIST}import-form.csv", {"kind__exact": "hospital"})
    export = Export.objects.get()
    assert (export.list, export.rows, export.actor) == ("enrollment.institution", 1, administrator)
    assert export.filters == "Kind: hospital"
    wrong = client.get(f"{LIST}import-form.csv", {"kind__exact": "nonsense"}, follow=True)
    assert "nonsense" in str(next(iter(wrong.context["messages"])))
    client.force_login(make_user(["enrollment.view_institution", "enrollment.export_list"]))
    assert client.get(f"{LIST}import-form.csv").status_code == 403
    assert Export.objects.count() == 1
    html = client.get(LIST).content.decode()
    assert "import-form" not in html
    assert reverse("admin:enrollment_export_start", args=["enrollment.institution", "csv"]) in html


def test_the_export_is_the_list_as_shown(client, administrator):
    """Columns, filter and order of the screen, not those of the import."""
    parent = make_institution(code="P1", name="甲医院")
    make_institution(code="P2", name="乙药店", kind="pharmacy", agreement=None)
    make_institution(code="P3", name="丙药店", kind="pharmacy", parent=parent)
    start = reverse("admin:enrollment_export_start", args=["enrollment.institution", "csv"])
    answer = client.post(f"{start}?kind__exact=pharmacy&o=-0")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    shown = client.get(LIST, {"kind__exact": "pharmacy", "o": "-0"}).context["cl"]
    assert len(head) == len(shown.list_display)
    assert [line[:2] for line in lines] == [["P3", "丙药店"], ["P2", "乙药店"]]
    assert lines[0][-1] == "甲医院"
