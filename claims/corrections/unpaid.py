"""What a correction takes back of payments that still wait: what is not due is not paid first.

A payment is touched only when it was ordered for the very claims that lose, or by an earlier
correction of the same year, and goes to the same payee with the same payer's money. Whatever
has gone into a batch is paid and asked back.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from claims.corrections.models import Correction
from claims.corrections.recalculation import Change, Sides
from claims.corrections.selectors import Payee
from claims.intake.models import Claim
from claims.payments.models import OrderShare, OrderState, PaymentOrder
from claims.settlement.models import SettledClaim
from enrollment.values.money import ZERO, from_fen, to_fen

PayeeSides = Mapping[tuple[Payee, str, str], Sides]


class KeptBack(NamedTuple):
    """`fen` of a waiting share that are not due: they settle what `payee` would owe `layer`."""

    payee: Payee
    layer: str
    payer: str
    share: OrderShare
    fen: int

    @property
    def amount(self) -> Decimal:
        """The same in yuan."""
        return from_fen(self.fen)


def kept_back(
    correction: Correction,
    changes: Iterable[Change],
    by_payee: PayeeSides,
    *,
    lock: bool = False,
) -> list[KeptBack]:
    """What is kept, from the same layer's share first, then the oldest; three statements.

    With `lock` the orders are locked: whoever writes it holds them.
    """
    shares = _waiting(correction, changes, lock=lock)
    left = {share.pk: to_fen(share.amount - share.taken) for share in shares}
    return [
        kept
        for key, sides in by_payee.items()
        if sides.net < 0
        for kept in _take(key, -sides.net, shares, left)
    ]


def _waiting(correction: Correction, changes: Iterable[Change], *, lock: bool) -> list[Any]:
    """Shares of waiting orders for what loses, with `taken`: yuan that are set off already."""
    claims = [
        change.claim_id
        for change in changes
        if any(layer.after < layer.before for layer in change.layers)
    ]
    wanted = Q(claim__in=claims) | Q(
        correction__person=correction.person_id, correction__year=correction.year
    )
    uploads = SettledClaim.objects.filter(pk__in=claims, source=Claim.Source.UPLOAD)
    for run, institution in set(uploads.values_list("run_id", "institution_id")):
        wanted |= Q(run=run, institution=institution)
    orders = PaymentOrder.objects.filter(wanted, state=OrderState.PENDING).order_by("pk")
    if lock:
        orders = orders.select_for_update(no_key=True, of=("self",))
    return list(
        OrderShare.objects.filter(order__in=[order.pk for order in orders])
        .select_related("order__person", "order__institution")
        .annotate(taken=Coalesce(Sum("set_offs__amount"), Value(ZERO)))
        .order_by("pk")
    )


def _take(
    key: tuple[Payee, str, str], owed: int, shares: list[Any], left: dict[int, int]
) -> Iterator[KeptBack]:
    """Draw `owed` fen from the payee's shares, noting in `left` what they have left."""
    payee, layer, payer = key
    for share in sorted(shares, key=lambda one: (one.layer != layer, one.pk)):
        whose = Payee(share.order.person_id, share.order.institution_id)
        fen = min(owed, left[share.pk])
        if fen and (whose, share.payer) == (payee, payer):
            owed -= fen
            left[share.pk] -= fen
            yield KeptBack(payee, layer, payer, share, fen)
