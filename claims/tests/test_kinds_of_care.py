"""Births, medicines of the two diseases, chronic visits, payments before: rules, window, night."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.db import IntegrityError, transaction
from django.utils import translation

import claims.benefit.schemes as shipped
from claims.benefit.loading import parse_scheme, shipped_schemes
from claims.chunks.calculation import ClaimRow, decide
from claims.corrections.models import Cause
from claims.corrections.services import approve_correction
from claims.intake.quote import quote_claim, settled_quote
from claims.intake.rules import CheckedClaim, Surroundings, check_claim
from claims.intake.services import ClaimStopped, correct_claim, submit_claim
from claims.models import Claim, ClaimState
from claims.policies import selectors
from claims.stories.counters import counters_of
from claims.stories.person import claims_of
from claims.tests.factories import NOW, make_claim, make_clerk, make_draft, make_resident
from claims.tests.night import NOW as NIGHT
from claims.tests.night import approved_claim, covered_person, ledger_faults, settle
from claims.tests.test_corrections import OFFICER, proposed
from claims.window.card import card_for
from claims.window.forms import ClaimForm
from enrollment.tests.factories import (
    enrol,
    id_number,
    make_bureau,
    make_institution,
    make_person,
    make_user,
)
from enrollment.values.periods import Period

YONGSHUN = shipped_schemes()["yongshun-resident"]
TIANJIN = shipped_schemes()["tianjin-critical-illness"]
EJIN_HORO = shipped_schemes()["ejin-horo-supplementary"]
DAY = date(2026, 9, 8)
VISIT = CheckedClaim(
    kind="two_diseases",
    discharged_on=DAY,
    admitted_on=None,
    filing="none",
    asks_filing=False,
    total=Decimal("100.00"),
    in_policy=Decimal("90.00"),
    detail="diabetes",
)
BIRTH = replace(VISIT, kind="maternity", admitted_on=date(2026, 9, 5), detail="natural")
AROUND = Surroundings(
    today=date(2026, 11, 24),
    enrolments=(Period(date(2026, 1, 1), date(2026, 12, 31)),),
    scheme=YONGSHUN,
)


LATE = ("admitted_after_discharge", "admitted_on")


def codes(claim: CheckedClaim, scheme=YONGSHUN) -> list[tuple[str, str]]:
    return [(stop.code, stop.field) for stop in check_claim(claim, replace(AROUND, scheme=scheme))]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (VISIT, []),
        (BIRTH, []),
        (replace(VISIT, detail=""), [("two_diseases_untold", "detail")]),
        (replace(VISIT, detail="natural"), [("two_diseases_untold", "detail")]),
        (replace(BIRTH, detail=""), [("maternity_untold", "detail")]),
        (replace(BIRTH, admitted_on=None), [("admission_missing", "admitted_on")]),
        (replace(BIRTH, admitted_on=date(2026, 9, 9)), [LATE]),
        (replace(VISIT, kind="general_outpatient", detail="chronic"), []),
        (replace(VISIT, kind="general_outpatient", detail=""), []),
        (replace(VISIT, kind="general_outpatient"), [("detail_of_another_kind", "detail")]),
        (replace(VISIT, kind="special_outpatient"), [("detail_of_another_kind", "detail")]),
    ],
)  # fmt: skip
def test_a_kind_tells_what_it_has_to_and_nothing_else(claim, expected):
    assert codes(claim) == expected


@pytest.mark.parametrize("claim", [VISIT, BIRTH, replace(VISIT, detail="")])
def test_a_scheme_that_does_not_name_the_kind_keeps_it_out(claim):
    assert codes(claim, TIANJIN)[0] == ("kind_without_benefit", "kind")
    assert ("kind_without_benefit", "kind") not in codes(claim, None)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ({"basic": "90.00"}, []),
        ({"basic": "90.01"}, [("already_basic_above_in_policy", "already_basic")]),
        ({"basic": "-0.01"}, [("already_negative", "already_basic")]),
        ({"basic": "90.00", "poverty": "10.00"}, []),
        ({"basic": "90.00", "poverty": "10.01"}, [("already_above_total", "total")]),
        ({"critical_illness": "0.01"}, [("already_calculated", "already_critical_illness")]),
    ],
)
def test_others_have_paid_no_more_than_there_was_and_no_layer_of_the_scheme(paid, expected):
    stay = replace(VISIT, kind="special_outpatient", detail="")
    paid = {layer: Decimal(amount) for layer, amount in paid.items()}
    assert codes(replace(stay, already_paid=paid), TIANJIN) == expected


def test_what_was_paid_before_is_not_judged_before_a_total_is_typed():
    untold = replace(
        VISIT, total=Decimal(0), in_policy=Decimal(0), already_paid={"poverty": Decimal(5)}
    )
    assert codes(untold) == [("total_not_positive", "total")]


# --- what the database refuses ---------------------------------------------------------------


BIRTH_WITHOUT_DAY = {"kind": "maternity", "detail": "natural", "admitted_on": None}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "two_diseases", "detail": ""}, "claim_detail_of_its_kind"),
        ({"kind": "two_diseases", "detail": "natural"}, "claim_detail_of_its_kind"),
        ({"kind": "maternity", "detail": "both"}, "claim_detail_of_its_kind"),
        ({"kind": "inpatient", "detail": "chronic"}, "claim_detail_of_its_kind"),
        (BIRTH_WITHOUT_DAY, "claim_stay_has_admission"),
        ({"already_medical_aid": Decimal("-0.01")}, "claim_already_not_negative"),
        ({"already_basic": Decimal("9200.01")}, "claim_already_within_cost"),
        ({"already_poverty": Decimal("10000.01")}, "claim_already_within_cost"),
    ],
)  # fmt: skip
def test_the_database_refuses(db, fields, constraint):
    claim = make_claim()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**fields)


@pytest.mark.parametrize("kind", ["two_diseases", "maternity"])
def test_every_word_of_a_kind_can_be_stored(db, kind):
    for detail in YONGSHUN.details(kind):
        assert make_claim(kind=kind, detail=detail).kind_text != Claim(kind=kind).kind_text


def test_a_birth_is_a_stay_and_overlaps_no_other(db):
    make_bureau()
    person, clerk = make_resident(born_on=date(1990, 3, 8)), make_clerk()
    submit_claim(make_draft(), person=person, actor=clerk, at=NOW)
    birth = make_draft(
        kind="maternity",
        detail="natural",
        admitted_on=date(2026, 9, 7),
        discharged_on=date(2026, 9, 9),
    )
    with translation.override("en"), pytest.raises(ClaimStopped, match="overlaps"):
        submit_claim(birth, person=person, actor=clerk, at=NOW)
    claim = make_claim(person=make_resident(), kind="maternity", detail="natural")
    with pytest.raises(IntegrityError, match="claim_stays_overlap"), transaction.atomic():
        make_claim(person=claim.person)


# --- the window ------------------------------------------------------------------------------


def typed(**fields: str) -> dict[str, str]:
    hospital = make_institution(level="township")
    return {
        "institution": hospital.code,
        "kind": "two_diseases",
        "detail": "hypertension",
        "discharged_on": "20260908",
        "diagnosis": "I10",
        "invoice_no": "D1",
        "total": "600",
        "excluded": "20",
        "papers": ["invoice", "cost_list", "diagnosis", "records", "identity"],
    } | fields


@pytest.fixture
def clerk(client, db):
    user = make_clerk()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def test_the_form_asks_what_the_scheme_reads():
    def offered(scheme):
        form = ClaimForm(scheme=scheme)
        kinds = [value for value, _label in form.fields["kind"].choices]
        details = form.fields["detail"].choices if "detail" in form.fields else []
        rare = [field.name for field in form.rarely_asked]
        paid = [name for name in form.fields if name.startswith("already_") and name not in rare]
        return kinds, [value for value, _label in details], paid, rare

    three = ["inpatient", "special_outpatient", "general_outpatient"]
    words = ["", "hypertension", "diabetes", "both", "", "natural", "caesarean"]
    more = ["already_critical_illness", "already_medical_aid", "already_poverty"]
    two = [*three, "two_diseases", "maternity"]
    assert offered(YONGSHUN) == (two, words, [], ["already_poverty"])
    assert offered(TIANJIN) == (three, [], ["already_basic", *more[1:]], [])
    assert offered(EJIN_HORO) == (three, ["", "chronic"], ["already_basic", *more], [])


def test_each_line_of_the_details_knows_its_kind():
    page = str(ClaimForm(scheme=YONGSHUN)["detail"])
    assert page.count('data-kind="two_diseases"') == 4
    assert page.count('data-kind="maternity"') == 3
    assert "general_outpatient" not in page


def test_a_detail_of_another_kind_is_left_out_and_days_of_a_visit_too(db):
    make_bureau()
    form = ClaimForm(typed(kind="special_outpatient", admitted_on="20260901"), scheme=YONGSHUN)
    assert form.is_valid()
    assert (form.draft().detail, form.draft().admitted_on) == ("", None)


def test_the_window_takes_medicines_from_quote_to_claim(client, clerk):
    make_bureau()
    person = make_resident()
    given = typed(person=person.pk)
    page = client.post("/window/quote/", given).content.decode()
    assert "360.00" in page  # 580 × 70 % = 406.00, at most 360 a year
    assert "ceiling for hypertension" in page
    assert client.post("/window/", given).status_code == 302
    claim = Claim.objects.get()
    assert (claim.kind, claim.detail, claim.admitted_on) == ("two_diseases", "hypertension", None)
    page = client.get(f"/window/?person={person.pk}&like={claim.number}&done={claim.number}")
    assert page.context["form"].initial["detail"] == "hypertension"


def test_a_kind_that_tells_too_little_is_asked_before_anything_is_quoted(client, clerk):
    make_bureau()
    given = typed(person=make_resident().pk, detail="")
    page = client.post("/window/quote/", given).content.decode()
    assert "Say which disease" in page
    assert "notice-red" not in page
    page = client.post("/window/", given).content.decode()
    assert page.count("Say which disease") >= 2  # at the field and in the summary
    assert not Claim.objects.exists()


def test_a_kind_that_the_scheme_does_not_pay_cannot_be_chosen(client, clerk):
    make_bureau(scheme="tianjin-critical-illness")
    page = client.post("/window/", typed(person=make_resident().pk)).content.decode()
    assert "Select a valid choice" in page
    assert not Claim.objects.exists()
    draft = make_draft(kind="maternity", detail="natural")
    with (
        translation.override("en"),
        pytest.raises(ClaimStopped, match="pays nothing for"),
    ):
        submit_claim(draft, person=make_resident(), actor=clerk, at=NOW)


def test_what_others_paid_before_is_part_of_the_page_and_of_what_is_left(client, clerk):
    make_bureau(scheme="tianjin-critical-illness")
    person = make_resident()
    given = typed(
        person=person.pk, kind="inpatient", detail="", admitted_on="20260901", total="60000",
        already_basic="30,000",
    )  # fmt: skip
    page = client.post("/window/quote/", given).content.decode()
    # (59,980 − 30,000 − 23,700) × 60 %; 60,000 − 30,000 − 3,768 is left
    assert "3,768.00" in page
    assert "26,232.00" in page
    assert client.post("/window/", given).status_code == 302
    claim = Claim.objects.get()
    assert claim.already_basic == Decimal("30000.00")
    given["already_basic"] = "60,000.01"
    page = client.post("/window/quote/", given).content.decode()
    assert "more than the total" in page


def test_a_correction_logs_the_new_detail(db):
    make_bureau()
    clerk = make_clerk()
    claim = make_claim(
        ClaimState.RETURNED, kind="two_diseases", detail="diabetes", entered_by=clerk
    )
    draft = make_draft(
        institution=claim.institution,
        invoice_no=claim.invoice_no,
        kind="two_diseases",
        detail="both",
    )
    correct_claim(claim, draft, actor=clerk, at=NOW)
    changes = claim.transitions.last().changes
    assert changes == {"detail": ["diabetes", "both"]}


def test_papers_say_what_the_records_are_and_what_may_not_be_asked(client, clerk):
    make_bureau()
    page = client.get(f"/window/?person={make_resident().pk}").content.decode()
    assert '<span class="quiet" data-kinds="maternity">the discharge record that tells' in page
    assert "birth permit, marriage certificate" in page


def test_card_and_story_show_the_counters_of_the_scheme(db):
    make_bureau()
    person = covered_person()
    approved_claim(
        person, make_institution(level="township"), kind="two_diseases", detail="diabetes"
    )
    approved_claim(
        person, kind="maternity", detail="caesarean", admitted_on=date(2026, 9, 1),
        total=Decimal("5000.00"),
    )  # fmt: skip
    assert settle().claims == 2
    with translation.override("en"):
        card = {one.label: (one.used, one.left) for one in card_for(person.pk, DAY).balances}
        story = {line.code: (line.used, line.ceiling) for line in counters_of(person, DAY)}
    assert card["Two diseases"] == (Decimal("600.00"), Decimal("360.00"))
    assert card["Diabetes"] == (Decimal("600.00"), Decimal("0.00"))
    assert "Hypertension" not in card  # nothing was used of it
    assert story["basic.diabetes"] == (Decimal("600.00"), Decimal("600.00"))
    assert story["basic.maternity"] == (Decimal("1600.00"), None)
    assert ledger_faults() == []


# --- the night -------------------------------------------------------------------------------


def row(**facts) -> ClaimRow:
    base = {
        "claim_id": 1, "person_id": 7, "institution_id": 3, "source": "window",
        "kind": "general_outpatient", "level": "county", "in_county": True, "filing": "none",
        "discharged_on": DAY, "total": 100_000, "excluded": 0, "over_limit": 0,
        "first_self_pay": 0, "covered": True, "suspended": False, "identities": "",
    }  # fmt: skip
    return ClaimRow(**base | facts)


@pytest.mark.parametrize(
    ("scheme", "facts", "words"),
    [
        (TIANJIN, {"kind": "maternity", "detail": "natural"}, "maternity"),
        (YONGSHUN, {"kind": "two_diseases"}, "补填"),
        (YONGSHUN, {"kind": "inpatient", "detail": "natural"}, "maternity"),
        (YONGSHUN, {"kind": "inpatient", "detail": "chronic"}, "普通门诊"),
        (YONGSHUN, {"already_basic": 1}, "basic"),
        (TIANJIN, {"already_basic": 100_001}, "1,000.01"),
    ],
)
def test_the_night_holds_what_quote_refuses(scheme, facts, words):
    decisions = decide(scheme, [row(**facts), row(claim_id=2, person_id=8)], {})
    assert [hold.claim_id for hold in decisions.held] == [1]
    assert words in decisions.held[0].detail
    assert [one.claim_id for one in decisions.settled] == [2]


def test_a_window_in_a_scheme_that_reads_the_age_needs_no_question(db, monkeypatch):
    """The birthday is on record: quote and night read it, on the day of discharge."""
    path = Path(shipped.__path__[0]) / "yongshun-resident.yaml"
    data = deepcopy(yaml.safe_load(path.read_text()))
    parameters = data["layers"][0]["parameters"]
    rows = [("age_groups", {"child": {"under": 18}}), ("inpatient_points", {"child": "0.10"})]
    for name, value in rows:
        parameters[name] = [{"value": value, "source": "inpatient", "confirmed": False}]
    scheme = parse_scheme(data)
    monkeypatch.setattr(selectors, "shipped_schemes", lambda: {scheme.code: scheme})
    make_bureau()
    hospital = make_institution()
    found = {}
    for birthday in (date(2008, 9, 8), date(2008, 9, 9)):  # eighteen on the day; a day later
        person = make_person(id_number=id_number(born_on=birthday, serial=birthday.day))
        enrol(person)
        draft = make_draft(institution=hospital)
        live = quote_claim(person.pk, draft)
        claim = submit_claim(draft, person=person, actor=make_clerk(), at=NOW)
        Claim.objects.filter(pk=claim.pk).update(state="approved", approved_on=date(2026, 9, 20))
        settle()
        claim.refresh_from_db()
        assert settled_quote(claim) == live
        found[birthday.day] = live.paid
    # (10,000 − 600 − 200 − 500) at 75 % and at 85 %
    assert found == {8: Decimal("6525.00"), 9: Decimal("7395.00")}


# --- corrections -----------------------------------------------------------------------------


def test_medicines_taken_back_give_their_ceiling_to_the_next(db):
    make_bureau()
    person, clinic = covered_person(), make_institution(level="township")
    facts = {"kind": "two_diseases", "detail": "diabetes"}
    first = approved_claim(person, clinic, discharged_on=date(2026, 3, 1), **facts)
    second = approved_claim(person, clinic, total=Decimal("500.00"), **facts)
    settle()
    assert [settled_quote(claim).paid for claim in (first, second)] == [Decimal(600), Decimal(0)]
    taken_back(person, first)
    assert [settled_quote(claim).paid for claim in (first, second)] == [Decimal(0), Decimal(350)]
    (line,) = (one for one in counters_of(person, DAY) if one.code == "basic.two_diseases")
    assert line.used == Decimal("350.00")
    assert ledger_faults() == []


def test_what_others_paid_stays_paid_when_a_claim_is_taken_back(db):
    make_bureau(scheme="tianjin-critical-illness")
    person = covered_person()
    paid = {"already_basic": Decimal("30000.00"), "already_poverty": Decimal("500.00")}
    claim = approved_claim(person, total=Decimal("60000.00"), **paid)
    settle()
    told = claims_of(person, make_clerk()).facts["totals"]
    # (60,000 − 30,000 − 23,700) × 60 %
    assert (told.paid, told.personal) == (Decimal("3780.00"), Decimal("25720.00"))
    taken_back(person, claim)
    quote = settled_quote(claim)
    assert (quote.already, quote.paid, quote.personal) == (
        Decimal("30500.00"), Decimal(0), Decimal("29500.00"),
    )  # fmt: skip
    assert claim.settled.revisions.get().personal == Decimal("29500.00")
    assert ledger_faults() == []


def taken_back(person, claim):
    proposal = proposed(person, make_user(OFFICER), Cause.REVERSAL, reverse=[claim.pk])
    approve_correction(proposal, actor=make_user(OFFICER), at=NIGHT)
