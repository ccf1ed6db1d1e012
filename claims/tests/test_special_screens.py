"""Special diseases and care outside the area on the screen."""

from datetime import date
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import AreaFiling, SpecialApplication, SpecialCertificate
from claims.tests.factories import make_resident
from claims.tests.special import (
    CANCER,
    agreed,
    checked,
    disease,
    filed,
    hospital,
    make_certificate,
    moment,
)
from enrollment.tests.factories import make_user

pytestmark = pytest.mark.django_db
SEES = [
    "enrollment.view_person",
    "claims.view_specialapplication",
    "claims.view_specialcertificate",
    "claims.view_areafiling",
]


def at_desk(client, *permissions):
    user = make_user([*SEES, *(f"claims.{name}" for name in permissions)])
    client.force_login(user)
    return user


def on(day):
    """The portal's clock on that day."""
    return patch.object(timezone, "now", lambda: moment(day))


def page(kind, record):
    return reverse(f"admin:claims_{kind}_change", args=[record.pk])


def act(name, record):
    return reverse(f"admin:claims_{name}", args=[record.pk])


def test_an_application_is_filed_from_the_residents_page(client):
    person, place = make_resident(), hospital()
    at_desk(client, "file_special")
    story = client.get(reverse("admin:enrollment_person_change", args=[person.pk]))
    url = act("special_file", person)
    assert url in story.content.decode()
    facts = {
        "disease": "M03900",
        "evidence_from": place.code,
        "diagnosis": "I10 高血压3级",
        "papers": ["identity", "diagnosis", "records"],
    }
    answer = client.post(url, facts, follow=True)
    application = SpecialApplication.objects.get()
    assert application.state == "returned"
    assert application.number in answer.content.decode()
    assert "检查检验报告" in application.transitions.get().note


def test_what_the_service_refuses_stays_on_the_form(client):
    person = make_certificate().person
    at_desk(client, "file_special")
    facts = {"disease": "M03900", "evidence_from": hospital().code, "diagnosis": "I10"}
    answer = client.post(act("special_file", person), facts)
    assert answer.status_code == 200
    assert "请办理续办" in answer.content.decode()
    assert not SpecialApplication.objects.exists()


def test_a_closed_window_disables_the_step_and_names_the_next_one(client):
    application = filed()
    with on("2026-11-24"):
        at_desk(client, "review_special")
        shown = client.get(page("specialapplication", application)).content.decode()
        assert "2026-12-11" in shown
        assert act("special_pass_first", application) not in shown
        answer = client.post(act("special_pass_first", application), {})
    assert "2026-12-11 至 2026-12-15" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == "filed"
    with on("2026-12-11"):
        at_desk(client, "review_special")
        shown = client.get(page("specialapplication", application)).content.decode()
        assert act("special_pass_first", application) in shown
        client.post(act("special_pass_first", application), {})
    application.refresh_from_db()
    assert application.state == "checked"


def test_the_panels_votes_are_typed_line_by_line(client):
    application = checked()
    facts = {}
    for nth, vote in enumerate(("yes", "yes", "no"), start=1):
        facts |= {f"name_{nth}": f"专家{nth}", f"workplace_{nth}": "县医院", f"vote_{nth}": vote}
    with on("2026-12-18"):
        at_desk(client, "judge_special")
        wrong = client.post(act("special_agree", application), {**facts, "vote_3": ""})
        assert "须同时填写" in wrong.content.decode()
        client.post(act("special_agree", application), facts)
        shown = client.get(page("specialapplication", application)).content.decode()
    application.refresh_from_db()
    assert application.state == "agreed"
    assert shown.count("专家") >= 3
    assert "不同意" in shown


def test_the_recheck_issues_a_certificate_that_is_printed(client):
    application = agreed(disease=disease(CANCER), diagnosis="C80.x00")
    with on("2026-12-28"):
        at_desk(client, "recheck_special", "revoke_certificate")
        client.post(act("special_issue", application), {})
        certificate = SpecialCertificate.objects.get()
        shown = client.get(page("specialcertificate", certificate)).content.decode()
        paper = client.get(act("certificate_paper", certificate)).content.decode()
    assert "2031-12-27" in shown
    for text in (certificate.number, "恶性肿瘤门诊治疗", "2026-12-28", "2031-12-27"):
        assert text in paper
    assert certificate.person.id_number not in paper


def test_a_revoked_certificate_is_printed_as_revoked(client):
    certificate = make_certificate()
    facts = {"revoked_from": "2026-10-01", "reason": "recovered", "note": "复查正常"}
    with on("2026-10-01"):
        at_desk(client, "revoke_certificate")
        client.post(act("certificate_revoke", certificate), facts)
        certificate.refresh_from_db()
        assert certificate.revoked_from == date(2026, 10, 1)
        assert (
            "已撤销，自2026-10-01起失效"
            in client.get(act("certificate_paper", certificate)).content.decode()
        )


def test_renewing_begins_with_the_certificate(client):
    certificate = make_certificate()
    at_desk(client, "file_special")
    shown = client.get(page("specialcertificate", certificate)).content.decode()
    url = f"{act('special_file', certificate.person)}?renews={certificate.pk}"
    assert url in shown
    assert client.get(url).context["form"].initial["renews"] == certificate


def test_a_filing_is_made_printed_and_withdrawn(client):
    person = make_resident()
    url = act("areafiling_file", person)
    with on("2026-11-24"):
        at_desk(client, "file_outside")
        bare = client.post(url, {"kind": "referral", "starts_on": "2026-11-24", "place": "长沙"})
        assert {"area_code", "referred_by", "letter_no", "letter_on"} <= set(
            bare.context["form"].errors
        )
        facts = {
            "kind": "referral",
            "starts_on": "2026-11-24",
            "place": "湖南省长沙市",
            "area_code": "4301",
            "referred_by": hospital().code,
            "letter_no": "转〔2026〕7号",
            "letter_on": "2026-11-24",
        }
        assert client.post(url, facts).status_code == 302
        filing = AreaFiling.objects.get()
        slip = client.get(act("areafiling_slip", filing)).content.decode()
        assert "2027-05-23" in slip
        assert "转〔2026〕7号" in slip
        assert person.name in slip
        assert person.id_number not in slip
        client.post(
            act("areafiling_withdraw", filing), {"withdrawn_from": "2026-12-01", "note": "未去"}
        )
        assert "撤销" in client.get(page("areafiling", filing)).content.decode()
    filing.refresh_from_db()
    assert filing.state == "withdrawn"


def test_the_residents_page_tells_certificates_applications_and_filings(client):
    certificate = make_certificate()
    application = filed(certificate.person, disease=disease(CANCER), diagnosis="C80")
    at_desk(client)
    shown = client.get(
        reverse("admin:enrollment_person_change", args=[certificate.person_id])
    ).content.decode()
    assert certificate.number in shown
    assert application.number in shown
    assert "没有异地就医备案" in shown


@pytest.mark.parametrize(
    ("kind", "most"), [("specialapplication", 16), ("specialcertificate", 14), ("areafiling", 13)]
)
def test_a_records_page_takes_few_statements(client, kind, most):
    at_desk(client, "review_special", "file_special", "file_outside", "revoke_certificate")
    if kind == "areafiling":
        from claims.tests.test_out_of_area import file

        record = file("long_term")
    else:
        record = filed() if kind == "specialapplication" else make_certificate()
    client.get(page(kind, record))
    with CaptureQueriesContext(connection) as seen:
        client.get(page(kind, record))
    assert len(seen) <= most
