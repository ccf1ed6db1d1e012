"""A list as a file: exactly what is shown, masked, by whom, logged."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from enrollment.access.models import User
from enrollment.exports import rows, running, services
from enrollment.exports.models import Export
from enrollment.models import Person
from enrollment.tests.factories import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    make_bureau,
    make_divisions,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db
PERSONS = "admin:enrollment_person_changelist"
RIGHTS = ["enrollment.view_person", "enrollment.export_list", "enrollment.view_export"]


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Any) -> None:
    settings.PORTAL_DATA_DIR = tmp_path


@pytest.fixture
def clerk() -> User:
    make_bureau()
    return make_user(RIGHTS)


@pytest.fixture
def signed_in(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


def start(
    client: Client, kind: str = "csv", query: str = "", label: str = "enrollment.person"
) -> Any:
    return client.post(reverse("admin:enrollment_export_start", args=[label, kind]) + query)


def as_rows(response: Any) -> list[list[str]]:
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def on_screen(client: Client, query: str) -> list[list[str]]:
    """The cells of the page's table, as text; a dash is an empty cell."""
    from django.contrib.admin.templatetags.admin_list import items_for_result

    changelist = client.get(reverse(PERSONS) + query).context["cl"]
    cells = [
        [strip_tags(cell).strip() for cell in items_for_result(changelist, row, None)]
        for row in changelist.result_list
    ]
    return [["" if cell == "—" else cell for cell in line] for line in cells]


def test_the_file_is_the_screen_row_by_row(signed_in):
    for n in range(7):
        make_person(name=f"甲{n}", phone="13812345678", account_no="6222021234567890")
    make_person(name="乙", division_id=OTHER_TOWNSHIP)
    query = f"?township={TOWNSHIP}&o=-0"
    head, *lines = as_rows(start(signed_in, query=query))
    assert head[:2] == ["Name", "ID number"]
    assert lines == on_screen(signed_in, query)
    assert [line[0] for line in lines] == [f"甲{n}" for n in range(6, -1, -1)]


def test_numbers_stay_masked(signed_in):
    person = make_person(name="甲", phone="13812345678", account_no="6222021234567890")
    text = "\n".join(",".join(line) for line in as_rows(start(signed_in)))
    assert person.id_number not in text
    assert person.masked_id in text
    assert "13812345678" not in text
    assert "6222021234567890" not in text


def test_no_cell_is_a_formula(signed_in):
    make_person(name="=1+1")
    _head, line = as_rows(start(signed_in))
    assert line[0] == "'=1+1"


