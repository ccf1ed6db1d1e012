"""The window page: search, card, live quote, submit, correct."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, ClaimState, ClaimTransition
from claims.tests.factories import make_claim, make_clerk, make_resident, make_reviewer
from enrollment.tests.factories import make_bureau, make_identity, make_institution, make_person

URL = "/window/"


@pytest.fixture
def clerk(client, db):
    make_bureau()
    user = make_clerk()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def papers(hospital, **fields):
    """What a clerk types for a plain stay."""
    return {
        "institution": hospital.code,
        "kind": "inpatient",
        "admitted_on": "20260901",
        "discharged_on": "20260908",
        "diagnosis": "肺炎",
        "invoice_no": "f 0012",
        "total": "10,000",
        "excluded": "600",
        "over_limit": "",
        "first_self_pay": "200",
        "papers": ["invoice", "cost_list", "diagnosis", "records", "identity"],
    } | fields


def test_without_the_permission_the_window_is_closed(client, db):
    client.force_login(make_reviewer())
    for path in (URL, "/window/find/", "/window/quote/"):
        assert client.post(path).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_opens_with_the_search_box_in_focus(client, clerk, language):
    client.cookies["django_language"] = language
    page = client.get(URL).content.decode()
    assert "data-focus data-find" in page
    assert 'id="claim"' not in page


def test_search_finds_by_name_and_by_last_four_and_masks_the_number(client, clerk):
    person = make_resident(name="彭大山")
    for query in ("彭", person.id_number[-4:], person.id_number):
        found = client.post("/window/find/", {"q": query}, headers={"HX-Request": "true"})
        page = found.content.decode()
        assert f"?person={person.pk}" in page
        assert person.masked_id in page
        assert person.id_number not in page


def test_enter_goes_straight_to_the_only_one_found(client, clerk):
    person = make_resident(name="彭大山")
    assert client.post("/window/find/", {"q": "彭大山"}).headers["Location"] == (
        f"{URL}?person={person.pk}"
    )
    make_resident(name="彭大山")
    page = client.post("/window/find/", {"q": "彭大山"}, follow=True)
    assert page.content.decode().count("data-found data-focus") == 1


def test_one_may_come_back_to_what_was_found_and_no_number_stands_in_its_address(client, clerk):
    first, second = (make_resident(name="彭大山") for _n in range(2))
    for query, found in (("彭大山", {first, second}), ("4" * 18, set())):
        answer = client.post("/window/find/", {"q": query})
        address = answer.headers["Location"]
        assert (answer.status_code, query in address) == (302, False)
        for _again in range(2):
            page = client.get(address)
            assert page.status_code == 200
            assert set(page.context["search"]["found"]) == found
    client.force_login(make_clerk())
    assert "search" not in client.get(address).context


def test_the_address_of_the_search_itself_leads_to_the_window(client, clerk):
    assert client.get("/window/find/").headers["Location"] == URL


def test_nobody_found_says_what_to_do(client, clerk):
    page = client.post("/window/find/", {"q": "无名"}, follow=True).content.decode()
    assert "Nobody is found under “无名”" in page


def test_the_card_masks_account_and_phone_and_shows_identities(client, clerk):
    person = make_resident(name="彭大山")
    make_identity(person, "low_income")
    claim = make_claim(person=person)
    page = client.get(f"{URL}?person={person.pk}").content.decode()
    assert person.masked_account in page
    assert person.masked_phone in page
    assert person.account_no not in page
    assert person.phone not in page
    assert person.id_number not in page
    assert "low income" in page
    assert reverse("admin:claims_claim_change", args=[claim.pk]) in page
    assert "no ceiling" in page  # critical illness of a low-income resident
    assert "50,000.00" in page  # medical aid


def test_somebody_not_covered_is_shown_at_once_with_the_reason(client, clerk):
    page = client.get(f"{URL}?person={make_person().pk}").content.decode()
    assert '<span class="tag tag-red">not covered</span>' in page
    assert "no enrolment of" in page


@pytest.mark.parametrize("key", ["999999", "abc", "-1", "9" * 40, "1\0"])
def test_an_unknown_resident_is_no_error_page(client, clerk, key):
    assert client.get(URL, {"person": key}).status_code == (400 if "\0" in key else 200)
    assert client.post(URL, {"person": key}).status_code in (200, 404)
    assert Claim.objects.count() == 0


def test_the_live_quote_comes_from_the_settlements_calculator(client, clerk):
    person, institution = make_resident(), make_institution()
    page = client.post("/window/quote/", papers(institution, person=person.pk)).content.decode()
    # (10,000 − 600 − 200 − 500) × 75 %
    assert "6,525.00" in page
    assert "9,200.00" in page
    assert "3,475.00" in page


def test_a_half_filled_form_gives_what_can_be_said_so_far(client, clerk):
    person = make_person()
    given = {"person": person.pk, "total": "100", "excluded": "30"}
    page = client.post("/window/quote/", given).content.decode()
    assert "70.00" in page
    assert "needs the institution" in page
    # Coverage and duplicates are told before any amount is typed.
    given = papers(make_institution(), person=person.pk, total="")
    page = client.post("/window/quote/", given).content.decode()
    assert "Not covered on 2026-09-08" in page


def test_a_quote_takes_at_most_fourteen_statements(client, clerk):
    person, institution = make_resident(), make_institution()
    for month in (1, 2, 3):
        make_claim(
            person=person, admitted_on=date(2026, month, 1), discharged_on=date(2026, month, 3)
        )
    with CaptureQueriesContext(
        connection,
    ) as statements:
        page = client.post("/window/quote/", papers(institution, person=person.pk))
    assert "3 other claims of the year" in page.content.decode()
    assert len(statements) <= 14


def test_the_page_with_card_takes_a_bounded_number_of_statements(client, clerk):
    person = make_resident()
    for day in range(1, 25):
        make_claim(person=person, kind="general_outpatient", admitted_on=None,
                   discharged_on=date(2026, 3, day))  # fmt: skip
    with CaptureQueriesContext(connection) as statements:
        client.get(f"{URL}?person={person.pk}")
    assert len(statements) <= 18


def test_submitting_confirms_with_the_number_and_returns_to_the_search_box(client, clerk):
    person, institution = make_resident(), make_institution()
    answer = client.post(URL, papers(institution, person=person.pk))
    claim = Claim.objects.get()
    assert answer.headers["Location"] == f"{URL}?done={claim.number}"
    assert (claim.person, claim.institution, claim.entered_by) == (person, institution, clerk)
    assert (claim.total, claim.in_policy) == (Decimal("10000.00"), Decimal("9200.00"))
    assert (claim.invoice_no, claim.admitted_on, claim.discharged_on) == (
        "F0012", date(2026, 9, 1), date(2026, 9, 8),
    )  # fmt: skip
    page = client.get(answer.headers["Location"]).content.decode()
    assert claim.number in page
    assert "data-focus data-find" in page


def test_the_next_claim_starts_with_the_same_person_and_hospital(client, clerk):
    person, institution = make_resident(), make_institution()
    answer = client.post(URL, papers(institution, person=person.pk, next="1"))
    claim = Claim.objects.get()
    assert answer.headers["Location"] == (
        f"{URL}?done={claim.number}&person={person.pk}&like={claim.number}"
    )
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'value="{institution.code} {institution.name}"' in page
    assert f'name="person" value="{person.pk}"' in page
    assert "F0012" not in page


def refused(client, form):
    """The page that comes back; nothing may have been written."""
    page = client.post(URL, form)
    assert page.status_code == 200
    assert Claim.objects.count() == 0
    assert ClaimTransition.objects.count() == 0
    return page.content.decode()


def test_errors_stand_at_the_field_and_in_the_summary_and_nothing_is_lost(client, clerk):
    form = papers(make_institution(), person=make_resident().pk, total="12,3x", diagnosis="")
    page = refused(client, form)
    assert "error-summary" in page
    assert 'href="#id_total"' in page
    assert 'id="id_diagnosis_error"' in page
    for typed in ("12,3x", "20260901", "f 0012", form["institution"]):
        assert f'value="{typed}"' in page


def test_what_the_rules_stop_stands_at_its_field(client, clerk):
    earlier = make_claim(invoice_no="F0012")
    form = papers(earlier.institution, person=make_resident().pk)
    page = client.post(URL, form).content.decode()
    assert f"claim {earlier.number}" in page
    assert 'id="id_invoice_no_error"' in page
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("institution", "nowhere"),
        ("institution", "x" * 5000),
        ("institution", "医\0院"),
        ("kind", "theft"),
        ("kind", ""),
        ("filing", "maybe"),
        ("admitted_on", "2026-02-30"),
        ("admitted_on", ""),
        ("discharged_on", "昨天"),
        ("discharged_on", "99999999"),
        ("total", "-5"),
        ("total", "0"),
        ("total", "1e9"),
        ("total", "NaN"),
        ("total", "1.005"),
        ("total", "99999999999999"),
        ("excluded", "-0.01"),
        ("over_limit", "10001"),
        ("diagnosis", "长" * 101),
        ("diagnosis", "a\0b"),
        ("invoice_no", " "),
        ("invoice_no", "9" * 41),
    ],
)
def test_malformed_posts_are_refused_without_a_trace(client, clerk, field, value):
    form = papers(make_institution(), person=make_resident().pk, **{field: value})
    assert "error-summary" in refused(client, form)
    assert client.post("/window/quote/", form).status_code == 200


def test_a_part_of_the_name_is_enough_when_only_one_fits(client, clerk):
    hospital = make_institution(code="H43312798765", name="芙蓉镇中心卫生院")
    make_institution(name="首车镇中心卫生院")
    person = make_resident()
    assert (
        client.post(URL, papers(hospital, institution="芙蓉", person=person.pk)).status_code == 302
    )
    assert Claim.objects.get().institution == hospital
    for part, expected in (
        ("中心卫生院", "2 institutions fit"),
        ("98765", "芙蓉镇中心卫生院"),
        ("frzzx", "芙蓉镇中心卫生院"),
        ("ZXWSY", "2 institutions fit"),
        ("qq", "is not in the list"),
    ):
        page = client.post("/window/quote/", papers(hospital, institution=part, person=person.pk))
        assert expected in page.content.decode(), part


def test_outside_the_county_the_filing_is_asked(client, clerk):
    away = make_institution(in_county=False, level="city")
    form = papers(away, person=make_resident().pk)
    page = refused(client, form)
    assert 'id="id_filing_error"' in page
    assert client.post(URL, form | {"filing": "referred"}).status_code == 302
    assert Claim.objects.get().filing == "referred"


def test_in_the_county_a_filing_is_not_kept(client, clerk):
    form = papers(make_institution(), person=make_resident().pk, filing="unfiled")
    assert client.post(URL, form).status_code == 302
    assert Claim.objects.get().filing == "none"


def test_a_returned_claim_is_corrected_on_the_same_page(client, clerk):
    claim = make_claim(ClaimState.RETURNED, entered_by=clerk)
    ClaimTransition.objects.create(
        subject=claim, action="return_second", from_state="checked", to_state="returned",
        actor=make_reviewer(), at=timezone.now(), note="金额与发票不符",
    )  # fmt: skip
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    page = client.get(url).content.decode()
    assert "金额与发票不符" in page
    assert 'value="10,000.00"' in page
    answer = client.post(url, papers(claim.institution, total="9000", invoice_no="F1"))
    assert answer.headers["Location"] == f"{URL}?done={claim.number}"
    claim.refresh_from_db()
    assert (claim.state, claim.total, claim.invoice_no) == ("checked", Decimal("9000.00"), "F1")


def test_a_claim_that_is_not_returned_is_not_corrected(client, clerk):
    claim = make_claim("approved", entered_by=clerk)
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    page = client.post(url, papers(claim.institution, total="9000"))
    assert "can no longer be corrected" in page.content.decode()
    claim.refresh_from_db()
    assert (claim.state, claim.total) == ("approved", Decimal("10000.00"))


def test_the_quote_is_asked_by_post_only(client, clerk):
    assert client.get("/window/quote/").status_code == 405


def test_an_excluded_cause_is_entered_with_its_reason_said(client, clerk):
    form = papers(make_institution(), person=make_resident().pk, excluded_cause="work_injury")
    page = client.post("/window/quote/", form).content.decode()
    assert "Work injury: the fund does not pay" in page
    assert client.post(URL, form).status_code == 302
    claim = Claim.objects.get()
    assert claim.excluded_cause == "work_injury"
    client.force_login(make_reviewer())
    page = client.get(reverse("admin:claims_claim_reject", args=[claim.pk])).content.decode()
    assert '<option value="work_injury" selected>' in page


@pytest.mark.parametrize(
    ("cause", "paid"),
    [("work_injury", False), ("third_party", False), ("third_party_unpaid", True), ("", True)],
)
def test_nothing_is_quoted_for_a_cause_that_the_fund_does_not_pay(client, clerk, cause, paid):
    form = papers(make_institution(), person=make_resident().pk, excluded_cause=cause)
    shown = client.post("/window/quote/", form).content.decode()
    assert ("Paid to the resident" in shown, "nothing is quoted" in shown) == (paid, not paid)
