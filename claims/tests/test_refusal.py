"""The decision not to pay: what it says, when there is one, and for whom."""

import pytest
from django.urls import reverse

from claims.models import Claim
from claims.review.reasons import REASONS
from claims.tests.factories import make_claim, make_rejected, make_resident
from enrollment.models import Division, IssuedPaper, RecordReading
from enrollment.printing.services import verify_paper
from enrollment.tests.factories import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    make_bureau,
    make_user,
)
from enrollment.tests.papers import pdf_text

SEES = ["claims.view_claim", "claims.view_settledclaim"]
PAGE, PDF = "claims_claim_refusal", "claims_claim_refusal_pdf"


@pytest.fixture
def rejected(client, db):
    make_bureau()
    client.force_login(make_user([*SEES, "claims.reject_claim"]))
    return make_rejected(
        person=make_resident(name="彭大山"),
        invoice_no="FP2026",
        note="交通事故，对方负全责\n已由保险公司赔付",
    )


def url(claim, name=PAGE):
    return reverse(f"admin:{name}", args=[claim.pk])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-hans",
            [
                "医疗保障待遇不予支付决定书",
                "2026-09-01</span>至<span",
                "2026年11月24日",
                "《社会保险法》第三十条第一款第二项",
                "自收到本决定书之日起60日内向永顺县人民政府申请行政复议",
                "《行政复议法》第二十条",
                "起6个月内依法向永顺县人民法院提起行政诉讼",
                "《行政诉讼法》第四十六条",
                "（印章）",
                "签收",
            ],
        ),
        (
            "en",
            [
                "Decision not to pay medical security benefits",
                "2026-09-01</span> to <span",
                "2026-11-24",
                "before 永顺县人民法院 within",
                "A third party is liable",
                "Social Insurance Law §30 (2)",
                "within 60 days of receiving it",
                "within 6 months of receiving it",
                "(seal)",
                "Received by (signature)",
            ],
        ),
    ],
)
def test_it_says_facts_reason_article_and_remedies(client, rejected, language, words):
    client.cookies["django_language"] = language
    page = client.get(url(rejected)).content.decode()
    facts = [
        rejected.number,
        rejected.person.name,
        rejected.person.masked_id,
        rejected.institution.name,
        "FP2026",
        "10,000.00",
        "壹万元整",
        "交通事故，对方负全责<br>已由保险公司赔付",
        "永顺县医疗保障局",
    ]
    for shown in [*facts, *words]:
        assert shown in page, shown
    assert rejected.person.id_number not in page


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_stands_on_it_with_its_article(client, rejected, code):
    client.cookies["django_language"] = "en"
    claim = make_rejected(reason=code)
    page = client.get(url(claim)).content.decode()
    assert str(REASONS[code].label).replace("'", "&#x27;") in page
    assert str(REASONS[code].article) in page


def test_the_claims_page_offers_it_to_those_who_may_print_it(client, rejected):
    page = reverse("admin:claims_claim_change", args=[rejected.pk])
    assert url(rejected) in client.get(page).content.decode()
    client.force_login(make_user(["claims.view_claim"]))
    assert url(rejected) not in client.get(page).content.decode()
    assert client.get(url(rejected)).status_code == 403


@pytest.mark.parametrize("state", ["submitted", "checked", "returned", "approved"])
@pytest.mark.parametrize("name", [PAGE, PDF])
def test_there_is_none_for_a_claim_that_is_not_rejected(client, rejected, state, name):
    claim = make_claim(state)
    claims_page = reverse("admin:claims_claim_change", args=[claim.pk])
    assert client.get(url(claim, name)).headers["Location"] == claims_page
    assert url(claim) not in client.get(claims_page).content.decode()
    assert not IssuedPaper.objects.exists()


def test_a_rejected_upload_has_none(client, rejected):
    upload = make_rejected(source=Claim.Source.UPLOAD, visit_no="1")
    assert client.get(url(upload)).status_code == 404
    page = client.get(reverse("admin:claims_claim_change", args=[upload.pk])).content.decode()
    assert url(upload) not in page


def test_another_townships_resident_gets_none_here(client, rejected):
    other = make_rejected(person=make_resident(division=Division.objects.get(code=OTHER_TOWNSHIP)))
    client.force_login(make_user(SEES, divisions=[TOWNSHIP]))
    assert client.get(url(other)).status_code == 404


def test_it_is_registered_verified_stays_and_its_reading_is_logged(client, rejected):
    first = client.get(url(rejected)).content
    paper = IssuedPaper.objects.get()
    assert verify_paper(rejected.number, paper.code).genuine
    person = rejected.person
    person.name = "彭小山"
    person.save()
    assert client.get(url(rejected)).content == first
    assert IssuedPaper.objects.count() == 1
    assert set(RecordReading.objects.values_list("page", flat=True)) == {PAGE}


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["医疗保障待遇不予支付决定书", "申请行政复议", "第1页共1页"]),
        ("en", ["Decisionnottopay", "administrativereconsideration", "Page1of1"]),
    ],
)
def test_the_pdf_is_one_page(client, rejected, language, words):
    client.cookies["django_language"] = language
    answer = client.get(url(rejected, PDF))
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(pdf_text(answer.content).split())
    for shown in [*words, rejected.number, "10,000.00"]:
        assert shown in text
