"""Every page of supervision: who may open it, in both languages, at what cost."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from enrollment.tests.factories import make_user
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import make_case, make_finding, make_notified, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(supervisor())
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:supervision_{name}", args=args)


PAGES = [
    ("visit_changelist", None),
    ("visit_record", None),
    ("visit_change", "visit"),
    ("visit_record_findings", "visit"),
    ("finding_changelist", None),
    ("finding_change", "finding"),
    ("finding_open_case", "finding"),
    ("finding_recover", "finding"),
    ("case_changelist", None),
    ("case_change", "case"),
    ("case_notify", "case"),
    ("case_decide", "case"),
    ("case_suspend", "case"),
    ("case_terminate", "case"),
    ("case_close", "case"),
    ("recovery_changelist", None),
    ("recovery_change", "recovery"),
    ("recovery_receive", "recovery"),
    ("fine_changelist", None),
    ("fine_change", "fine"),
    ("fine_receive", "fine"),
]


@pytest.fixture
def county() -> dict[str, int]:
    finding = make_finding()
    case = make_notified()
    decided = make_notified()
    decide_penalty(
        decided,
        recovery=Decimal("1000.00"),
        fine=Decimal("1000.00"),
        defence="无",
        heard_on=timezone.localdate(),
        actor=supervisor(),
        at=timezone.now(),
    )
    return {
        "visit": finding.visit_id,
        "finding": finding.pk,
        "case": case.pk,
        "recovery": decided.recovery.pk,
        "fine": decided.fine.pk,
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(
    desk: Client, county: dict[str, int], language: str
) -> None:
    desk.cookies["django_language"] = language
    for name, owner in PAGES:
        response = desk.get(url(name, *([county[owner]] if owner else [])))
        assert response.status_code == 200, name
    page = desk.get(url("case_change", county["case"])).content.decode()
    assert ("is ordered by the medical security department" in page) == (language == "en")


def test_pages_refuse_who_has_no_permission(county: dict[str, int]) -> None:
    client = Client()
    client.force_login(make_user(["claims.view_claim"]))
    for name, owner in PAGES:
        address = url(name, *([county[owner]] if owner else []))
        assert client.get(address).status_code == 403, name
        assert client.post(address, {}).status_code == 403, name


@pytest.mark.parametrize("model", ["visit", "finding", "case", "recovery", "fine"])
def test_lists_cost_a_bounded_number_of_statements(
    desk: Client, model: str, django_assert_max_num_queries: Any
) -> None:
    for _n in range(3):
        case = make_notified()
        decide_penalty(
            case,
            recovery=Decimal("1000.00"),
            fine=Decimal("1000.00"),
            defence="无",
            heard_on=timezone.localdate(),
            actor=supervisor(),
            at=timezone.now(),
        )
    desk.get(url(f"{model}_changelist"))
    with django_assert_max_num_queries(12):
        desk.get(url(f"{model}_changelist"))


def test_the_desk_counts_what_waits(desk: Client) -> None:
    make_finding()
    make_case()
    make_notified()
    queues = {queue.key: queue.count for queue in desk.get("/").context["queues"]}
    assert queues == {
        "open_findings": 1,
        "cases_filed": 1,
        "cases_notified": 1,
        "recoveries_outstanding": 0,
        "fines_outstanding": 0,
        "cases_executed": 0,
    }


def test_the_supervisors_role_holds_every_permission_of_the_guard() -> None:
    group = Group.objects.get(name="supervisor")
    held = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in group.permissions.select_related("content_type")
    }
    assert {
        "supervision.log_visit",
        "supervision.open_case",
        "supervision.notify_case",
        "supervision.decide_penalty",
        "supervision.recover_by_agreement",
        "supervision.record_receipt",
        "enrollment.suspend_agreement",
    } <= held
