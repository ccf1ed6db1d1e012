"""The past can change: what is recalculated, posted, paid and asked back, and only once."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from claims.benefit.loading import shipped_schemes
from claims.chunks.calculation import ClaimRow, decide
from claims.corrections.models import Cause
from claims.corrections.recalculation import (
    CannotRecalculate,
    Sides,
    Standing,
    as_data,
    from_data,
    recalculate,
    sides_by,
)
from claims.corrections.services import (
    NothingSettled,
    PreviewStale,
    approve_correction,
    calculate_year,
    propose_correction,
    reject_correction,
    withdraw_correction,
)
from claims.models import (
    AccumulatorMovement,
    Correction,
    CorrectionState,
    Entry,
    Overpayment,
    PaymentOrder,
    Revision,
)
from claims.tests.night import (
    NOW,
    approved_claim,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from enrollment.models import Person
from enrollment.tests.factories import make_identity, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

SCHEME = shipped_schemes()["yongshun-resident"]
OFFICER = ["claims.propose_correction", "claims.approve_correction", "claims.view_correction"]


def row(claim_id: int, day: date, total: int, **facts: Any) -> ClaimRow:
    base = {
        "claim_id": claim_id,
        "person_id": 7,
        "institution_id": 3,
        "source": "window",
        "kind": "special_outpatient",
        "level": "county",
        "in_county": True,
        "filing": "none",
        "discharged_on": day,
        "total": total,
        "excluded": 0,
        "over_limit": 0,
        "first_self_pay": 0,
        "covered": True,
        "suspended": False,
        "identities": "",
    }
    return ClaimRow(**{**base, **facts})


def as_settled(rows: list[ClaimRow], **changed: Any) -> list[Standing]:
    """What the settlement made of the rows in the order given, then put in order of discharge."""
    done = decide(SCHEME, rows, {})
    assert not done.held
    results = {one.claim_id: one for one in done.settled}
    standings = []
    for one in sorted(rows, key=lambda each: (each.discharged_on, each.claim_id)):
        result = results[one.claim_id]
        standings.append(
            Standing(
                row=one._replace(**changed),
                paid={
                    (layer.code, layer.payer): fen
                    for layer, fen in zip(SCHEME.layers, result.paid, strict=True)
                    if fen
                },
                moved={
                    counter: new - old
                    for counter, old, new in zip(
                        SCHEME.counters, result.before, result.after, strict=True
                    )
                    if new != old
                },
                steps=result.steps,
                version=0,
                is_reversed=False,
            )
        )
    return standings


def paid_of(changes: Any) -> dict[int, dict[str, tuple[int, int]]]:
    return {
        one.claim_id: {layer.layer: (layer.before, layer.after) for layer in one.layers}
        for one in changes
    }


# --- the calculation, without a database ---------------------------------------------------------
def test_a_year_settled_in_order_needs_no_correction() -> None:
    year = as_settled([row(1, date(2026, 3, 1), 100_000), row(2, date(2026, 9, 1), 90_000)])
    assert recalculate(SCHEME, year) == []


def test_a_late_earlier_bill_takes_the_ceiling_from_the_claim_that_came_first() -> None:
    # 214,000 at 70% = 149,800; the late bill then got the last 200 of 150,000 instead of 700.
    year = as_settled([row(1, date(2026, 9, 10), 21_400_000), row(2, date(2026, 3, 1), 100_000)])
    changes = recalculate(SCHEME, year)
    basic = {claim: layers["basic"] for claim, layers in paid_of(changes).items()}
    assert basic == {2: (20_000, 70_000), 1: (14_980_000, 14_930_000)}
    assert [change.claim_id for change in changes] == [2, 1]
    assert sum(dict(change.moved)["basic.paid"] for change in changes) == 0


def test_a_late_earlier_bill_takes_the_deductible_of_the_year() -> None:
    # 500 per stay until 1,500 of the year: the fourth stay by date has none left.
    stay = {"kind": "inpatient", "identities": "low_income"}
    later = [row(n, date(2026, n + 2, 9), 200_000, **stay) for n in (2, 3, 4, 5)]
    year = as_settled([*later, row(1, date(2026, 2, 9), 200_000, **stay)])
    basic = {claim: layers["basic"] for claim, layers in paid_of(recalculate(SCHEME, year)).items()}
    # 2,000 at 75% without a deductible, 1,500 at 75% with one.
    assert basic == {1: (150_000, 112_500), 4: (112_500, 150_000)}


def test_an_identity_granted_backwards_halves_the_deductible_of_critical_illness() -> None:
    year = as_settled([row(1, date(2026, 3, 1), 10_000_000)], identities="low_income")
    (change,) = recalculate(SCHEME, year)
    layers = {layer.layer: (layer.before, layer.after) for layer in change.layers}
    # 30,000 left: 19,000 above 11,000 at 60%, then 24,500 above 5,500 at 65%.
    assert layers["basic"] == (7_000_000, 7_000_000)
    assert layers["critical_illness"] == (1_140_000, 1_592_500)


def test_a_reversal_gives_the_ceiling_to_the_next_claims() -> None:
    year = as_settled([row(1, date(2026, 3, 1), 21_400_000), row(2, date(2026, 9, 1), 100_000)])
    changes = recalculate(SCHEME, year, reverse={1})
    assert [(one.claim_id, one.is_reversed) for one in changes] == [(1, True), (2, False)]
    assert {claim: layers["basic"] for claim, layers in paid_of(changes).items()} == {
        1: (14_980_000, 0),
        2: (20_000, 70_000),
    }
    assert changes[0].after == 0
    assert changes[0].steps == ""
    moved = dict(changes[0].moved)
    assert moved["basic.paid"] == -14_980_000


def test_a_reversed_claim_stays_reversed() -> None:
    (one,) = as_settled([row(1, date(2026, 3, 1), 100_000)])
    gone = one._replace(paid={}, moved={}, steps="", is_reversed=True)
    assert recalculate(SCHEME, [gone]) == []


def test_lost_coverage_does_not_take_a_settled_claim_back_by_itself() -> None:
    year = as_settled([row(1, date(2026, 3, 1), 100_000)], covered=False, suspended=True)
    assert recalculate(SCHEME, year) == []


def test_a_claim_that_cannot_be_calculated_is_named() -> None:
    year = as_settled([row(1, date(2026, 3, 1), 100_000)], excluded=100_001)
    with pytest.raises(CannotRecalculate) as caught:
        recalculate(SCHEME, year)
    assert caught.value.hold.claim_id == 1


def test_differences_are_summed_by_payee_and_never_across_payers() -> None:
    year = as_settled([row(1, date(2026, 9, 10), 21_400_000), row(2, date(2026, 3, 1), 100_000)])
    changes = recalculate(SCHEME, year)
    together = sides_by(changes, {1: "a", 2: "a"})
    assert together["a", "basic", "fund"] == Sides(50_000, 50_000)
    assert together["a", "basic", "fund"].net == 0
    apart = sides_by(changes, {1: "a", 2: "b"})
    assert apart["a", "basic", "fund"].net == -apart["b", "basic", "fund"].net == -50_000


def test_changes_survive_their_form_in_json() -> None:
    year = as_settled([row(1, date(2026, 9, 10), 21_400_000), row(2, date(2026, 3, 1), 100_000)])
    changes = recalculate(SCHEME, year)
    assert from_data(as_data(changes)) == changes


# --- proposing and deciding ----------------------------------------------------------------------
@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    return make_user(OFFICER), make_user(OFFICER)


def late_bill(*, source: str = "window") -> Person:
    """A resident near the ceiling, with a bill of March that was settled after September's."""
    person = covered_person()
    september = {"discharged_on": date(2026, 9, 10), "total": Decimal("214000.00")}
    approved_claim(person, number="T-SEP", source=source, **september)
    settle()
    approved_claim(person, number="T-MAR", discharged_on=date(2026, 3, 1))
    settle()
    return person


