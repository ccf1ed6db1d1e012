"""The benefit statement of a settled claim."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from claims.settlement.services import settle_up_to
from claims.statement.document import statement_of
from claims.tests.factories import NOW, make_claim, make_resident
from enrollment.models import IssuedPaper
from enrollment.printing.pdf import as_pdf
from enrollment.printing.services import issue_paper, paper_html, verify_paper
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.papers import pdf_pages, pdf_text

SEES = ["claims.view_claim", "claims.view_settledclaim"]


@pytest.fixture
def settled(client, transactional_db):
    """A stay of 10,000 yuan, settled: 6,525.00 paid, 3,475.00 left to the resident."""
    make_bureau()
    claim = make_claim("approved", person=make_resident(), approved_on=date(2026, 11, 24))
    settle_up_to(date(2026, 11, 24), actor=None, at=NOW)
    claim.refresh_from_db()
    assert claim.state == "settled"
    client.force_login(make_user([*SEES, "claims.enter_claim"]))
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
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["补偿清单", "基本医保", "起付线", "第1页共1页"]),
        ("en", ["Benefitstatement", "Deductible", "Page1of1"]),
    ],
)
def test_the_pdf_shows_figures_steps_capitals_and_pages(client, settled, language, words):
    client.cookies["django_language"] = language
    answer = client.get(url(settled, "claims_claim_statement_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert settled.number in answer.headers["Content-Disposition"]
    text = "".join(pdf_text(answer.content).split())  # blanks between Chinese get lost
    figures = ["10,000.00", "6,525.00", "3,475.00", "陆仟伍佰贰拾伍元整", settled.number]
    for shown in [*figures, *words]:
        assert shown in text
    assert settled.person.account_no not in text
    assert answer.content == client.get(url(settled, "claims_claim_statement_pdf")).content


def test_the_statement_is_registered_and_verified(client, settled):
    client.get(url(settled))
    paper = IssuedPaper.objects.get()
    assert paper.prints.count() == 1
    found = verify_paper(settled.number, paper.code)
    assert found.genuine
    assert "6,525.00" in [value for _label, value in paper.summary]


@pytest.mark.pdf
def test_the_signature_never_stands_alone_on_a_page(settled):
    with translation.override("zh-hans"):
        paper = issue_paper(statement_of(settled), actor=make_user(), at=NOW)
        html, table = paper_html(paper), '<table class="layers">'
        turned = 0
        # Line by line the last rows come to the foot of the page and go over it.
        for lines in range(2, 18):
            filled = html.replace(table, "<p>经办说明</p>" * lines + table, 1)
            page = render_to_string("printing/page.html", {"paper": paper, "html": filled})
            pages = pdf_pages(as_pdf(page))
            signed = "".join(pages[-1].split())
            assert "参保人签字" in signed
            assert "合计支付" in signed and "个人负担3,475.00" in signed, lines
            turned += len(pages) > 1
    assert 0 < turned < 16
