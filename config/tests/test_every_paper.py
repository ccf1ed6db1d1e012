"""What holds for every kind of paper: whom it names, how it is set, that it says who issued it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from claims.batch_sheet.document import sheet_of
from claims.filingdesk.document import slip_of
from claims.outofarea.services import Destination, file_outside_care
from claims.overpaymentbook.notice import notice_of
from claims.payments.services import approve_batch, make_batch
from claims.receipt.document import receipt_of
from claims.refusal.document import decision_of, rejection_of
from claims.specialdesk.document import certificate_document
from claims.statement.document import statement_of
from claims.tests.factories import make_rejected
from claims.tests.night import NOW, approved_claim, covered_person, make_finance, settle
from claims.tests.overpaid import reversed_claim
from claims.tests.special import FILER, make_certificate
from enrollment.models import Person
from enrollment.printing import documents
from enrollment.printing.documents import Document
from enrollment.printing.services import issue_paper, paper_html
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.tests.papers import assert_set_in_chinese
from supervision.decisions.document import agreement_decision, penalty_decision
from supervision.decisions.inspection_record import record_of
from supervision.penalties.services import decide_penalty, recover_by_agreement
from supervision.tests import helpers as guard

pytestmark = pytest.mark.django_db
NAME = "欧阳秀兰"
Made = tuple[Callable[[], Document], Person | None]


def resident() -> Person:
    """Somebody whose name can be found in a page."""
    return covered_person(name=NAME)


def receipt() -> Made:
    claim = approved_claim(resident())
    return lambda: receipt_of(claim), claim.person


def statement() -> Made:
    claim = approved_claim(resident())
    settle()
    claim.refresh_from_db()
    return lambda: statement_of(claim), claim.person


def refusal() -> Made:
    claim = make_rejected(person=resident(), note="交通事故，对方负全责")
    rejection = rejection_of(claim)
    assert rejection is not None
    return lambda: decision_of(claim, rejection), claim.person


def slip() -> Made:
    filing = file_outside_care(
        resident(),
        "long_term",
        Destination("湖南省长沙市", "430100"),
        starts_on=date(2026, 10, 1),
        actor=make_user(FILER),
        at=NOW,
    )
    return lambda: slip_of(filing), filing.person


def certificate() -> Made:
    row = make_certificate(resident())
    return lambda: certificate_document(row), row.person


def notice() -> Made:
    person, owed = reversed_claim()
    Person.objects.filter(pk=person.pk).update(name=NAME)
    person.refresh_from_db()
    owed.refresh_from_db()
    return lambda: notice_of(owed), person


def notice_to_institution() -> Made:
    place = make_institution(account_no="6222026099990001", account_name="县医院")
    person, owed = reversed_claim(source="upload", institution=place)
    Person.objects.filter(pk=person.pk).update(name=NAME)
    return lambda: notice_of(owed), None


def batch() -> Made:
    approved_claim(resident())
    settle()
    made = make_batch(actor=make_finance(), at=NOW).batch
    approve_batch(made, actor=make_finance(), at=NOW)
    return lambda: sheet_of(made), None


def penalty() -> Made:
    case = decide_penalty(
        guard.make_notified(),
        recovery=Decimal("1000.00"),
        fine=Decimal("1500.00"),
        defence="当事人未提出陈述、申辩。",
        heard_on=guard.TODAY,
        actor=guard.supervisor(),
        at=guard.AT,
    )
    return lambda: penalty_decision(case), None


def agreement() -> Made:
    row = recover_by_agreement(
        [guard.make_finding()], actor=guard.supervisor(), at=guard.AT, note="按协议追回"
    )
    return lambda: agreement_decision(row), None


def record() -> Made:
    visit = guard.make_finding().visit
    return lambda: record_of(visit), None


# Whose paper each is (docs/rules/papers.md): the person's own, the bureau's, an institution's.
OWN = {
    "acceptance_receipt": receipt,
    "benefit_statement": statement,
    "decision_not_to_pay": refusal,
    "area_filing_slip": slip,
    "special_certificate": certificate,
    "overpayment_notice": notice,
}
BUREAUS = {"payment_batch": batch}
INSTITUTIONS = {
    "penalty_decision": penalty,
    "agreement_decision": agreement,
    "inspection_record": record,
}
ALL = {**OWN, **BUREAUS, **INSTITUTIONS}


def text_of(make: Callable[[], Document], language: str) -> str:
    """The paper as it is issued in that language."""
    with translation.override(language):
        document = make()
        return paper_html(issue_paper(document, actor=make_user(), at=NOW))


def test_every_registered_kind_has_its_rule() -> None:
    assert set(documents._kinds) == set(ALL)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", OWN)
def test_a_paper_for_the_person_shows_the_whole_name_and_the_masked_number(
    kind: str, language: str
) -> None:
    make_bureau()
    make, person = OWN[kind]()
    assert person is not None
    document, shown = make(), text_of(make, language)
    assert document.kind == kind
    assert NAME in shown
    assert "欧阳*" not in shown
    assert person.masked_id in shown
    for hidden in (person.id_number, person.account_no, person.phone):
        assert hidden not in shown
    assert (NAME in [value for _label, value in document.summary]) or kind == "overpayment_notice"


@pytest.mark.parametrize("kind", INSTITUTIONS)
def test_a_paper_for_an_institution_names_no_resident(kind: str) -> None:
    make_bureau()
    person = resident()
    make, _nobody = INSTITUTIONS[kind]()
    shown = text_of(make, "zh-hans")
    assert person.name not in shown
    assert person.masked_id not in shown


def test_a_notice_to_an_institution_names_claims_and_no_resident() -> None:
    make_bureau()
    make, _nobody = notice_to_institution()
    shown = text_of(make, "zh-hans")
    assert NAME not in shown
    assert "433127********" not in shown


def test_the_sheet_of_a_batch_names_payees_as_the_bank_knows_them() -> None:
    make_bureau()
    make, _nobody = batch()
    shown = text_of(make, "zh-hans")
    person = Person.objects.get(name=NAME)
    assert NAME in shown
    assert person.account_no not in shown
    assert person.masked_id not in shown


@pytest.mark.parametrize("kind", ALL)
def test_every_chinese_paper_is_set_in_chinese_and_names_its_bureau(kind: str) -> None:
    make_bureau()
    make, _person = ALL[kind]()
    shown = text_of(make, "zh-hans")
    assert "永顺县医疗保障局" in shown
    assert_set_in_chinese(shown)


@pytest.mark.parametrize("kind", ALL)
def test_who_verifies_a_chinese_paper_in_english_reads_english_labels(kind: str) -> None:
    make_bureau()
    make, _person = ALL[kind]()
    with translation.override("zh-hans"):
        paper = issue_paper(make(), actor=make_user(), at=NOW)
        assert paper.figures == [tuple(pair) for pair in paper.summary]
    with translation.override("en"):
        labels = [label for label, _value in paper.figures]
        values = [value for _label, value in paper.figures]
    assert labels
    assert "".join(labels).isascii()
    assert values == [value for _label, value in paper.summary]


@pytest.mark.parametrize("kind", ["special_certificate", "area_filing_slip"])
def test_what_the_holder_shows_to_others_has_a_place_for_the_seal(kind: str) -> None:
    make_bureau()
    make, _person = OWN[kind]()
    with translation.override("zh-hans"):
        day = make().context["decided_on"]
    shown = text_of(make, "zh-hans")
    assert "（印章）" in shown
    assert f"<p>{day}</p>" in shown


def test_the_parts_of_in_policy_cost_have_one_name_on_the_statement() -> None:
    make_bureau()
    make, _person = statement()
    shown = text_of(make, "en")
    step = shown[shown.index("In-policy cost =") :].partition("</li>")[0].lower()
    for heading in ("Total cost", "Wholly self-paid", "Above price limits", "First self-payment"):
        assert f"<th>{heading}</th>" in shown
        assert heading.lower() in step


# What an English paper once said, and no reader understands at once.
CLUMSY = ("Come back", "Whose money", "What is decided", "Put together by", "In all", "two people,")


@pytest.mark.parametrize("kind", ALL)
def test_no_english_paper_says_what_once_was_clumsy(kind: str) -> None:
    make_bureau()
    make, _person = ALL[kind]()
    shown = text_of(make, "en")
    for words in CLUMSY:
        assert words not in shown, words
