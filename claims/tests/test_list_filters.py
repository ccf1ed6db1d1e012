"""Filters of the claims app: what holds, what ends, what is due, the days of what was done."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.utils import timezone

from claims.certificates.services import revoke_certificate
from claims.intake.models import ClaimState
from claims.models import (
    AreaFiling,
    Claim,
    Clearance,
    Correction,
    CorrectionRound,
    Overpayment,
    PaymentBatch,
    SettlementRun,
    SpecialCertificate,
)
from claims.outofarea.services import Destination, file_outside_care
from claims.tests.factories import make_claim, make_resident
from claims.tests.special import FILER, make_certificate, moment, someone
from enrollment.access.models import User
from enrollment.desk.filters import DayRangeFilter
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db
TODAY = "2026-11-24"
# From, to.
DAYS = {
    "just ended": ("2026-01-01", "2026-11-23"),
    "ends today": ("2026-01-01", "2026-11-24"),
    "ends in 30 days": ("2026-01-01", "2026-12-24"),
    "ends in 31 days": ("2026-01-01", "2026-12-25"),
    "without an end": ("2026-01-01", None),
    "begins tomorrow": ("2026-11-25", "2027-11-24"),
    "revoked today": ("2026-01-01", "2026-12-31"),
    "revoked from tomorrow": ("2026-01-01", "2027-12-31"),
}
STANDINGS = {
    "now": {
        "ends today",
        "ends in 30 days",
        "ends in 31 days",
        "without an end",
        "revoked from tomorrow",
    },
    "ending": {"ends today", "ends in 30 days"},
    "later": {"begins tomorrow"},
    "over": {"just ended"},
}


@pytest.fixture
def root():
    make_bureau()
    return User.objects.create_superuser("root", password="a-long-password")


def listed(model, query, root):
    """The list so narrowed, on that day."""
    screen = admin.site._registry[model]
    request = RequestFactory().get(f"/?{query}")
    request.user = root
    with patch.object(timezone, "now", lambda: moment(TODAY)):
        return screen.get_changelist_instance(request)


def day_of(text):
    return date.fromisoformat(text) if text else None


def certificates():
    made = {}
    for name, (first, last) in DAYS.items():
        one = make_certificate(starts_on=day_of(first), ends_on=day_of(last))
        made[one.pk] = name
        if name.startswith("revoked"):
            day = day_of(TODAY) + timedelta(days="tomorrow" in name)
            revoke(one, day)
    return made


def revoke(certificate, day):
    revoke_certificate(
        certificate,
        revoked_from=day,
        reason="recovered",
        note="复审不符合",
        actor=someone("revoke_certificate"),
        at=moment(TODAY),
    )


@pytest.mark.parametrize(("standing", "names"), STANDINGS.items())
def test_certificates_by_what_they_are_worth_today(standing, names, root):
    made = certificates()
    shown = listed(SpecialCertificate, f"valid={standing}", root)
    assert {made[row.pk] for row in shown.result_list} == names
    if standing == "ending":  # what ends next comes first, by the index
        assert [key.term for key in shown.keys] == ["ends_on", "id"]
    if standing == "over":
        assert [key.term for key in shown.keys] == ["-ends_on", "-id"]


@pytest.mark.parametrize(
    ("standing", "begun"),
    [
        ("now", {"2026-03-02", TODAY}),
        ("ending", {TODAY}),
        ("over", {"2026-01-05"}),
        ("later", set()),
    ],
)
def test_filings_by_what_they_are_worth_today(standing, begun, root):
    for kind, day in (
        ("long_term", "2026-03-02"),
        ("emergency", TODAY),
        ("emergency", "2026-01-05"),
    ):
        file_outside_care(
            make_resident(),
            kind,
            Destination("湖南省长沙市", "4301"),
            starts_on=date.fromisoformat(day),
            letter=None,
            actor=make_user(FILER),
            at=moment(day),
        )
    shown = listed(AreaFiling, f"valid={standing}", root)
    assert {str(row.starts_on) for row in shown.result_list} == begun


def test_claims_past_their_term_and_near_it(root):
    today = day_of(TODAY)
    late = make_claim(due_on=today - timedelta(1))
    later = make_claim(ClaimState.RETURNED, due_on=today - timedelta(20))
    now = make_claim(due_on=today)
    near = make_claim(ClaimState.CHECKED, due_on=date(2026, 12, 1))  # the fifth working day
    make_claim(due_on=date(2026, 12, 2))
    make_claim(source="upload", visit_no="1")  # without a term
    make_claim(ClaimState.REJECTED, due_on=today - timedelta(1))
    assert list(listed(Claim, "due=over", root).result_list) == [later, late]
    shown = listed(Claim, "due=near", root)
    assert list(shown.result_list) == [now, near]
    # Found among what waits: no index of the claims knows the term.
    assert "waitingclaim" in str(shown.queryset.query)


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (PaymentBatch, "created_at"),
        (SettlementRun, "up_to"),
        (Overpayment, "opened_on"),
        (Clearance, "proposed_at"),
        (Correction, "proposed_at"),
        (CorrectionRound, "started_at"),
    ],
)
def test_what_was_done_is_found_by_its_days(model, path, root):
    assert (path, DayRangeFilter) in admin.site._registry[model].list_filter
    lookup = f"{path}__date" if path.endswith("_at") else path
    shown = listed(model, f"{lookup}__gte=2026-09-01&{lookup}__lte=2026-09-30", root)
    assert shown.faults == []
    assert [chip.text for chip in shown.bar.chips] == ["2026-09-01 – 2026-09-30"]
