"""The acceptance receipt: what it says, to whom, and its bars."""

import pytest
from barcode.charsets.code128 import CODES
from django.urls import reverse

from claims.intake.services import submit_claim
from claims.models import Claim
from claims.papers.services import receive_papers
from claims.receipt.barcode import QUIET, code128
from claims.tests.factories import NOW, make_claim, make_clerk, make_draft, make_resident
from enrollment.calendar.models import CalendarYear
from enrollment.models import IssuedPaper
from enrollment.tests.factories import make_bureau, make_user


@pytest.fixture
def claim(client, db):
    make_bureau()
    clerk = make_clerk(full_name="向窗口")
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return submit_claim(
        make_draft(),
        person=make_resident(name="彭大山"),
        actor=clerk,
        at=NOW,
        handed_in=["invoice", "cost_list", "identity"],
        to_supply=True,
    )


def test_it_says_what_came_in_what_is_missing_and_by_when(client, claim):
    page = client.get(reverse("admin:claims_claim_receipt", args=[claim.pk])).content.decode()
    for text in (claim.number, claim.due_on.isoformat(), "永顺县医疗保障局", "向窗口", "10,000.00"):
        assert text in page
    assert claim.person.name in page
    assert claim.person.masked_id in page
    assert claim.person.id_number not in page
    came, missing = page.split("Notice: to be supplied")
    assert "invoice" in came
    assert "diagnosis certificate" in missing
    assert "medical records" in missing
    assert "<style" not in page
    assert " style=" not in page


def test_a_due_date_on_a_guessed_calendar_says_that_it_may_move(client, claim):
    url = reverse("admin:claims_claim_receipt", args=[claim.pk])
    assert "The calendar of 2027 is not entered" in client.get(url).content.decode()
    CalendarYear.objects.create(year=2027, source="通知")
    page = client.get(url).content.decode()
    assert claim.due_on.isoformat() in page
    assert "is not entered" not in page


def test_papers_that_come_in_give_the_next_version(client, claim):
    url = reverse("admin:claims_claim_receipt", args=[claim.pk])
    client.get(url)
    receive_papers(claim, ["diagnosis", "records"], actor=make_clerk(), at=NOW)
    page = client.get(url).content.decode()
    assert "Notice: to be supplied" not in page
    assert "version 2" in page


@pytest.mark.parametrize("name", ["claims_claim_receipt", "claims_claim_receipt_pdf"])
def test_who_only_reads_issues_no_paper(client, claim, name):
    url = reverse(f"admin:{name}", args=[claim.pk])
    auditor = make_user(permissions=["claims.view_claim"], full_name="吴审计")
    client.force_login(auditor)
    answer = client.get(url, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:claims_claim_change", args=[claim.pk])
    assert "has not been issued yet" in answer.content.decode()
    assert not IssuedPaper.objects.exists()


def test_who_only_reads_sees_the_paper_as_it_was_issued(client, claim):
    url = reverse("admin:claims_claim_receipt", args=[claim.pk])
    client.get(url)
    receive_papers(claim, ["diagnosis", "records"], actor=make_clerk(), at=NOW)
    client.force_login(make_user(permissions=["claims.view_claim"], full_name="吴审计"))
    page = client.get(url).content.decode()
    assert "Notice: to be supplied" in page
    assert "向窗口" in page
    assert "吴审计" not in page.partition("<main")[2].partition("</main>")[0]
    assert IssuedPaper.objects.count() == 1


@pytest.mark.pdf
def test_it_comes_as_a_pdf(client, claim):
    answer = client.get(reverse("admin:claims_claim_receipt_pdf", args=[claim.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_an_upload_has_no_receipt_and_others_get_none(client, claim):
    upload = make_claim(source="upload", visit_no="1")
    url = reverse("admin:claims_claim_receipt", args=[upload.pk])
    assert client.get(url).status_code == 404
    client.force_login(make_user(["claims.enter_claim"]))
    url = reverse("admin:claims_claim_receipt", args=[claim.pk])
    assert client.get(url).status_code == 403
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("number", ["20261124000123", "20261124000999", "2026112400099"])
def test_the_bars_read_as_the_number(number):
    """Decoded by the table of the standard, independently of how they were drawn."""
    barcode = code128(number)
    modules = ["0"] * barcode.width
    for left, width in barcode.bars:
        modules[left : left + width] = "1" * width
    text = "".join(modules)[QUIET:-QUIET]
    values = [CODES.index(text[at : at + 11]) for at in range(0, len(text) - 13, 11)]
    assert text.endswith("1100011101011")
    *signs, check = values
    assert check == (signs[0] + sum(nth * value for nth, value in enumerate(signs))) % 103
    assert _read(signs) == number


def _read(signs):
    """Code sets B and C as the standard has them."""
    current, text = {104: "B", 105: "C"}[signs[0]], ""
    for value in signs[1:]:
        if value == 99 and current == "B":
            current = "C"
        elif value == 100 and current == "C":
            current = "B"
        else:
            text += f"{value:02d}" if current == "C" else chr(value + 32)
    return text
