"""Agreements and suspensions: what holds on a day, what the database refuses."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from enrollment.divisions.models import Division
from enrollment.institutions.models import Institution, Suspension
from enrollment.institutions.selectors import DesignationBook, designation_on
from enrollment.institutions.services import SuspensionRefused, suspend_agreement
from enrollment.tests.factories import make_agreement, make_institution, make_user
from enrollment.transitions.table import NotPermitted, ReasonMissing

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, tzinfo=UTC)


def suspend(institution: Institution, first: date, last: date, **fields: object) -> Suspension:
    values = {"reason": "超标准收费", "document": "永医保协〔2026〕1号", **fields}
    values.setdefault("actor", None)
    actor = values["actor"] or make_user(["enrollment.suspend_agreement"])
    return suspend_agreement(
        institution.agreements.get(),
        starts_on=first,
        ends_on=last,
        reason=str(values["reason"]),
        document=str(values["document"]),
        actor=actor,
        at=AT,
    )


@pytest.mark.parametrize(
    ("day", "designated", "suspended"),
    [
        (date(2025, 12, 31), False, False),
        (date(2026, 1, 1), True, False),
        (date(2026, 5, 31), True, False),
        (date(2026, 6, 1), True, True),
        (date(2026, 11, 30), True, True),
        (date(2026, 12, 1), True, False),
        (date(2026, 12, 31), True, False),
        (date(2027, 1, 1), False, False),
    ],
)
def test_agreement_and_suspension_include_both_their_ends(
    day: date, designated: bool, suspended: bool
) -> None:
    institution = make_institution()
    suspend(institution, date(2026, 6, 1), date(2026, 11, 30))
    other = make_institution(agreement=None)
    book = DesignationBook([institution.pk, other.pk])
    for found in (designation_on(institution, day), book.on(institution.pk, day)):
        assert (found.is_designated, found.is_suspended) == (designated, suspended)
    assert not designation_on(other, day).is_designated
    assert not book.on(other.pk, day).is_designated


def test_agreements_of_one_institution_may_not_share_a_day() -> None:
    institution = make_institution(agreement=(date(2025, 1, 1), date(2025, 12, 31)))
    make_agreement(institution, date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(IntegrityError, match="agreement_overlap"), transaction.atomic():
        make_agreement(institution, date(2026, 12, 31), date(2027, 12, 31))
    with pytest.raises(IntegrityError, match="agreement_ends_after_start"), transaction.atomic():
        # An empty range of days overlaps nothing, so the order is a constraint of its own.
        Institution.objects.get(pk=institution.pk).agreements.update(ends_on=date(2024, 1, 1))
    assert institution.agreements.count() == 2


def test_an_institution_is_not_its_own_parent() -> None:
    institution = make_institution()
    institution.parent = institution
    with pytest.raises(IntegrityError, match="own_parent"), transaction.atomic():
        institution.save()


@pytest.mark.parametrize("code", ["43312", "43312700000x", "4331270000000"])
def test_a_division_code_has_twelve_digits(code: str) -> None:
    with pytest.raises(Exception, match=r"division_code_12_digits|too long"), transaction.atomic():
        Division.objects.create(code=code, name="x", level="county")
    assert not Division.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 12, 31), date(2026, 2, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 3, 2), date(2026, 3, 1)),
        (date(2026, 4, 30), date(2026, 5, 1)),
    ],
)
def test_a_suspension_lies_inside_the_agreement_and_apart_from_others(
    first: date, last: date
) -> None:
    institution = make_institution()
    earlier = suspend(institution, date(2026, 5, 1), date(2026, 5, 31))
    with pytest.raises(SuspensionRefused):
        suspend(institution, first, last)
    assert list(Suspension.objects.all()) == [earlier]


def test_the_database_itself_refuses_overlapping_suspensions() -> None:
    institution = make_institution()
    earlier = suspend(institution, date(2026, 5, 1), date(2026, 5, 31))
    with pytest.raises(IntegrityError, match="suspension_overlap"), transaction.atomic():
        Suspension.objects.create(
            agreement=earlier.agreement,
            starts_on=date(2026, 5, 31),
            ends_on=date(2026, 6, 1),
            reason="x",
            document="x",
            ordered_by=earlier.ordered_by,
            ordered_at=AT,
        )


def test_a_suspension_needs_permission_reason_and_paper() -> None:
    institution = make_institution()
    with pytest.raises(NotPermitted):
        suspend(institution, date(2026, 5, 1), date(2026, 5, 31), actor=make_user())
    with pytest.raises(ReasonMissing):
        suspend(institution, date(2026, 5, 1), date(2026, 5, 31), document=" ")
    assert not Suspension.objects.exists()