def proposed(person: Person, actor: Any, cause: str = Cause.LATE_BILL, **fields: Any) -> Correction:
    correction = propose_correction(
        person, 2026, cause=cause, note="迟到票据", actor=actor, at=NOW, **fields
    ).correction
    assert correction is not None
    return correction


def fresh_year(person: Person) -> None:
    """The year is what a calculation from its beginning makes of it, and the books agree."""
    assert calculate_year(person, 2026).changes == []
    assert ledger_faults() == []


def test_a_late_bill_of_the_same_resident_is_set_off_within_the_payer(officers: Any) -> None:
    person = late_bill()
    correction = proposed(person, officers[0])
    assert not Revision.objects.exists()
    assert not Entry.objects.filter(source="correction").exists()
    approve_correction(correction, actor=officers[1], at=NOW)
    paid = {
        one.settled.claim.number: (one.number, one.paid_before, one.paid)
        for one in Revision.objects.all()
    }
    basic = {
        one.settled.claim.number: one.layers.get(layer="basic").after
        for one in Revision.objects.all()
    }
    assert basic == {"T-MAR": Decimal("700.00"), "T-SEP": Decimal("149300.00")}
    assert paid["T-MAR"][0] == paid["T-SEP"][0] == 1
    assert Entry.objects.filter(source="correction_offset").count() >= 1
    fund = Overpayment.objects.filter(layer="basic").count()
    orders = PaymentOrder.objects.filter(correction=correction, shares__layer="basic")
    assert (fund, orders.count()) == (0, 0)
    fresh_year(person)


