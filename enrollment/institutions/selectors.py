"""Whether an institution is designated on a day, or suspended."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from enrollment.institutions.models import Agreement, Institution, Suspension
from enrollment.institutions.names import parts_of, parts_of_name


@dataclass(frozen=True)
class Designation:
    """What holds for an institution on one day.

    Attributes:
        agreement: the agreement in force, None when there is none.
        suspension: the suspension of it in force, None when there is none.
    """

    agreement: Agreement | None
    suspension: Suspension | None = None

    @property
    def is_designated(self) -> bool:
        """Whether an agreement covers the day (定点); a suspended one still does."""
        return self.agreement is not None

    @property
    def is_suspended(self) -> bool:
        """Whether the agreement is suspended: services of the day are not paid."""
        return self.suspension is not None


def matching_institutions(
    term: str, among: QuerySet[Institution] | None = None
) -> QuerySet[Institution]:
    """Institutions by the beginning of the code or any part of the name, by code; all indexed.

    Capitals do not matter. An empty term finds nothing.
    """
    institutions = Institution.objects.all() if among is None else among
    text = " ".join(term.split())
    if not text:
        return institutions.none()
    named = Q(parts__contains=parts_of(text), name__icontains=text)
    found = institutions.alias(parts=parts_of_name())
    return found.filter(named | Q(code__startswith=text.upper())).order_by("code")


def agreement_on(institution: Institution, day: date) -> Agreement | None:
    """The agreement that covers the day (both ends inclusive), or None."""
    return Agreement.objects.filter(
        institution=institution, starts_on__lte=day, ends_on__gte=day
    ).first()


def suspension_on(institution: Institution, day: date) -> Suspension | None:
    """The suspension in force on the day (both ends inclusive), or None."""
    return Suspension.objects.filter(
        agreement__institution=institution, starts_on__lte=day, ends_on__gte=day
    ).first()


def designation_on(institution: Institution, day: date) -> Designation:
    """Agreement and suspension of the day together."""
    agreement = agreement_on(institution, day)
    if agreement is None:
        return Designation(None)
    return Designation(agreement, suspension_on(institution, day))


class DesignationBook:
    """Agreements and suspensions of many institutions, read in two statements.

    For imports and the night, where each claim asks for a day of its own.
    """

    def __init__(self, institution_ids: Collection[int]) -> None:
        self._agreements: defaultdict[int, list[Agreement]] = defaultdict(list)
        self._suspensions: defaultdict[int, list[Suspension]] = defaultdict(list)
        for agreement in Agreement.objects.filter(institution_id__in=institution_ids):
            self._agreements[agreement.institution_id].append(agreement)
        for suspension in Suspension.objects.filter(agreement__institution_id__in=institution_ids):
            self._suspensions[suspension.agreement_id].append(suspension)

    def on(self, institution_id: int, day: date) -> Designation:
        """What holds for the institution on the day."""
        for agreement in self._agreements.get(institution_id, ()):
            if agreement.starts_on <= day <= agreement.ends_on:
                for suspension in self._suspensions.get(agreement.pk, ()):
                    if suspension.starts_on <= day <= suspension.ends_on:
                        return Designation(agreement, suspension)
                return Designation(agreement)
        return Designation(None)
