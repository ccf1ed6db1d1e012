"""Filings of care outside the area: who may file what from when, and what a claim makes of it."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from claims.models import AreaFiling, FilingKind
from claims.outofarea.rules import FACT_OF, Filed, best_filing, effective_filing
from claims.outofarea.selectors import Filings
from claims.outofarea.services import Destination, Letter, file_outside_care, withdraw_filing
from claims.tests.factories import make_resident
from claims.tests.special import FILER, check_filings, hospital, moment
from enrollment.tests.factories import make_bureau, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    StateConflict,
    TransitionRefused,
)

TODAY = "2026-11-24"  # a Tuesday


def far(code="H43010000001"):
    return hospital("province", code=code, in_county=False, division=None)


def file(kind, starts_on=TODAY, **fields):
    fields.setdefault("actor", make_user(FILER))
    letter = fields.pop("letter", None)
    if kind == "referral" and letter is None:
        letter = Letter(hospital(), "转〔2026〕7号", date.fromisoformat(starts_on))
    return file_outside_care(
        fields.pop("person", None) or make_resident(),
        kind,
        fields.pop("to", None) or Destination("湖南省长沙市", "4301"),
        starts_on=date.fromisoformat(starts_on),
        letter=letter,
        at=moment(fields.pop("on", TODAY)),
        **fields,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "ends_on"),
    [("long_term", None), ("referral", "2027-05-23"), ("emergency", "2026-12-23")],
)
def test_a_filing_ends_as_the_rule_of_its_kind_says(kind, ends_on):
    filing = file(kind)
    assert filing.ends_on == (None if ends_on is None else date.fromisoformat(ends_on))
    assert [row.action for row in filing.transitions.all()] == ["file"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "starts_on", "allowed"),
    [
        ("long_term", "2026-11-23", False),
        ("long_term", "2026-11-24", True),
        ("long_term", "2026-12-01", True),
        # The fifth working day after Tuesday the 17th is Tuesday the 24th.
        ("emergency", "2026-11-16", False),
        ("emergency", "2026-11-17", True),
        ("emergency", "2026-11-24", True),
        ("emergency", "2026-11-25", False),
        ("referral", "2026-10-01", True),
    ],
)
def test_from_which_day_each_kind_may_begin(kind, starts_on, allowed):
    if allowed:
        assert file(kind, starts_on).pk
        return
    with pytest.raises(TransitionRefused):
        file(kind, starts_on)
    assert not AreaFiling.objects.exists()


@pytest.mark.django_db
def test_what_a_referral_needs():
    own, elsewhere = hospital(), far()
    letter = Letter(own, "转〔2026〕7号", date(2026, 11, 20))
    assert file("referral", "2026-11-20", letter=letter).letter_no == "转〔2026〕7号"
    for wrong in (
        Letter(own, " ", date(2026, 11, 20)),
        Letter(own, "7", date(2026, 11, 25)),
        Letter(elsewhere, "7", date(2026, 11, 20)),
        Letter(own, "7", date(2026, 11, 21)),
    ):
        with pytest.raises(TransitionRefused):
            file("referral", "2026-11-20", letter=wrong)
    with pytest.raises(TransitionRefused, match=own.name):
        file("referral", to=Destination("本县", institution=own))
    assert AreaFiling.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["long_term", "referral", "emergency"])
def test_a_place_by_name_alone_is_refused(kind):
    with pytest.raises(TransitionRefused, match="区划代码"):
        file(kind, to=Destination("湖南省长沙市"))
    assert not AreaFiling.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "inside"), [("433127", True), ("433130", False), ("4331", False)])
def test_a_place_inside_the_county_needs_no_filing(code, inside):
    make_bureau()
    if not inside:
        assert file("emergency", to=Destination("湘西州", code)).area_code == code
        return
    with pytest.raises(TransitionRefused, match="本县"):
        file("emergency", to=Destination("本县城关", code))
    assert not AreaFiling.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_new_filing_without_a_place_and_lets_an_old_one_be_withdrawn():
    old = file("emergency")
    row = {
        field.attname: getattr(old, field.attname)
        for field in AreaFiling._meta.concrete_fields
        if not field.primary_key
    } | {"area_code": ""}
    with pytest.raises(IntegrityError, match="filing_has_place"), transaction.atomic():
        AreaFiling.objects.create(**row)
    gone = AreaFiling.objects.create(
        **row | {"state": "withdrawn", "withdrawn_from": old.starts_on}
    )
    assert gone.pk


@pytest.mark.django_db
def test_filing_needs_the_permission_and_long_term_residence_is_filed_once():
    person = make_resident()
    with pytest.raises(NotPermitted):
        file("long_term", person=person, actor=make_user())
    first = file("long_term", person=person)
    with pytest.raises(TransitionRefused, match="长期居住"):
        file("long_term", "2027-01-01", person=person)
    file("referral", person=person)
    clerk = make_user(FILER)
    withdraw_filing(
        first, withdrawn_from=date(2027, 1, 1), note="返乡", actor=clerk, at=moment("2026-12-30")
    )
    assert file("long_term", "2027-01-01", person=person).pk


@pytest.mark.django_db
def test_a_filing_is_withdrawn_from_a_day_with_a_reason():
    filing, clerk = file("referral"), make_user(FILER)
    at = moment("2026-12-01")
    with pytest.raises(ReasonMissing):
        withdraw_filing(filing, withdrawn_from=date(2026, 12, 1), note="", actor=clerk, at=at)
    with pytest.raises(TransitionRefused, match="2026-11-24"):
        withdraw_filing(filing, withdrawn_from=date(2026, 11, 23), note="x", actor=clerk, at=at)
    gone = withdraw_filing(filing, withdrawn_from=date(2026, 12, 1), note="x", actor=clerk, at=at)
    assert gone.holds_on(date(2026, 11, 30))
    assert not gone.holds_on(date(2026, 12, 1))
    with pytest.raises(StateConflict):
        withdraw_filing(gone, withdrawn_from=date(2026, 12, 2), note="x", actor=clerk, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        AreaFiling.objects.update(place="x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "day", "code", "fact"),
    [
        ("long_term", "2026-11-24", "H43010000001", "filed"),
        ("long_term", "2026-11-23", "H43010000001", "unfiled"),
        ("long_term", "2026-11-24", "H43310100001", "unfiled"),
        ("referral", "2027-05-23", "H43010000001", "referred"),
        ("referral", "2027-05-24", "H43010000001", "unfiled"),
        ("emergency", "2026-12-23", "H43010000001", "referred"),
        ("emergency", "2026-12-24", "H43010000001", "unfiled"),
    ],
)
def test_what_a_stay_gets_at_the_days_around_a_filing(kind, day, code, fact):
    check_filings()
    person = make_resident()
    file(kind, person=person)
    filings = Filings([person.pk])
    found = filings.effective(person.pk, far(code), date.fromisoformat(day), "none")
    assert found == fact


@pytest.mark.django_db
def test_a_filing_for_one_hospital_holds_there_only():
    check_filings()
    person, chosen, other = make_resident(), far(), far("H43010000002")
    file("referral", person=person, to=Destination("长沙", institution=chosen))
    filings = Filings([person.pk])
    day = date(2026, 12, 1)
    assert filings.effective(person.pk, chosen, day, "none") == "referred"
    assert filings.effective(person.pk, other, day, "none") == "unfiled"


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "fact"), [("2026-11-30", "none"), ("2026-12-01", "unfiled")])
def test_before_claims_follow_the_filings_what_was_entered_holds(day, fact):
    check_filings("2026-12-01")
    person = make_resident()
    filings = Filings([person.pk])
    assert filings.effective(person.pk, far(), date.fromisoformat(day), "none") == fact


@pytest.mark.parametrize(
    ("entered", "checked", "unchecked"),
    [
        ("none", "unfiled", "none"),
        ("unfiled", "unfiled", "unfiled"),
        ("filed", "unfiled", "filed"),
        # A referral paper that was handed in at the window stands for itself.
        ("referred", "referred", "referred"),
    ],
)
def test_what_holds_without_a_filing_on_record(entered, checked, unchecked):
    assert effective_filing(entered, None, is_checked=True) == checked
    assert effective_filing(entered, None, is_checked=False) == unchecked


@given(
    kinds=st.lists(st.sampled_from(FilingKind.values), max_size=5),
    seed=st.randoms(use_true_random=False),
)
def test_the_best_filing_is_the_same_in_whatever_order_they_were_made(kinds, seed):
    filings = [Filed(nth, kind, date(2026, 1, 1)) for nth, kind in enumerate(kinds)]
    best = best_filing(filings, date(2026, 6, 1), 1, "430100")
    seed.shuffle(filings)
    assert best_filing(filings, date(2026, 6, 1), 1, "430100") == best
    facts = {FACT_OF[kind] for kind in kinds}
    expected = "filed" if "filed" in facts else "referred" if facts else "unfiled"
    assert effective_filing("none", best, is_checked=True) == expected


def test_every_kind_says_what_it_makes_of_a_claim():
    assert set(FACT_OF) == set(FilingKind.values)