def test_what_an_institution_was_paid_too_much_it_owes_and_the_resident_is_paid(
    officers: Any,
) -> None:
    person = late_bill(source="upload")
    correction = proposed(person, officers[0])
    approve_correction(correction, actor=officers[1], at=NOW)
    order = PaymentOrder.objects.get(correction=correction, person=person)
    assert order.shares.get(layer="basic").amount == Decimal("500.00")
    assert (order.run, order.claim, order.state) == (None, None, "pending")
    assert order.account_no == person.account_no
    owed = Overpayment.objects.get(layer="basic")
    assert (owed.institution is not None, owed.amount) == (True, Decimal("500.00"))
    fresh_year(person)


def test_an_identity_granted_backwards_pays_the_resident_the_difference(officers: Any) -> None:
    person = covered_person()
    approved_claim(person, total=Decimal("100000.00"), number="T-BIG")
    settle()
    before = person.orders.get().amount
    assert (
        propose_correction(
            person, 2026, cause=Cause.IDENTITY, note="复查", actor=officers[0], at=NOW
        ).correction
        is None
    )
    make_identity(person, "low_income", starts_on=date(2026, 1, 1))
    correction = proposed(person, officers[0], Cause.IDENTITY)
    assert (correction.pays > 0, correction.recovers) == (True, Decimal("0.00"))
    approve_correction(correction, actor=officers[1], at=NOW)
    order = PaymentOrder.objects.get(correction=correction)
    revision = Revision.objects.get()
    assert order.amount == correction.pays == revision.paid - revision.paid_before
    assert revision.paid_before == before
    fresh_year(person)