def test_the_workbook_holds_the_same(signed_in):
    make_person(name="甲")
    make_person(name="=1+1")
    data = b"".join(start(signed_in, "xlsx").streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [line[0] for line in sheet] == ["Name", "=1+1", "甲"]


def test_all_rows_leave_not_only_those_of_the_page(signed_in, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 4)
    for n in range(60):
        make_person(name=f"甲{n:02d}")
    _head, *lines = as_rows(start(signed_in, query="?p=2"))
    assert [line[0] for line in lines] == [f"甲{n:02d}" for n in range(60)]


def test_each_export_is_logged_with_its_filters_and_rows(signed_in, clerk):
    person = make_person(name="甲")
    as_rows(start(signed_in, query=f"?q={person.id_number}"))
    export = Export.objects.get()
    assert (export.actor, export.list, export.rows, export.state) == (
        clerk,
        "enrollment.person",
        1,
        "sent",
    )
    assert person.masked_id in export.filters
    assert person.id_number not in export.filters
    assert not running.path_of(export).exists()


@pytest.mark.parametrize(
    "rights",
    [["enrollment.view_person"], ["enrollment.export_list"], []],
    ids=["may not export", "may not see", "neither"],
)
def test_who_may_not_gets_nothing_and_nothing_is_logged(rights, client):
    make_bureau()
    make_person()
    client.force_login(make_user(rights))
    assert start(client).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.parametrize("label", ["enrollment.enrolment", "x.y"])
def test_what_is_no_list_for_export_is_refused(label, signed_in):
    assert start(signed_in, label=label).status_code == 403


def test_a_look_does_not_export(signed_in):
    url = reverse("admin:enrollment_export_start", args=["enrollment.person", "csv"])
    assert signed_in.get(url).status_code == 405


def test_an_empty_list_says_so(signed_in):
    response = start(signed_in, query="?q=nobody")
    assert response.status_code == 302
    assert not Export.objects.exists()


def test_a_long_list_is_a_workers_job(
    signed_in, clerk, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    sent: list[int] = []
    monkeypatch.setattr("enrollment.exports.tasks.export_task.delay", sent.append)
    make_person(name="甲")
    make_person(name="乙")
    with django_capture_on_commit_callbacks(execute=True):
        response = start(signed_in)
    assert response.url == reverse("admin:enrollment_export_changelist")
    export = Export.objects.get()
    assert sent == [export.pk]
    assert "Download" not in signed_in.get(response.url).content.decode()
    assert running.run_export(export.pk) == 2
    assert running.run_export(export.pk) == 2  # again: nothing changes
    assert "Download" in signed_in.get(response.url).content.decode()
    file_url = reverse("admin:enrollment_export_download", args=[export.pk])
    _head, *lines = as_rows(signed_in.get(file_url))
    assert [line[0] for line in lines] == ["乙", "甲"]
    other = Client()
    other.force_login(make_user(RIGHTS))
    assert other.get(file_url).status_code == 404
    assert "csv" not in other.get(response.url).content.decode()


def test_a_job_whose_actor_lost_the_right_fails_and_says_why(clerk):
    make_person()
    export = Export.objects.create(
        actor=clerk,
        list="enrollment.person",
        format="csv",
        language="en",
        created_at=timezone.now(),
    )
    clerk.user_permissions.clear()
    clerk.groups.clear()
    running.run_export(export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert "permission" in export.failure
    assert not running.path_of(export).exists()


def test_files_are_kept_a_week(signed_in, clerk):
    make_person()
    now = timezone.now()
    old, fresh = (
        Export.objects.create(
            actor=clerk,
            list="enrollment.person",
            format="csv",
            language="en",
            created_at=now - age,
        )
        for age in (services.KEPT * 2, services.KEPT / 2)
    )
    for export in (old, fresh):
        running.run_export(export.pk)
    assert services.forget_files(now) == 1
    assert not running.path_of(old).exists()
    assert running.path_of(fresh).exists()
    url = reverse("admin:enrollment_export_download", args=[old.pk])
    assert signed_in.get(url).status_code == 404


def test_amounts_are_numbers_in_the_workbook(tmp_path):
    from enrollment.exports.files import open_writer

    writer = open_writer("xlsx", tmp_path / "x.xlsx", ["code", "amount"])
    writer.rows([["007", Decimal("1234567.89")], ["008", ""]])
    writer.close()
    sheet = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[1:] == [["007", 1234567.89], ["008", ""]]


def test_who_audits_sees_everybodys_and_fetches_nothing(signed_in, client):
    make_person()
    as_rows(start(signed_in))
    auditor = Client()
    auditor.force_login(make_user(["enrollment.view_export", "enrollment.view_all_exports"]))
    page = auditor.get(reverse("admin:enrollment_export_changelist"))
    assert len(page.context["cl"].result_list) == 1
    assert start(auditor).status_code == 403
    assert Person.objects.count() == 1


def test_who_is_limited_to_a_township_exports_that_township_and_sees_their_own_log(
    signed_in, client
):
    make_person(name="甲", division_id=TOWNSHIP)
    make_person(name="乙", division_id=OTHER_TOWNSHIP)
    as_rows(start(signed_in))
    limited = Client()
    user = make_user([*RIGHTS, "enrollment.view_all_exports"])
    user.divisions = [OTHER_TOWNSHIP]
    user.save()
    limited.force_login(user)
    _head, *lines = as_rows(start(limited))
    assert [line[0] for line in lines] == ["乙"]
    log = limited.get(reverse("admin:enrollment_export_changelist")).context["cl"]
    assert [export.actor for export in log.result_list] == [user]


@pytest.mark.parametrize(
    ("made_for", "now_for", "may"),
    [
        ([], [], True),
        ([], [TOWNSHIP], False),
        ([TOWNSHIP], [TOWNSHIP], True),
        ([TOWNSHIP], [], True),
        ([TOWNSHIP], [OTHER_TOWNSHIP], False),
        ([TOWNSHIP, OTHER_TOWNSHIP], [TOWNSHIP], False),
        ([TOWNSHIP], [TOWNSHIP, OTHER_TOWNSHIP], True),
    ],
)
def test_a_file_is_fetched_while_the_townships_of_its_reader_cover_it(
    signed_in, clerk, made_for, now_for, may
):
    make_divisions()
    make_person(division_id=TOWNSHIP)
    make_person(division_id=OTHER_TOWNSHIP)
    User.objects.filter(pk=clerk.pk).update(divisions=made_for)
    export = Export.objects.create(
        actor=User.objects.get(pk=clerk.pk),
        list="enrollment.person",
        format="csv",
        language="en",
        created_at=timezone.now(),
    )
    running.run_export(export.pk)
    User.objects.filter(pk=clerk.pk).update(divisions=now_for)
    answer = signed_in.get(reverse("admin:enrollment_export_download", args=[export.pk]))
    if may:
        assert answer.status_code == 200
        assert len(as_rows(answer)) == 1 + (len(made_for) or 2)
    else:
        assert answer.status_code == 403
        assert "more townships than today" in answer.text
