"""What the window's and the reviews' pages say before somebody acts."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import ClaimAttachment, ClaimPaper, ClaimState
from claims.review.selectors import MINE
from claims.tests.factories import make_claim, make_clerk, make_reviewer
from enrollment.tests.factories import make_bureau


@pytest.fixture(autouse=True)
def bureau(db):
    make_bureau()


def in_english(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_papers_start_unticked_and_an_empty_choice_is_refused(client):
    clerk = make_clerk()
    claim = make_claim(ClaimState.SUBMITTED, entered_by=clerk)
    ClaimPaper.objects.create(claim=claim, kind="invoice")
    url = reverse("admin:claims_claim_papers", args=[claim.pk])
    assert "checked" not in in_english(client, clerk).get(url).content.decode().split("<form")[-1]
    assert "Tick at least one paper" in client.post(url, {}).content.decode()
    assert ClaimPaper.objects.filter(handed_in_on__isnull=True).count() == 1


def test_scans_are_of_the_claims_own_papers_and_an_empty_file_has_its_name(client):
    clerk = make_clerk()
    claim = make_claim(ClaimState.SUBMITTED, entered_by=clerk)
    ClaimPaper.objects.create(claim=claim, kind="invoice")
    url = reverse("admin:claims_claim_scans", args=[claim.pk])
    page = in_english(client, clerk).get(url).content.decode()
    assert 'value="invoice"' in page
    assert 'value="account"' not in page
    assert 'value="guardian"' not in page
    client.cookies["django_language"] = "zh-hans"
    files = [SimpleUploadedFile("a.pdf", b""), SimpleUploadedFile("b.txt", b"x")]
    page = client.post(url, {"kind": "invoice", "scans": files}).content.decode()
    assert "a.pdf：" in page
    assert "b.txt：" in page
    assert not ClaimAttachment.objects.exists()


def test_the_headline_counts_only_what_needs_the_reader(client):
    clerk = make_clerk()
    make_claim(ClaimState.SUBMITTED, entered_by=clerk)
    page = in_english(client, clerk).get("/").content.decode()
    assert f'data-queue="claims_{MINE}"' in page
    assert "Nothing is waiting for you" in page


def test_a_review_shows_invoice_stay_and_what_is_to_be_paid(client):
    claim = make_claim(ClaimState.CHECKED, invoice_no="F77")
    url = reverse("admin:claims_claim_approve", args=[claim.pk])
    page = in_english(client, make_reviewer()).get(url).content.decode()
    assert "F77" in page
    assert "To be paid" in page
    assert f"{claim.admitted_on} – {claim.discharged_on}" in page


def test_many_at_once_are_shown_before_they_are_approved(client):
    claims = [make_claim(ClaimState.CHECKED, total=Decimal("7001.00")) for _nth in range(2)]
    chosen = {"action": "approve_selected", "_selected_action": [one.pk for one in claims]}
    url = reverse("admin:claims_claim_changelist")
    page = in_english(client, make_reviewer()).post(url, chosen).content.decode()
    for one in claims:
        assert one.number in page
        assert one.institution.name in page
    assert page.count("7,001.00") == 2
