"""The benefit statement of a settled claim."""

from datetime import date

import pytest
from django.urls import reverse

from claims.settlement.services import settle_up_to
from claims.statement.pdf import as_pdf
from claims.tests.factories import NOW, make_claim, make_resident
from enrollment.tests.factories import make_bureau, make_user

SEES = ["claims.view_claim", "claims.view_settledclaim"]


@pytest.fixture
def settled(client, transactional_db):
    """A stay of 10,000 yuan, settled: 6,525.00 paid, 3,475.00 left to the resident."""
    make_bureau()
    claim = make_claim("approved", person=make_resident(), approved_on=date(2026, 11, 24))
    settle_up_to(date(2026, 11, 24), actor=None, at=NOW)
    claim.refresh_from_db()
    assert claim.state == "settled"
    client.force_login(make_user(SEES))
    return claim


def url(claim, name="claims_claim_statement"):
    return reverse(f"admin:{name}", args=[claim.pk])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_statement_shows_what_was_frozen_and_masks_the_resident(client, settled, language):
    client.cookies["django_language"] = language
    page = client.get(url(settled)).content.decode()
    for shown in (settled.number, settled.person.masked_id, "10,000.00", "6,525.00", "3,475.00"):
        assert shown in page
    assert settled.person.id_number not in page
    assert settled.person.account_no not in page


def test_the_claims_page_shows_the_frozen_breakdown_and_leads_to_the_statement(client, settled):
    client.cookies["django_language"] = "en"
    page = client.get(reverse("admin:claims_claim_change", args=[settled.pk])).content.decode()
    assert "Settled breakdown" in page
    assert "6,525.00" in page
    assert url(settled) in page


@pytest.mark.parametrize("name", ["claims_claim_statement", "claims_claim_statement_pdf"])
def test_there_is_no_statement_before_the_settlement(client, db, name):
    claim = make_claim("approved")
    client.force_login(make_user(SEES))
    answer = client.get(url(claim, name))
    assert answer.headers["Location"] == reverse("admin:claims_claim_change", args=[claim.pk])


def test_without_the_permission_the_statement_is_closed(client, db):
    claim = make_claim("settled")
    client.force_login(make_user(["claims.view_claim"]))
    assert client.get(url(claim)).status_code == 403


@pytest.mark.pdf
def test_the_pdf_is_one(client, settled):
    answer = client.get(url(settled, "claims_claim_statement_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert settled.number in answer.headers["Content-Disposition"]


@pytest.mark.pdf
def test_a_statement_fetches_nothing(caplog):
    pdf = as_pdf('<p>报销</p><img src="https://example.org/x.png"><img src="file:///etc/passwd">')
    assert pdf.startswith(b"%PDF-")
    refused = [record.getMessage() for record in caplog.records if "load image" in record.msg]
    assert len(refused) == 2
