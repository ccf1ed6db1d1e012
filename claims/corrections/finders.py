"""Which settled years a change in the past may have touched."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef

from claims.corrections.models import Revision
from claims.settlement.models import SettledClaim, SettlementRun


@dataclass(frozen=True)
class TouchedYear:
    """One resident's benefit year and how many of its settled claims may change."""

    person_id: int
    year: int
    claims: int


def years_before_version(scheme: str, version: int, since: date) -> list[TouchedYear]:
    """Years with claims discharged on or after `since` whose result is of an older version.

    One statement. Whether something changes is known when the year is calculated.
    """
    newer = Revision.objects.filter(settled=OuterRef("pk"), correction__policy_version__gte=version)
    found = (
        SettledClaim.objects.filter(
            ~Exists(newer),
            run__scheme=scheme,
            run__policy_version__lt=version,
            run__state=SettlementRun.State.POSTED,
            claim__discharged_on__gte=since,
        )
        .order_by("person_id", "year")
        .values_list("person_id", "year")
        .annotate(claims=Count("pk"))
    )
    return [TouchedYear(*row) for row in found]
