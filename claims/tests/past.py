"""A machine that does to two residents' year whatever can happen to the past."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from claims.corrections.models import Cause
from claims.corrections.recalculation import CannotRecalculate
from claims.corrections.services import approve_correction, propose_correction
from claims.models import Claim, ClaimState, Overpayment, PaymentOrder, Revision, SettledClaim
from claims.overpayments.clearances import approve_clearance, propose_set_off, propose_write_off
from claims.overpayments.plans import monthly_parts
from claims.overpayments.selectors import account_of, open_amount, shares_to_set_off
from claims.overpayments.services import agree_plan, record_repayment
from claims.payments import exchange, services
from claims.policies.services import approve_proposal, propose_scheme
from claims.tests.night import (
    NOW,
    approved_claim,
    bank_return,
    covered_person,
    ledger_faults,
    make_finance,
    settle,
)
from claims.tests.overpaid import officer
from claims.tests.test_corrections import OFFICER
from claims.tests.test_policies import CODE, FILES
from enrollment.models import AssistanceIdentity, Person
from enrollment.residents.services import correct_account
from enrollment.tests.factories import make_identity, make_institution, make_user
from enrollment.transitions.table import TransitionRefused
from enrollment.values.money import from_fen, to_fen

YEAR = 2026
FIRST = date(YEAR, 1, 1)
days = st.integers(0, 270).map(lambda n: FIRST + timedelta(days=n))
residents = st.integers(0, 1)
amounts = st.integers(1, 25_000_000)
sources = st.sampled_from(["window", "upload"])
kinds = st.sampled_from(["special_outpatient", "special_outpatient", "general_outpatient"])


class Past(RuleBasedStateMachine):
    """Two residents, an upload and a window, and everything that can change their year."""

    # What has had an effect in any of the sequences.
    seen: set[str] = set()

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.at = NOW
        self.bills = 0
        self.officers = make_user(OFFICER), make_user(OFFICER)
        self.drafters = tuple(
            make_user(["claims.propose_policy", "claims.approve_policy"]) for _n in range(2)
        )
        self.bank = make_finance(), make_finance()
        self.money = officer(), officer()
        self.clerk = make_user(["enrollment.correct_account"])
        self.people = [covered_person(), covered_person()]
        self.places = [
            make_institution(level=level, account_no=f"43001234{n:08d}", account_name=level)
            for n, level in enumerate(("township", "county"))
        ]
        self.scheme = deepcopy(FILES[CODE])
        self.approve_policy()
        for who, month, fen, source in (
            (0, 9, 21_400_000, "upload"), (0, 4, 2_000_000, "window"), (1, 6, 9_000_000, "window"),
        ):  # fmt: skip
            self.enter(who, date(YEAR, month, 10), fen, source, "special_outpatient")
        settle()

    def teardown(self) -> None:
        """Settle and correct what is left; the outcome is that of settling all in order."""
        try:
            self.settle()
            for person in self.people:
                self.correct(person)
                if self.has_results(person):
                    assert self.propose(person, Cause.OTHER).correction is None
            self.check()
            assert standing(self.people) == from_scratch(self.people)
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    def tick(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def approve_policy(self) -> None:
        made = propose_scheme(
            self.scheme, title="测试", actor=self.drafters[0], at=self.tick()
        ).proposal
        if made is not None:
            approve_proposal(made, actor=self.drafters[1], at=self.tick())

    def propose(self, person: Person, cause: str, reverse: tuple[int, ...] = ()) -> Any:
        return propose_correction(
            person, YEAR, cause=cause, note="测试", actor=self.officers[0], at=self.tick(),
            reverse=reverse,
        )  # fmt: skip

    def has_results(self, person: Person) -> bool:
        return SettledClaim.objects.filter(person=person).exists()

    def correct(self, person: Person, cause: str = Cause.OTHER, *reverse: int) -> None:
        """Propose and approve; a claim that can be calculated no more is taken back as well.

        An identity in the middle of a year can make a small claim catch up on more than its
        total: the night would hold it, and so the year is refused until it is reversed.
        """
        if not self.has_results(person):
            return
        try:
            made = self.propose(person, cause, reverse).correction
        except TransitionRefused as refused:
            if not isinstance(refused.__cause__, CannotRecalculate):
                raise
            self.correct(person, Cause.REVERSAL, *reverse, refused.__cause__.hold.claim_id)
            return
        if made is not None:
            approve_correction(made, actor=self.officers[1], at=self.tick())
            self.seen.add(cause)

    # --- what happens -------------------------------------------------------------------------
    @rule(who=residents, day=days, fen=amounts, source=sources, kind=kinds)
    def late_bill(self, who: int, day: date, fen: int, source: str, kind: str) -> None:
        self.enter(who, day, fen, source, kind)

    def enter(self, who: int, day: date, fen: int, source: str, kind: str) -> None:
        self.bills += 1
        approved_claim(
            self.people[who],
            self.places[self.bills % 2],
            number=f"B{self.bills:04d}",
            discharged_on=day,
            total=Decimal(fen) / 100,
            source=source,
            visit_no=f"V{self.bills}" if source == "upload" else "",
            kind=kind,
        )

    @rule()
    def settle(self) -> None:
        settle()

    @rule(who=residents)
    def recalculate(self, who: int) -> None:
        self.correct(self.people[who])

    @precondition(lambda self: Claim.objects.filter(state=ClaimState.SETTLED).exists())
    @rule(place=st.integers(0, 50))
    def reverse(self, place: int) -> None:
        settled = list(Claim.objects.filter(state=ClaimState.SETTLED).order_by("pk"))
        claim = settled[place % len(settled)]
        self.correct(claim.person, Cause.REVERSAL, claim.pk)

    @rule(who=residents, day=days, kind=st.sampled_from(["low_income", "extremely_poor"]))
    def grant_backwards(self, who: int, day: date, kind: str) -> None:
        person = self.people[who]
        if not AssistanceIdentity.objects.filter(person=person, kind=kind).exists():
            make_identity(person, kind, starts_on=day)
        self.correct(person, Cause.IDENTITY)

    @rule(day=days, percent=st.integers(50, 95), who=residents)
    def correct_policy(self, day: date, percent: int, who: int) -> None:
        rows = self.scheme["layers"][0]["parameters"]["special_rate"]
        if any(row.get("starts_on") == day for row in rows):
            return
        rows.append({"value": f"0.{percent}", "source": "outpatient", "starts_on": day})
        rows.sort(key=lambda row: row.get("starts_on") or date.min)
        self.approve_policy()
        self.correct(self.people[who], Cause.POLICY)

    @precondition(lambda self: PaymentOrder.objects.filter(state="pending").exists())
    @rule(fail=st.booleans())
    def pay(self, fail: bool) -> None:
        maker, approver = self.bank
        batch = services.make_batch(actor=maker, at=self.tick()).batch
        services.approve_batch(batch, actor=approver, at=self.tick())
        exchange.write_bank_file(batch, actor=maker, at=self.tick())
        failed = {one.number: "户名不符" for one in batch.orders.all() if fail and one.person_id}
        exchange.read_bank_return(batch, bank_return(batch, failed), actor=maker, at=self.tick())

    @precondition(lambda self: PaymentOrder.objects.filter(state="failed").exists())
    @rule(number=st.integers(10**8, 10**9 - 1))
    def pay_again(self, number: int) -> None:
        order = PaymentOrder.objects.filter(state="failed").order_by("pk")[0]
        assert order.person is not None
        correct_account(
            order.person, account_no=f"6222021{number}", account_name="某", actor=self.clerk,
            at=self.tick(),
        )  # fmt: skip
        services.pay_again(order, actor=self.bank[0], at=self.tick())
        self.seen.add("paid again")

    @rule(place=st.integers(0, 20), part=st.integers(1, 3))
    def repay(self, place: int, part: int) -> None:
        for owed, amount in self.owed(place, part):
            record_repayment(
                owed, amount=amount, on=self.at.date(), document=f"R{self.at:%d%H%M}",
                actor=self.money[0], at=self.tick(),
            )  # fmt: skip
            self.seen.add("repaid")

    @rule(place=st.integers(0, 20), part=st.integers(1, 3))
    def set_off(self, place: int, part: int) -> None:
        for owed, amount in self.owed(place, part):
            share: Any = shares_to_set_off(owed).first()
            if share is not None:
                made = propose_set_off(
                    owed, share, amount=min(amount, share.rest), note="同意", document="同意书",
                    actor=self.money[0], at=self.tick(),
                )  # fmt: skip
                approve_clearance(made, actor=self.money[1], at=self.tick())
                self.seen.add(made.kind)

    @rule(place=st.integers(0, 20), part=st.integers(1, 3))
    def write_off(self, place: int, part: int) -> None:
        for owed, amount in self.owed(place, part):
            made = propose_write_off(
                owed, amount=amount, note="无法收回", document="决定", actor=self.money[0],
                at=self.tick(),
            )  # fmt: skip
            approve_clearance(made, actor=self.money[1], at=self.tick())
            self.seen.add(made.kind)

    @rule(place=st.integers(0, 20), count=st.integers(1, 3))
    def agree(self, place: int, count: int) -> None:
        for owed, amount in self.owed(place, 1):
            tomorrow = self.at.date() + timedelta(days=1)
            parts = monthly_parts(to_fen(amount), min(count, to_fen(amount)), tomorrow)
            agree_plan(
                owed, [(day, from_fen(fen)) for day, fen in parts], note="约定分期",
                actor=self.money[0], at=self.tick(),
            )  # fmt: skip
            self.seen.add("instalments")

    def owed(self, place: int, part: int) -> list[tuple[Overpayment, Decimal]]:
        """At most one overpayment with a part of what is open, at least a fen."""
        open_ones = [one for one in Overpayment.objects.order_by("pk") if open_amount(one)]
        if not open_ones:
            return []
        one = open_ones[place % len(open_ones)]
        part_of_it = (open_amount(one) / part).quantize(Decimal("0.01"))
        return [(one, max(part_of_it, Decimal("0.01")))]

    @invariant()
    def check(self) -> None:
        with connection.cursor() as cursor:  # what the database proves at commit
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert ledger_faults() == []
        for one in Overpayment.objects.all():
            account = account_of(one, self.at.date())
            assert account.still_open >= 0
            if account.plan:  # what is owed by instalments is what is owed
                assert sum(line.owed for line in account.lines) == account.still_open


Paid = dict[str, dict[str, Decimal]]


def standing(people: list[Person]) -> Paid:
    """What each claim that was not taken back pays now, by layer."""
    found: Paid = {}
    for one in SettledClaim.objects.filter(person__in=people, claim__state=ClaimState.SETTLED):
        last = Revision.objects.filter(settled=one).order_by("number").last()
        rows = (
            last.layers.filter(after__gt=0).values_list("layer", "after")
            if last
            else one.layers.values_list("layer", "paid")
        )
        found[one.claim.number] = dict(rows)
    return found


def from_scratch(people: list[Person]) -> Paid:
    """What the night pays when the same bills of others with the same identities come at once."""
    twins = [covered_person() for _one in people]
    for person, twin in zip(people, twins, strict=True):
        for identity in AssistanceIdentity.objects.filter(person=person):
            make_identity(twin, identity.kind, starts_on=identity.starts_on)
        for claim in Claim.objects.filter(person=person, state=ClaimState.SETTLED):
            approved_claim(
                twin, claim.institution, number=f"Z{claim.number}", total=claim.total,
                kind=claim.kind, discharged_on=claim.discharged_on, source=claim.source,
            )  # fmt: skip
    settle()
    return {number.removeprefix("Z"): layers for number, layers in standing(twins).items()}
