"""What waits is known by a table of its own, and a claim that moves on touches no index."""

from itertools import permutations

import pytest
from django.db import connection

from claims.intake.models import WAITING, Claim, ClaimState
from claims.intake.states import in_state
from claims.intake.waiting import WaitingClaim
from claims.tests.factories import make_claim, make_resident

pytestmark = pytest.mark.django_db


def hot_updates():
    """Updates of claims in this transaction, and those among them that touched no index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables"
            " WHERE relname = 'claims_claim'"
        )
        return cursor.fetchone()


@pytest.mark.parametrize("state", ClaimState)
def test_a_claim_is_found_by_its_state_alone(state):
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(state=state)
    found = {one for one in ClaimState if in_state(Claim.objects.all(), one).exists()}
    assert found == {state}
    assert WaitingClaim.objects.filter(state=state).exists() == (state in WAITING)


def test_states_of_all_kinds_are_found_together():
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.REJECTED)
    either = in_state(Claim.objects.all(), ClaimState.SUBMITTED, ClaimState.REJECTED)
    assert list(either) == [claim]


@pytest.mark.parametrize(("before", "after"), list(permutations(WAITING, 2)))
def test_a_waiting_claim_waits_once(before, after):
    claim = make_claim()
    for state in (before, after):
        Claim.objects.filter(pk=claim.pk).update(state=state)
    assert list(WaitingClaim.objects.values_list("claim", "state")) == [(claim.pk, after)]


def test_a_waiting_claim_follows_its_resident_and_its_day():
    claim, other = make_claim(), make_resident()
    Claim.objects.filter(pk=claim.pk).update(person=other, approved_on="2026-09-30")
    row = WaitingClaim.objects.get()
    assert (row.person_id, row.approved_on.isoformat()) == (other.pk, "2026-09-30")


@pytest.mark.parametrize("after", [*WAITING, ClaimState.SETTLED])
def test_a_claim_that_moves_on_touches_no_index(after):
    claim = make_claim()
    updates, hot = hot_updates()
    Claim.objects.filter(pk=claim.pk).exclude(state=after).update(
        state=after, held_reason="x", approved_on="2026-09-30", version=2
    )
    moved = int(after != claim.state)
    assert hot_updates() == (updates + moved, hot + moved)