def test_a_reversed_claim_is_owed_back_and_frees_the_ceiling(officers: Any) -> None:
    person = covered_person()
    first = approved_claim(person, discharged_on=date(2026, 3, 1), total=Decimal("214000.00"))
    second = approved_claim(person, number="T-SEP2")
    settle()
    with pytest.raises(TransitionRefused, match=r"reverse|冲销"):
        proposed(person, officers[0], Cause.REVERSAL)
    correction = proposed(person, officers[0], Cause.REVERSAL, reverse=[first.pk])
    approve_correction(correction, actor=officers[1], at=NOW)
    gone = Revision.objects.get(settled=first.settled)
    assert (gone.is_reversed, gone.paid, gone.personal) == (True, 0, Decimal("214000.00"))
    assert Revision.objects.get(settled=second.settled).layers.get(layer="basic").after == Decimal(
        "700.00"
    )
    # 149,800 back, 500 more: set off against each other in the fund's book.
    assert Overpayment.objects.get(layer="basic").amount == Decimal("149300.00")
    with pytest.raises(TransitionRefused):
        proposed(person, officers[0], Cause.REVERSAL, reverse=[first.pk])
    fresh_year(person)
    first.refresh_from_db()
    step = first.transitions.get(action="reverse")
    assert (first.state, step.actor, str(correction) in step.note) == (
        "reversed",
        officers[1],
        True,
    )


def test_the_same_again_proposes_nothing(officers: Any) -> None:
    person = late_bill()
    first = propose_correction(
        person, 2026, cause=Cause.LATE_BILL, note="a", actor=officers[0], at=NOW
    )
    again = propose_correction(person, 2026, cause=Cause.OTHER, note="b", actor=officers[1], at=NOW)
    assert (first.created, again.created) == (True, False)
    assert first.correction == again.correction
    approve_correction(first.correction, actor=officers[1], at=NOW)
    done = propose_correction(person, 2026, cause=Cause.OTHER, note="c", actor=officers[0], at=NOW)
    assert (done.correction, done.created) == (None, False)
    assert Correction.objects.count() == 1


def counts() -> tuple[int, ...]:
    models = (Revision, AccumulatorMovement, Entry, PaymentOrder, Overpayment)
    return tuple(model.objects.count() for model in models)


@pytest.mark.parametrize("state", CorrectionState.values)
@pytest.mark.parametrize("action", ["approve", "reject", "withdraw"])
def test_what_may_follow_what(officers: Any, state: str, action: str) -> None:
    correction = proposed(late_bill(), officers[0])
    if state == "approved":
        approve_correction(correction, actor=officers[1], at=NOW)
    elif state == "rejected":
        reject_correction(correction, actor=officers[1], at=NOW, note="x")
    elif state == "withdrawn":
        withdraw_correction(correction, actor=officers[0], at=NOW, note="x")
    standing = counts()
    steps: dict[str, Any] = {
        "approve": lambda: approve_correction(correction, actor=officers[1], at=NOW),
        "reject": lambda: reject_correction(correction, actor=officers[1], at=NOW, note="x"),
        "withdraw": lambda: withdraw_correction(correction, actor=officers[0], at=NOW, note="x"),
    }
    if state == CorrectionState.PROPOSED:
        steps[action]()
        assert (counts() != standing) == (action == "approve")
    else:
        with pytest.raises(StateConflict):
            steps[action]()
        assert counts() == standing
    assert ledger_faults() == []


def test_who_proposed_does_not_approve_and_strangers_do_neither(officers: Any) -> None:
    person = late_bill()
    stranger = make_finance()
    with pytest.raises(NotPermitted):
        proposed(person, stranger)
    correction = proposed(person, officers[0])
    standing = counts()
    with pytest.raises(SecondPersonRequired):
        approve_correction(correction, actor=officers[0], at=NOW)
    with pytest.raises(NotPermitted):
        approve_correction(correction, actor=stranger, at=NOW)
    with pytest.raises(NotPermitted):
        reject_correction(correction, actor=stranger, at=NOW, note="x")
    with pytest.raises(ReasonMissing):
        reject_correction(correction, actor=officers[1], at=NOW, note=" ")
    correction.refresh_from_db()
    assert (correction.state, counts()) == (CorrectionState.PROPOSED, standing)


