"""What is typed from papers at the window: one invoice once, all errors at once, no false money."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.intake.selectors import Candidate, findings_for
from claims.intake.services import ClaimStopped, correct_claim, submit_claim
from claims.models import Claim
from claims.tests.factories import NOW, make_claim, make_clerk, make_draft, make_resident
from claims.tests.test_window import papers
from claims.window.forms import ClaimForm
from enrollment.tests.factories import make_bureau, make_institution, make_person

URL = "/window/"
SPELLINGS = [
    "0099001122",
    "００９９００１１２２",
    "0099-001122",
    "NO.0099001122",
    "No：0099001122",
    "№0099001122",
    "N°0099001122",
    "0099001122。",
    "0099\u200b001122",
    "0099 001122",
]


@pytest.fixture
def clerk(client, db):
    make_bureau()
    user = make_clerk()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_invoice_is_claimed_once_however_it_is_spelled(client, clerk, spelling):
    earlier = make_claim(invoice_no="0099001122")
    form = papers(earlier.institution, person=make_resident().pk, invoice_no=spelling)
    page = client.post(URL, form).content.decode()
    assert f"claim {earlier.number}" in page
    assert 'id="id_invoice_no_error"' in page
    assert Claim.objects.count() == 1


def test_the_services_store_the_one_spelling_too(clerk):
    draft = make_draft(invoice_no="no.00 99-1")
    claim = submit_claim(draft, person=make_resident(), actor=clerk, at=NOW)
    assert claim.invoice_no == "00991"
    again = make_draft(invoice_no="№00991", institution=draft.institution)
    with pytest.raises(ClaimStopped):
        submit_claim(again, person=make_resident(), actor=clerk, at=NOW)
    returned = make_claim(
        "returned", institution=draft.institution, invoice_no="5", number="20261124900001"
    )
    with pytest.raises(ClaimStopped):
        correct_claim(returned, again, actor=clerk, at=NOW)


def test_an_invoice_needs_a_letter_or_a_digit(client, clerk):
    form = papers(make_institution(), person=make_resident().pk, invoice_no="—。")
    page = client.post(URL, form).content.decode()
    assert "Write the number as it is printed on the invoice." in page
    assert not Claim.objects.exists()


def test_the_same_bill_and_the_same_number_elsewhere_are_pointed_out(
    clerk, django_assert_num_queries
):
    person = make_resident()
    bill = make_claim(person=person, kind="general_outpatient", admitted_on=None)
    elsewhere = make_claim(invoice_no="0099001122")
    draft = make_draft(invoice_no="0099001122", kind="general_outpatient", admitted_on=None)
    with django_assert_num_queries(3):
        (found,) = findings_for([Candidate(person.pk, draft)], today=NOW.date())
    told = {one.code: one.figures["number"] for one in found if one.code != "not_designated"}
    assert told == {"same_bill": bill.number, "invoice_elsewhere": elsewhere.number}
    (found,) = findings_for([Candidate(bill.person_id, draft, claim_id=bill.pk)], today=NOW.date())
    assert "same_bill" not in {one.code for one in found}


def test_a_stay_before_the_birth_is_refused_with_field_and_remedy(client, clerk):
    child = make_resident(born_on=date(2026, 9, 4))
    page = client.post(URL, papers(make_institution(), person=child.pk)).content.decode()
    assert 'id="id_admitted_on_error"' in page
    assert "lies before the resident" in page
    assert not Claim.objects.exists()
    born = papers(make_institution(), person=child.pk, admitted_on="2026-09-04", to_supply="on")
    assert client.post(URL, born).status_code == 302


def test_full_width_digits_and_letters_are_read(client, clerk):
    person = make_resident(name="向梓涵")
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    for query in (
        person.id_number.translate(wide), person.id_number[-4:].translate(wide),
        "ＸＺＨ", "ｘｚｈ", "向　梓涵",
    ):  # fmt: skip
        assert (
            f"?person={person.pk}" in client.post(f"{URL}find/", {"q": query}).headers["Location"]
        )
    typed = papers(
        make_institution(), person=person.pk, admitted_on="２０２６年９月１日",
        discharged_on="2026 9 8", total="１０，０００．００元", excluded="￥600", over_limit="RMB0",
    )  # fmt: skip
    assert client.post(URL, typed).status_code == 302
    claim = Claim.objects.get()
    assert (claim.admitted_on, claim.discharged_on) == (date(2026, 9, 1), date(2026, 9, 8))
    assert (str(claim.total), str(claim.excluded)) == ("10000.00", "600.00")


def test_who_is_not_covered_is_quoted_nothing(client, clerk):
    form = papers(make_institution(), person=make_person().pk)
    page = client.post(f"{URL}quote/", form).content.decode()
    assert "no enrolment of 2026" in page
    assert "Paid to the resident" not in page
    assert "The quote needs" not in page


def test_an_excluded_cause_is_said_without_a_word_on_the_calculation(client, clerk):
    form = papers(make_institution(), person=make_resident().pk, excluded_cause="abroad")
    page = client.post(f"{URL}quote/", form).content.decode()
    assert "nothing is quoted" in page
    assert "the settlement decides" not in page


def test_an_empty_form_names_everything_in_one_go(client, clerk):
    page = client.post(URL, {"person": make_resident().pk, "kind": "inpatient"}).content.decode()
    for field in ("institution", "admitted_on", "discharged_on", "diagnosis", "invoice_no"):
        assert f'id="id_{field}_error"' in page
    assert "A stay in hospital needs its day of admission." in page
    assert "Not handed in" in page
    page = client.post(URL, {"person": make_resident().pk, "kind": "two_diseases"})
    assert 'id="id_detail_error"' in page.content.decode()


def test_the_rules_speak_beside_the_errors_of_the_form(client, clerk):
    earlier = make_claim(invoice_no="F0012")
    form = papers(
        earlier.institution, person=make_person().pk, total="12,3", diagnosis="", papers=[]
    )
    page = client.post(URL, form).content.decode()
    for text in ("no enrolment of 2026", f"claim {earlier.number}", "Not handed in"):
        assert text in page
    assert 'id="id_diagnosis_error"' in page
    assert page.count("The total must be more than 0.") == 0
    tomorrow = timezone.localdate().replace(year=2099).isoformat()
    with CaptureQueriesContext(connection) as statements:
        page = client.post(URL, form | {"discharged_on": tomorrow}).content.decode()
    assert "lies in the future" in page
    assert len(statements) <= 40


def test_a_correction_names_all_in_one_go_as_well(client, clerk):
    earlier = make_claim(invoice_no="F0012")
    claim = make_claim("returned", entered_by=clerk, person=make_resident())
    form = papers(earlier.institution, claim=claim.pk, version=claim.version, diagnosis="")
    page = client.post(f"/window/claims/{claim.pk}/", form)
    assert page.status_code == 200
    assert f"claim {earlier.number}" in page.content.decode()
    assert 'id="id_diagnosis_error"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "rare"), [("", False), ("0.00", False), ("0", False), ("1", True), ("x", True)]
)
def test_nothing_paid_before_says_nothing(db, typed, rare):
    make_bureau(scheme="tianjin-critical-illness")
    form = ClaimForm(initial={"already_medical_aid": typed})
    assert form.is_rare is (rare and bool(form.rarely_asked))
    assert ClaimForm(initial={"already_poverty": typed}).is_rare is (
        rare and bool(form.rarely_asked)
    )


def test_the_empty_window_names_every_way_to_find_a_resident(client, clerk):
    assert "the name or its initials" in client.get(URL).content.decode()


def test_a_missing_field_is_asked_for_in_the_portals_words(client, clerk):
    client.cookies["django_language"] = "zh-hans"
    page = client.post(URL, {"person": make_resident().pk, "kind": "inpatient"}).content.decode()
    assert "请填写此项。" in page
    assert "必填" not in page
