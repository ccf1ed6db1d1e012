"""Which settled years a change in the past may have touched."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, RowRange, Window

from claims.corrections.models import Revision
from claims.intake.models import ClaimState
from claims.settlement.models import SettledClaim, SettlementRun
from enrollment.models import AssistanceIdentity, IdentityChange


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


def years_with_identity(scheme: str, since: date) -> list[TouchedYear]:
    """Years with claims discharged on or after `since` that an identity may decide otherwise now.

    Claims on whose day an identity stands (whether by hand or by a roll, and known to the
    settlement or not), or whose resident's identities were changed by hand after it. One
    statement; what turns out unchanged was settled with the identity already.
    """
    day = OuterRef("claim__discharged_on")
    stands = AssistanceIdentity.objects.filter(person=OuterRef("person"), starts_on__lte=day)
    changed = IdentityChange.objects.filter(
        identity__person=OuterRef("person"), at__gt=OuterRef("run__started_at")
    )
    found = (
        SettledClaim.objects.filter(
            Exists(stands.filter(Q(ends_on=None) | Q(ends_on__gte=day))) | Exists(changed),
            run__scheme=scheme,
            run__state=SettlementRun.State.POSTED,
            claim__state=ClaimState.SETTLED,
            claim__discharged_on__gte=since,
        )
        .order_by("person_id", "year")
        .values_list("person_id", "year")
        .annotate(claims=Count("pk"))
    )
    return [TouchedYear(*row) for row in found]


def years_out_of_order(scheme: str, since: date) -> list[TouchedYear]:
    """Years in which a claim was settled before one that was discharged earlier: a late bill.

    Counted are the claims that were settled too early, of those discharged on or after `since`
    (so is the late bill itself). One statement, which sorts these claims once.
    """
    settled = SettledClaim.objects.filter(
        run__scheme=scheme,
        run__state=SettlementRun.State.POSTED,
        claim__state=ClaimState.SETTLED,
        claim__discharged_on__gte=since,
    )
    # Runs follow one another, so that a greater number is a later night.
    latest_before = Window(
        Max("run_id"),
        partition_by=["person_id", "year"],
        order_by=["claim__discharged_on", "claim__number"],
        frame=RowRange(start=None, end=-1),
    )
    early = settled.annotate(latest_before=latest_before).filter(latest_before__gt=F("run_id"))
    found = Counter(early.order_by().values_list("person_id", "year"))
    return [TouchedYear(*year, claims) for year, claims in sorted(found.items())]
