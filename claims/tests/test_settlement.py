"""The night: what it pays, what it holds, and that it never pays twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.benefit.loading import shipped_schemes
from claims.chunks.calculation import ClaimRow, decide
from claims.models import (
    AccumulatorMovement,
    Claim,
    ClaimTransition,
    Entry,
    HeldClaim,
    LayerPayment,
    PaymentOrder,
    SettledClaim,
    SettlementRun,
)
from claims.settlement import parts, services
from claims.tests.night import (
    DAY,
    NOW,
    approved_claim,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from enrollment.models import Suspension
from enrollment.tests.factories import make_identity, make_institution, make_person, make_user
from enrollment.transitions.table import NotPermitted


def row(**facts):
    base = {
        "claim_id": 1,
        "person_id": 7,
        "institution_id": 3,
        "source": "window",
        "kind": "special_outpatient",
        "level": "county",
        "in_county": True,
        "filing": "none",
        "discharged_on": date(2026, 9, 10),
        "total": 100_000,
        "excluded": 0,
        "over_limit": 0,
        "first_self_pay": 0,
        "covered": True,
        "suspended": False,
        "identities": "",
    }
    return ClaimRow(**{**base, **facts})


SCHEME = shipped_schemes()["yongshun-resident"]


# --- the decision, without a database -------------------------------------------------------
def test_a_later_claim_of_the_chunk_sees_what_the_earlier_one_has_used():
    near_ceiling = SCHEME.zeros()
    near_ceiling[SCHEME.counters.index("basic.paid")] = 14_950_000  # 500.00 left of 150,000
    done = decide(SCHEME, [row(), row(claim_id=2)], {(7, 2026): near_ceiling})
    assert [settled.paid[0] for settled in done.settled] == [50_000, 0]
    assert near_ceiling[SCHEME.counters.index("basic.paid")] == 14_950_000


def test_each_year_has_its_own_balances():
    full = SCHEME.zeros()
    full[SCHEME.counters.index("basic.paid")] = 15_000_000
    done = decide(
        SCHEME,
        [row(discharged_on=date(2025, 12, 31)), row(claim_id=2, discharged_on=date(2026, 1, 1))],
        {(7, 2026): full},
    )
    assert [settled.paid[0] for settled in done.settled] == [70_000, 0]
    assert [settled.year for settled in done.settled] == [2025, 2026]


@pytest.mark.parametrize(
    ("facts", "reason", "is_error"),
    [
        ({"covered": False}, "not_covered", False),
        ({"suspended": True}, "suspended", False),
        ({"excluded": 100_001}, "refused", False),
        ({"kind": "inpatient", "total": None}, "error", True),
    ],
)
def test_a_claim_that_cannot_be_calculated_is_held_and_stops_no_other(facts, reason, is_error):
    done = decide(SCHEME, [row(**facts), row(claim_id=2)], {})
    assert [(hold.claim_id, hold.reason, hold.is_error) for hold in done.held] == [
        (1, reason, is_error)
    ]
    assert [settled.claim_id for settled in done.settled] == [2]


# --- the night --------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_claim_is_settled_posted_and_ordered():
    claim = approved_claim()
    result = settle()
    assert (result.claims, result.persons, result.paid) == (1, 1, Decimal("700.00"))
    assert (result.held, result.failed, result.resumed) == (0, 0, False)
    claim.refresh_from_db()
    assert claim.state == "settled"
    settled = claim.settled
    assert (settled.paid, settled.personal) == (Decimal("700.00"), Decimal("300.00"))
    assert settled.run.state == "posted"
    assert list(settled.layers.values_list("layer", "payer", "paid")) == [
        ("basic", "fund", Decimal("700.00"))
    ]
    assert dict(settled.movements.values_list("counter", "amount")) == {
        "basic.paid": Decimal("700.00"),
        "critical_illness.base": Decimal("300.00"),
    }
    log = ClaimTransition.objects.get(subject=claim)
    assert (log.action, log.from_state, log.to_state, log.actor) == (
        "settle",
        "approved",
        "settled",
        None,
    )
    entry = Entry.objects.get()
    assert (entry.source, entry.source_key) == (
        "settlement",
        f"{result.run.pk}:{claim.institution_id}:basic:fund",
    )
    assert sorted(entry.postings.values_list("book", "account", "debit", "credit")) == [
        ("fund", "benefit_expense", Decimal("700.00"), Decimal("0.00")),
        ("fund", "benefits_payable", Decimal("0.00"), Decimal("700.00")),
    ]
    order = PaymentOrder.objects.get()
    assert (order.state, order.amount, order.claim, order.person) == (
        "pending",
        Decimal("700.00"),
        claim,
        claim.person,
    )
    assert (order.account_no, order.account_name) == (
        claim.person.account_no,
        claim.person.account_name,
    )
    assert list(order.shares.values_list("payer", "layer", "amount")) == [
        ("fund", "basic", Decimal("700.00"))
    ]
    assert ledger_faults() == []


@pytest.mark.django_db
def test_claims_of_one_person_are_settled_in_order_of_discharge():
    person, hospital = covered_person(), make_institution()
    make_identity(person, "low_income")
    stay = {"kind": "inpatient", "total": Decimal("2000.00")}
    later = approved_claim(
        person,
        hospital,
        admitted_on=date(2026, 9, 5),
        discharged_on=date(2026, 9, 10),
        number="A1",
        **stay,
    )
    earlier = [
        approved_claim(
            person,
            hospital,
            admitted_on=date(2026, month, 1),
            discharged_on=date(2026, month, 9),
            number=f"B{month}",
            **stay,
        )
        for month in (3, 4, 5)
    ]
    settle()
    deductibles = {
        movement.settled.claim.number: movement.amount
        for movement in AccumulatorMovement.objects.filter(counter="basic.deductible")
    }
    # 500 each until 1,500 of the year are reached; the last by date has none left.
    assert deductibles == {claim.number: Decimal("500.00") for claim in earlier}
    assert LayerPayment.objects.get(settled__claim=later, layer="basic").paid == Decimal("1500.00")
    assert ledger_faults() == []


@pytest.mark.django_db
def test_a_late_claim_is_calculated_as_the_next_one():
    person = covered_person()
    approved_claim(person, discharged_on=date(2026, 9, 10), total=Decimal("214000.00"))
    settle()
    late = approved_claim(person, discharged_on=date(2026, 3, 1), total=Decimal("1000.00"))
    settle()
    # 149,800 of the 150,000 were used by the claim that came first.
    assert late.settled.layers.get(layer="basic").paid == Decimal("200.00")
    assert ledger_faults() == []


@pytest.mark.django_db
def test_what_is_not_payable_is_held_with_its_reason():
    hospital, suspended = make_institution(), make_institution()
    Suspension.objects.create(
        agreement=suspended.agreements.get(),
        starts_on=date(2026, 9, 10),
        ends_on=date(2026, 9, 10),
        reason="分解住院",
        document="〔2026〕1号",
        ordered_by=make_user(),
        ordered_at=NOW,
    )
    uncovered = approved_claim(make_person(), hospital)
    inside = approved_claim(None, suspended)
    day_after = approved_claim(None, suspended, discharged_on=date(2026, 9, 11))
    result = settle()
    assert (result.claims, result.held, result.failed) == (1, 2, 0)
    held = {hold.claim: hold.reason for hold in HeldClaim.objects.filter(run=result.run)}
    assert held == {uncovered: "not_covered", inside: "suspended"}
    inside.refresh_from_db()
    assert (inside.state, inside.held_reason) == ("held", "suspended")
    log = ClaimTransition.objects.get(subject=inside)
    assert (log.action, log.reason, log.to_state) == ("hold", "suspended", "held")
    day_after.refresh_from_db()
    assert day_after.state == "settled"
    assert ledger_faults() == []


@pytest.mark.django_db
def test_only_claims_approved_up_to_the_day_are_taken_and_the_next_run_takes_the_rest():
    today = approved_claim(approved_on=DAY)
    tomorrow = approved_claim(approved_on=date(2026, 10, 1))
    assert settle().claims == 1
    tomorrow.refresh_from_db()
    assert tomorrow.state == "approved"
    again = approved_claim(approved_on=DAY)
    assert settle().claims == 1
    for claim in (today, again):
        claim.refresh_from_db()
        assert claim.state == "settled"
    assert settle(date(2026, 10, 1)).claims == 1
    empty = settle(date(2026, 10, 1))
    assert (empty.claims, empty.persons, empty.paid) == (0, 0, Decimal("0.00"))
    assert SettlementRun.objects.filter(state="posted").count() == 4
    assert ledger_faults() == []


@pytest.mark.django_db
def test_uploads_of_one_institution_share_one_order():
    hospital = make_institution(account_no="4300123412341234", account_name="县医院")
    for _n in range(3):
        approved_claim(None, hospital, source="upload")
    approved_claim(None, hospital)
    settle()
    shared = PaymentOrder.objects.get(institution=hospital)
    assert (shared.amount, shared.account_no, shared.claim) == (
        Decimal("2100.00"),
        "4300123412341234",
        None,
    )
    assert PaymentOrder.objects.filter(person__isnull=False).count() == 1
    assert Entry.objects.count() == 1
    assert ledger_faults() == []


@pytest.mark.django_db
def test_a_claim_without_benefit_is_settled_without_order_or_entry():
    # General outpatient outside a township clinic pays nothing.
    approved_claim(kind="general_outpatient")
    assert settle().paid == Decimal("0.00")
    assert SettledClaim.objects.get().personal == Decimal("1000.00")
    assert not Entry.objects.exists()
    assert not PaymentOrder.objects.exists()
    assert ledger_faults() == []


@pytest.mark.django_db
def test_without_the_permission_nothing_is_settled():
    claim = approved_claim()
    with pytest.raises(NotPermitted):
        services.settle_up_to(DAY, actor=make_user(), at=NOW)
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert not SettlementRun.objects.exists()
    assert services.settle_up_to(DAY, actor=make_finance(), at=NOW).claims == 1


@pytest.mark.django_db
def test_a_claim_that_the_database_refuses_is_held_and_the_others_are_settled(monkeypatch):
    person, hospital = covered_person(), make_institution()
    good = [approved_claim(person, hospital), approved_claim(), approved_claim()]
    bad = approved_claim(person, hospital, discharged_on=date(2026, 9, 11))
    honest = parts.decide

    def damaged(scheme, rows, balances):
        decisions = honest(scheme, rows, balances)
        decisions.settled = [
            settled._replace(total=settled.total, paid=[settled.total + 1, 0, 0])
            if settled.claim_id == bad.pk
            else settled
            for settled in decisions.settled
        ]
        return decisions

    monkeypatch.setattr(parts, "decide", damaged)
    result = settle()
    assert (result.claims, result.held, result.failed) == (3, 0, 1)
    bad.refresh_from_db()
    assert bad.state == "held"
    assert "settled_conserves" in HeldClaim.objects.get(claim=bad).detail
    assert set(Claim.objects.filter(state="settled")) == set(good)
    assert ledger_faults() == []


@pytest.mark.django_db
def test_statements_per_thousand_claims_are_constant(settings):
    settings.SETTLEMENT_CHUNK = 20
    hospital = make_institution()

    def statements(claims):
        for _n in range(claims):
            approved_claim(None, hospital)
        with CaptureQueriesContext(connection) as queries:
            settle()
        return len(queries)

    one_chunk, two_chunks, five_chunks = statements(20), statements(40), statements(100)
    per_chunk = two_chunks - one_chunk
    assert five_chunks - two_chunks == 3 * per_chunk
    assert per_chunk <= 16
