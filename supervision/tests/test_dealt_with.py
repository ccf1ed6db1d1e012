"""A finding that is dealt with says what took it, and offers nothing more."""

import pytest
from django.test import Client
from django.urls import reverse

from enrollment.tests.factories import make_bureau, make_user
from supervision.models import Case, Finding, Recovery
from supervision.penalties.services import recover_by_agreement
from supervision.tests.helpers import ALL, AT, SEE, make_case, make_finding, supervisor

pytestmark = pytest.mark.django_db
WORDS = {"zh-hans": ("已立案处理：", "已按协议追回："), "en": ("Taken into case ", "by ")}


@pytest.fixture
def desk(client: Client) -> Client:
    make_bureau()
    client.force_login(supervisor())
    return client


def in_a_case() -> tuple[Finding, Case]:
    case = make_case()
    return case.findings.get(), case


def recovered() -> tuple[Finding, Recovery]:
    finding = make_finding()
    row = recover_by_agreement([finding], actor=supervisor(), at=AT, note="按协议追回")
    return Finding.objects.get(pk=finding.pk), row


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_finding_dealt_with_names_what_took_it(desk: Client, language: str, place: int) -> None:
    finding, taker = (in_a_case, recovered)[place]()
    desk.cookies["django_language"] = language
    name = str(taker._meta.model_name)
    link = f'<a href="{reverse(f"admin:supervision_{name}_change", args=[taker.pk])}">{taker}</a>'
    shown = desk.get(reverse("admin:supervision_finding_change", args=[finding.pk]))
    assert f"{WORDS[language][place]}{link}" in shown.content.decode()
    assert not shown.context["object_actions"]
    for act in ("open_case", "recover"):
        page = desk.get(reverse(f"admin:supervision_finding_{act}", args=[finding.pk]))
        assert f"{WORDS[language][place]}{link}" in page.content.decode(), act
        for words in ("请刷新页面", "Reload the page"):
            assert words not in page.content.decode()


def test_a_posted_act_on_a_finding_dealt_with_changes_nothing(desk: Client) -> None:
    finding, case = in_a_case()
    answer = desk.post(
        reverse("admin:supervision_finding_recover", args=[finding.pk]), {"reason": "按协议追回"}
    )
    assert str(case) in answer.content.decode()
    assert not Recovery.objects.exists()


def test_who_may_not_open_the_case_reads_its_number_alone(client: Client) -> None:
    finding, case = in_a_case()
    permissions = [*ALL, *(one for one in SEE if one != "supervision.view_case")]
    client.force_login(make_user(permissions, certificate_no="18090002"))
    page = client.get(reverse("admin:supervision_finding_change", args=[finding.pk]))
    assert case.number in page.content.decode()
    assert reverse("admin:supervision_case_change", args=[case.pk]) not in page.content.decode()


def test_an_open_finding_offers_both_tracks(desk: Client) -> None:
    finding = make_finding()
    page = desk.get(reverse("admin:supervision_finding_change", args=[finding.pk]))
    assert len(page.context["object_actions"]) == 2
