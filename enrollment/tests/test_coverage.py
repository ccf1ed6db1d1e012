"""Coverage by year, and what the database refuses."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from enrollment.coverage.models import Enrolment, PremiumStandard, PremiumSubsidy
from enrollment.coverage.selectors import active_enrolments, coverage_for, coverage_on
from enrollment.tests.factories import enrol, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2026, 3, 14), False),
        (date(2026, 3, 15), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_coverage_includes_its_first_and_last_day(day: date, covered: bool) -> None:
    person = make_person()
    enrolment = enrol(person, 2026, starts_on=date(2026, 3, 15))
    assert coverage_on(person, day) == (enrolment if covered else None)
    assert coverage_for([person.pk], day) == ({person.pk: enrolment} if covered else {})


def test_a_withdrawn_enrolment_covers_nothing_and_makes_room_for_another() -> None:
    person = make_person()
    enrol(person, 2026, status=Enrolment.Status.WITHDRAWN)
    assert coverage_on(person, date(2026, 6, 1)) is None
    again = enrol(person, 2026)
    assert coverage_on(person, date(2026, 6, 1)) == again
    assert active_enrolments([person.pk], [2025, 2026]) == {(person.pk, 2026): again}


def test_a_second_active_enrolment_of_the_year_is_refused() -> None:
    person = make_person()
    enrol(person, 2026)
    with pytest.raises(IntegrityError, match="one_active_enrolment_a_year"), transaction.atomic():
        enrol(person, 2026)
    enrol(person, 2027)
    assert person.enrolments.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"starts_on": date(2025, 12, 31)}, "enrolment_within_its_year"),
        ({"ends_on": date(2027, 1, 1)}, "enrolment_within_its_year"),
        (
            {"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)},
            "enrolment_within_its_year",
        ),
        ({"paid": Decimal("-0.01")}, "premium_paid_not_negative"),
    ],
)
def test_the_database_refuses_an_impossible_enrolment(
    fields: dict[str, Any], constraint: str
) -> None:
    person = make_person()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        enrol(person, 2026, **fields)
    assert not Enrolment.objects.exists()


def test_premiums_are_not_negative_and_one_per_tier() -> None:
    with pytest.raises(IntegrityError, match="premium_not_negative"), transaction.atomic():
        PremiumStandard.objects.create(year=2031, personal=Decimal("-1"), source="x")
    standard = PremiumStandard.objects.create(year=2031, personal=Decimal(400), source="x")
    PremiumSubsidy.objects.create(standard=standard, tier="central", amount=Decimal(1))
    with pytest.raises(IntegrityError, match="one_subsidy_per_tier"), transaction.atomic():
        PremiumSubsidy.objects.create(standard=standard, tier="central", amount=Decimal(2))
    with pytest.raises(IntegrityError, match="subsidy_not_negative"), transaction.atomic():
        PremiumSubsidy.objects.create(standard=standard, tier="county", amount=Decimal("-1"))


def test_hunans_published_standards_are_there_unconfirmed() -> None:
    seeds = import_module("enrollment.migrations.0006_hunan_premium_standards")
    seeds.add_standards(apps, None)
    found = {
        one.year: (one.personal, [(s.tier, s.amount) for s in one.subsidies.all()], one.confirmed)
        for one in PremiumStandard.objects.all()
    }
    assert found == {
        2023: (Decimal(350), [("together", Decimal(640))], False),
        2024: (Decimal(380), [("together", Decimal(670))], False),
        2025: (Decimal(400), [], False),
        2026: (Decimal(400), [("together", Decimal(700))], False),
    }
    PremiumStandard.objects.filter(year=2026).update(confirmed=True)
    seeds.remove_unconfirmed(apps, None)
    assert [one.year for one in PremiumStandard.objects.all()] == [2026]
