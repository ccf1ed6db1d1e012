"""The rules at the door, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from claims.benefit.parameters import Text
from claims.intake.messages import _SENTENCES, say
from claims.intake.rules import (
    CheckedClaim,
    EarlierClaim,
    Severity,
    Stop,
    Surroundings,
    SuspendedDays,
    check_claim,
)
from claims.intake.stays import stays_overlap
from enrollment.values.periods import Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
STAY = CheckedClaim(
    kind="inpatient",
    discharged_on=date(2026, 9, 8),
    admitted_on=date(2026, 9, 1),
    filing="none",
    asks_filing=False,
    total=Decimal("10000.00"),
    in_policy=Decimal("9200.00"),
)
AROUND = Surroundings(today=date(2026, 11, 24), enrolments=(YEAR,))
EARLIER = EarlierClaim(
    "20261001000001", "settled", "县医院", date(2026, 9, 8), admitted_on=date(2026, 9, 1)
)


def codes(claim: CheckedClaim = STAY, around: Surroundings = AROUND) -> list[str]:
    return [stop.code for stop in check_claim(claim, around)]


def test_a_plain_stay_passes():
    assert check_claim(STAY, AROUND) == []


@pytest.mark.parametrize(
    ("enrolments", "expected"),
    [
        ((), ["not_enrolled"]),
        ((Period(date(2025, 1, 1), date(2025, 12, 31)),), ["not_enrolled"]),
        ((Period(date(2026, 9, 9), date(2026, 12, 31)),), ["outside_coverage"]),
        ((Period(date(2026, 9, 8), date(2026, 12, 31)),), []),
        ((Period(date(2026, 1, 1), date(2026, 9, 8)),), []),
        ((Period(date(2026, 1, 1), date(2026, 9, 7)),), ["outside_coverage"]),
    ],
)
def test_coverage_is_asked_on_the_day_of_discharge(enrolments, expected):
    assert codes(around=replace(AROUND, enrolments=enrolments)) == expected


def test_a_suspended_institution_stops_the_claim_and_names_the_paper():
    suspended = SuspendedDays(Period(date(2026, 9, 1), date(2026, 10, 31)), "永医保〔2026〕3号")
    (stop,) = check_claim(STAY, replace(AROUND, suspension=suspended))
    assert (stop.code, stop.field, stop.severity) == ("suspended", "institution", Severity.STOP)
    assert stop.figures["document"] == "永医保〔2026〕3号"


def test_an_institution_without_agreement_is_a_notice_only():
    (notice,) = check_claim(STAY, replace(AROUND, designated=False))
    assert (notice.code, notice.severity) == ("not_designated", Severity.NOTICE)


@pytest.mark.parametrize(
    ("outside", "kind", "filing", "expected"),
    [
        (True, "inpatient", "none", ["filing_missing"]),
        (True, "inpatient", "unfiled", []),
        (True, "inpatient", "referred", []),
        (True, "general_outpatient", "none", []),
        (False, "inpatient", "none", []),
    ],
)
def test_filing_is_asked_for_stays_outside_the_county(outside, kind, filing, expected):
    assert codes(replace(STAY, asks_filing=outside, kind=kind, filing=filing)) == expected


@pytest.mark.parametrize(
    ("admitted", "discharged", "expected"),
    [
        (date(2026, 11, 20), date(2026, 11, 24), []),
        (date(2026, 11, 20), date(2026, 11, 25), ["in_future"]),
        (date(2026, 9, 8), date(2026, 9, 8), []),
        (date(2026, 9, 9), date(2026, 9, 8), ["admitted_after_discharge"]),
        (None, date(2026, 9, 8), ["admission_missing"]),
    ],
)
def test_days(admitted, discharged, expected):
    assert codes(replace(STAY, admitted_on=admitted, discharged_on=discharged)) == expected


@pytest.mark.parametrize(
    ("born", "admitted", "discharged", "expected"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 8), []),
        (date(2026, 9, 2), date(2026, 9, 1), date(2026, 9, 8), [("admitted_before_birth", "stop")]),
        (date(1987, 1, 1), date(1900, 1, 1), date(2026, 9, 8), [("admitted_before_birth", "stop")]),
        (date(1987, 1, 1), date(2025, 9, 8), date(2026, 9, 8), []),
        (date(1987, 1, 1), date(2025, 9, 7), date(2026, 9, 8), [("stay_long", "notice")]),
    ],
)
def test_no_stay_begins_before_the_birth_and_a_long_one_is_worth_a_look(
    born, admitted, discharged, expected
):
    stay = replace(STAY, admitted_on=admitted, discharged_on=discharged)
    found = check_claim(stay, replace(AROUND, born_on=born))
    assert [(one.code, one.severity.value) for one in found] == expected
    assert all(one.field == "admitted_on" for one in found)


def test_the_same_bill_and_the_invoice_elsewhere_are_said_once():
    around = replace(AROUND, same_bill=EARLIER, invoice_elsewhere=EARLIER)
    (bill,) = check_claim(STAY, around)
    assert (bill.code, bill.field, bill.severity) == ("same_bill", "total", Severity.NOTICE)
    other = replace(EARLIER, number="20261001000002")
    found = codes(around=replace(around, invoice_elsewhere=other, same_invoice=EARLIER))
    assert found == ["same_invoice", "invoice_elsewhere"]


def test_an_outpatient_visit_needs_no_admission():
    assert codes(replace(STAY, kind="special_outpatient", admitted_on=None)) == []


@pytest.mark.parametrize(
    ("total", "in_policy", "expected"),
    [
        ("0.00", "0.00", ["total_not_positive"]),
        ("0.01", "0.00", []),
        ("100.00", "-0.01", ["in_policy_negative"]),
    ],
)
def test_amounts(total, in_policy, expected):
    assert codes(replace(STAY, total=Decimal(total), in_policy=Decimal(in_policy))) == expected


def test_an_earlier_invoice_and_an_earlier_stay_are_named():
    around = replace(AROUND, same_invoice=EARLIER, overlapping=EARLIER)
    invoice, stay = check_claim(STAY, around)
    assert (invoice.code, invoice.field) == ("same_invoice", "invoice_no")
    assert (stay.code, stay.field) == ("overlapping_stay", "admitted_on")
    with translation.override("en"):
        assert say(invoice) == (
            "This invoice of the institution has been claimed before: claim 20261001000001, "
            "discharge 2026-09-08, settled. Compare the invoice number; a real duplicate cannot be "
            "accepted."
        )
        assert say(stay) == (
            "The stay overlaps claim 20261001000001: 县医院, 2026-09-01 to 2026-09-08, settled. "
            "Compare both days with the discharge record; a stay that was claimed already cannot "
            "be accepted again."
        )


def test_a_missing_account_is_a_notice_only():
    (notice,) = check_claim(STAY, replace(AROUND, has_account=False))
    assert (notice.code, notice.severity) == ("no_account", Severity.NOTICE)


def _stay(first: int, last: int) -> Period:
    return Period(date(2026, 9, first), date(2026, 9, last))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (_stay(1, 5), _stay(5, 9), False),  # a transfer
        (_stay(1, 6), _stay(5, 9), True),
        (_stay(1, 9), _stay(5, 5), True),  # one day inside
        (_stay(1, 5), _stay(5, 5), False),
        (_stay(5, 9), _stay(5, 5), False),
        (_stay(5, 5), _stay(5, 5), True),
        (_stay(5, 6), _stay(5, 6), True),
        (_stay(1, 2), _stay(3, 4), False),
    ],
)
def test_overlap_of_stays_allows_a_transfer(first, second, expected):
    assert stays_overlap(first, second) is expected
    assert stays_overlap(second, first) is expected


def test_every_finding_has_a_sentence():
    figures = {
        "day": date(2026, 9, 8), "year": 2026, "today": date(2026, 9, 1), "state": "settled",
        "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1), "document": "x",
        "admitted": date(2026, 1, 2), "discharged": date(2026, 1, 1), "number": "1",
        "institution": "x", "admitted_on": date(2026, 1, 1), "discharged_on": date(2026, 1, 1),
        "in_policy": Decimal("-1.00"), "cause": "abroad", "held": (), "fact": "filed",
            "papers": ("invoice",), "total": Decimal("1.00"),
            "scheme": Text("方案", "scheme"), "paid": Decimal("2.00"),
        "age": 50, "first": 15, "last": 49, "born": date(2026, 1, 3), "days": 366,
    }  # fmt: skip
    for code in _SENTENCES:
        assert "%(" not in say(Stop(code, "", figures))
