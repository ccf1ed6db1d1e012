"""Claims in some states, without looking through those in others."""

from django.db.models import QuerySet

from claims.intake.models import WAITING, Claim, ClaimState


def in_state(claims: QuerySet[Claim], *states: str) -> QuerySet[Claim]:
    """Those of the claims that are in any of the states.

    No index of the claims names their state (docs/decisions/0050): what waits is found by its
    row in `WaitingClaim`, what is rejected or reversed among the few that are not live.
    """
    if set(states) <= set(WAITING):
        return claims.filter(waiting__state__in=states)
    if not set(states) & {ClaimState.SETTLED, *WAITING}:
        return claims.filter(is_live=False, state__in=states)
    return claims.filter(state__in=states)