def test_a_preview_that_no_longer_holds_is_not_posted(officers: Any) -> None:
    person = late_bill()
    correction = proposed(person, officers[0])
    approved_claim(person, discharged_on=date(2026, 2, 1), number="T-FEB")
    settle()
    standing = counts()
    with pytest.raises(PreviewStale):
        approve_correction(correction, actor=officers[1], at=NOW)
    correction.refresh_from_db()
    assert (correction.state, counts()) == (CorrectionState.PROPOSED, standing)
    with pytest.raises(StateConflict):
        proposed(person, officers[0])
    withdraw_correction(correction, actor=officers[0], at=NOW, note="又来了新票据")
    approve_correction(proposed(person, officers[0]), actor=officers[1], at=NOW)
    fresh_year(person)


def test_a_year_without_settled_claims_has_nothing_to_correct(officers: Any) -> None:
    with pytest.raises(NothingSettled):
        proposed(covered_person(), officers[0])


def test_a_correction_is_paid_by_the_bank_as_any_order(officers: Any) -> None:
    from claims.payments.exchange import read_bank_return, write_bank_file
    from claims.payments.services import approve_batch, make_batch, pay_again
    from claims.tests.night import bank_return

    person = late_bill(source="upload")
    approve_correction(proposed(person, officers[0]), actor=officers[1], at=NOW)
    maker, checker = make_finance(), make_finance()
    order = PaymentOrder.objects.get(correction__isnull=False, person=person)
    for attempt in (1, 2):
        batch = make_batch(actor=maker, at=NOW).batch
        approve_batch(batch, actor=checker, at=NOW)
        assert order.number.encode() in write_bank_file(batch, actor=maker, at=NOW)
        failures = {order.number: "账号有误"} if attempt == 1 else {}
        read_bank_return(batch, bank_return(batch, failures), actor=maker, at=NOW)
        order.refresh_from_db()
        if attempt == 1:
            person.account_no = "6217000010001234567"
            person.save()
            order = pay_again(order, actor=maker, at=NOW)
            assert order.correction is not None
    assert (order.state, order.number.endswith("-2")) == ("paid", True)
    assert ledger_faults() == []


# --- what the database refuses -------------------------------------------------------------------
def test_rows_of_a_correction_cannot_be_changed_even_by_raw_sql(officers: Any) -> None:
    person = late_bill(source="upload")
    approve_correction(proposed(person, officers[0]), actor=officers[1], at=NOW)
    statements = [
        f"{verb} {table}{tail}"
        for table, column in (
            ("claims_revision", "paid"),
            ("claims_revisionlayer", "after"),
            ("claims_overpayment", "amount"),
            ("claims_correctiontransition", "note"),
        )
        for verb, tail in (("UPDATE", f" SET {column} = {column}"), ("DELETE FROM", ""))
    ]
    statements += ["UPDATE claims_correction SET pays = pays + 1", "DELETE FROM claims_correction"]
    with connection.cursor() as cursor:
        for sql in statements:
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                cursor.execute(sql)


def test_the_database_refuses_a_second_open_correction_and_an_order_of_nothing(
    officers: Any,
) -> None:
    correction = proposed(late_bill(), officers[0])
    correction.pk = None
    with pytest.raises(IntegrityError, match="one_open_correction"), transaction.atomic():
        correction.save(force_insert=True)
    with pytest.raises(IntegrityError, match="order_one_origin"), transaction.atomic():
        PaymentOrder.objects.create(
            number="X", person=correction.person, amount=Decimal("1.00"), created_at=NOW
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_wins() -> None:
    first, second, third = (make_user(OFFICER) for _n in range(3))
    correction = proposed(late_bill(), first)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def approve(actor: Any) -> None:
        gate.wait(timeout=30)
        try:
            approve_correction(Correction.objects.get(pk=correction.pk), actor=actor, at=NOW)
            outcomes.append("done")
        except StateConflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(actor,)) for actor in (second, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["done", "refused"]
    assert Revision.objects.filter(number=2).count() == 0
    assert ledger_faults() == []
