"""Who is covered on a day: what counts for a claim is the day of service."""

from collections.abc import Collection
from datetime import date

from enrollment.coverage.models import Enrolment
from enrollment.residents.models import Person


def coverage_on(person: Person, day: date) -> Enrolment | None:
    """The active enrolment that covers the day (both ends inclusive), or None."""
    return Enrolment.objects.filter(
        person=person,
        status=Enrolment.Status.ACTIVE,
        year=day.year,
        starts_on__lte=day,
        ends_on__gte=day,
    ).first()


def coverage_for(person_ids: Collection[int], day: date) -> dict[int, Enrolment]:
    """The same for many residents in one statement; who is not covered is absent."""
    rows = Enrolment.objects.filter(
        person_id__in=person_ids,
        status=Enrolment.Status.ACTIVE,
        year=day.year,
        starts_on__lte=day,
        ends_on__gte=day,
    )
    return {row.person_id: row for row in rows}


def active_enrolments(
    person_ids: Collection[int], years: Collection[int]
) -> dict[tuple[int, int], Enrolment]:
    """Active enrolments of many residents by (person id, year): at most one each.

    For work whose claims have days of their own; `starts_on` and `ends_on` still decide.
    """
    rows = Enrolment.objects.filter(
        person_id__in=person_ids, year__in=years, status=Enrolment.Status.ACTIVE
    )
    return {(row.person_id, row.year): row for row in rows}
