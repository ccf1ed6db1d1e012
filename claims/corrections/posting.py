"""Writing an approved correction; the caller holds the transaction and the resident's lock.

One entry per correction × institution × layer × payer, in the payer's own book:

    more:  Dr benefit expense          / Cr benefits payable
    less:  Dr overpayments receivable  / Cr benefit expense

What one payee gets more and less of the same layer and payer at different institutions is set
off (Dr benefits payable / Cr overpayments receivable); what then remains becomes the payee's
payment order or overpayment. An overpayment whose payment still waits is settled at once by
keeping that payment back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.corrections.models import Correction, Revision, RevisionLayer
from claims.corrections.recalculation import Change, sides_by
from claims.corrections.selectors import Payee, Year, latest_revisions
from claims.corrections.unpaid import PayeeSides, kept_back
from claims.intake.models import Claim, ClaimState
from claims.ledger.models import Account, Event
from claims.ledger.services import Line, post_entry
from claims.overpayments.clearances import keep_back
from claims.overpayments.models import Overpayment
from claims.payments.models import OrderShare, PaymentOrder
from claims.review.models import ClaimTransition
from claims.review.states import CLAIM_TRANSITIONS
from claims.settlement.models import AccumulatorMovement
from enrollment.models import Institution, Person, User
from enrollment.transitions.table import move
from enrollment.values.money import from_fen


def post_correction(
    correction: Correction, changes: Sequence[Change], year: Year, *, actor: User, at: datetime
) -> None:
    """Results, counters, reversed claims, ledger, orders and overpayments of one correction.

    Posting it twice is refused by the database (`one_entry_per_event`,
    `one_revision_per_correction`, `one_first_order_per_correction`).
    """
    on = timezone.localdate(at)
    _write_results(correction, changes, year)
    _take_back(correction, changes, actor=actor, at=at)
    by_payee = sides_by(changes, year.payees)
    _post_entries(correction, changes, year, by_payee, on=on, at=at)
    unpaid = kept_back(correction, changes, by_payee, lock=True)
    _order_payments(correction, by_payee, at=at)
    opened = {
        (payee, layer, payer): Overpayment.objects.create(
            correction=correction,
            person_id=payee.person_id,
            institution_id=payee.institution_id,
            layer=layer,
            payer=payer,
            amount=from_fen(-sides.net),
            opened_on=on,
        )
        for (payee, layer, payer), sides in by_payee.items()
        if sides.net < 0
    }
    for one in unpaid:
        overpayment = opened[one.payee, one.layer, one.payer]
        keep_back(overpayment, one.share, amount=one.amount, actor=actor, at=at)


def _write_results(correction: Correction, changes: Sequence[Change], year: Year) -> None:
    latest = latest_revisions(change.claim_id for change in changes)
    totals = {one.row.claim_id: one.row.total - sum(one.row.prior) for one in year.standings}
    revisions = Revision.objects.bulk_create(
        Revision(
            correction=correction,
            settled_id=change.claim_id,
            number=latest[change.claim_id].number + 1 if change.claim_id in latest else 1,
            is_reversed=change.is_reversed,
            paid_before=from_fen(change.before),
            paid=from_fen(change.after),
            personal=from_fen(totals[change.claim_id] - change.after),
            steps=change.steps,
        )
        for change in changes
    )
    pairs = list(zip(revisions, changes, strict=True))
    RevisionLayer.objects.bulk_create(
        RevisionLayer(
            revision=revision,
            layer=layer.layer,
            payer=layer.payer,
            policy=layer.policy,
            before=from_fen(layer.before),
            after=from_fen(layer.after),
        )
        for revision, change in pairs
        for layer in change.layers
    )
    AccumulatorMovement.objects.bulk_create(
        AccumulatorMovement(
            person_id=correction.person_id,
            year=correction.year,
            counter=counter,
            amount=from_fen(fen),
            settled_id=change.claim_id,
            revision=revision,
        )
        for revision, change in pairs
        for counter, fen in change.moved
    )


def _take_back(
    correction: Correction, changes: Sequence[Change], *, actor: User, at: datetime
) -> None:
    """Reversed claims leave the state settled: their invoices and days are free again."""
    ids = [change.claim_id for change in changes if change.is_reversed]
    for claim in Claim.objects.filter(pk__in=ids, state=ClaimState.SETTLED).order_by("pk"):
        move(
            claim,
            "reverse",
            CLAIM_TRANSITIONS,
            ClaimTransition,
            actor=actor,
            at=at,
            note=f"{correction}: {correction.note}"[:500],
        )


def _post_entries(
    correction: Correction,
    changes: Sequence[Change],
    year: Year,
    by_payee: PayeeSides,
    *,
    on: date,
    at: datetime,
) -> None:
    with translation.override("zh-hans"):  # the books are kept in Chinese
        description = _("Correction %(number)s, benefit year %(year)s") % {
            "number": correction,
            "year": correction.year,
        }
    for (institution, layer, payer), sides in sides_by(changes, year.institutions).items():
        post_entry(
            on=on,
            source=Event.CORRECTION,
            source_key=f"{correction.pk}:{institution}:{layer}:{payer}",
            description=description,
            lines=_lines(
                payer,
                layer,
                institution,
                (
                    (Account.BENEFIT_EXPENSE, Account.BENEFITS_PAYABLE, sides.more),
                    (Account.OVERPAYMENTS_RECEIVABLE, Account.BENEFIT_EXPENSE, sides.less),
                ),
            ),
            at=at,
        )
    for (payee, layer, payer), sides in by_payee.items():
        both = min(sides.more, sides.less)
        if both:
            whose = f"P{payee.person_id}" if payee.person_id else f"J{payee.institution_id}"
            accounts = (Account.BENEFITS_PAYABLE, Account.OVERPAYMENTS_RECEIVABLE, both)
            post_entry(
                on=on,
                source=Event.CORRECTION_OFFSET,
                source_key=f"{correction.pk}:{whose}:{layer}:{payer}",
                description=description,
                lines=_lines(payer, layer, payee.institution_id, (accounts,)),
                at=at,
            )


def _lines(
    payer: str, layer: str, institution: int | None, moves: Iterable[tuple[str, str, int]]
) -> Iterable[Line]:
    """Debit, credit, amount in fen: two lines each; nothing for nothing."""
    for debit, credit, fen in moves:
        if fen:
            amount = from_fen(fen)
            yield Line(payer, debit, debit=amount, layer=layer, institution_id=institution)
            yield Line(payer, credit, credit=amount, layer=layer, institution_id=institution)


def _order_payments(correction: Correction, by_payee: PayeeSides, *, at: datetime) -> None:
    """One order per payee, the resident's first; its shares are what the layers owe."""
    shares: defaultdict[Payee, list[tuple[str, str, Decimal]]] = defaultdict(list)
    for (payee, layer, payer), sides in by_payee.items():
        if sides.net > 0:
            shares[payee].append((layer, payer, from_fen(sides.net)))
    places = sorted(shares, key=lambda payee: (payee.person_id is None, payee.institution_id or 0))
    for place, payee in enumerate(places, start=1):
        whose = _payee(payee)
        order = PaymentOrder.objects.create(
            number=f"{correction}-{place:06d}",
            correction=correction,
            person_id=payee.person_id,
            institution_id=payee.institution_id,
            account_no=whose.account_no,
            account_name=whose.account_name,
            amount=sum((amount for _layer, _payer, amount in shares[payee]), Decimal(0)),
            created_at=at,
        )
        OrderShare.objects.bulk_create(
            OrderShare(order=order, payer=payer, layer=layer, amount=amount)
            for layer, payer, amount in shares[payee]
        )


def _payee(payee: Payee) -> Person | Institution:
    if payee.person_id is not None:
        return Person.objects.get(pk=payee.person_id)
    if payee.institution_id is not None:
        return Institution.objects.get(pk=payee.institution_id)
    raise LookupError("a payee is a resident or an institution")
