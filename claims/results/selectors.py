"""What a settled claim pays after its corrections, and how it came to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.corrections.models import Correction, Revision, RevisionLayer
from claims.policies.language import reader_language
from claims.policies.selectors import layer_name
from claims.settlement.models import LayerPayment, SettledClaim
from enrollment.values.money import ZERO


def standing_paid(settled: str = "") -> Any:
    """The expression for what a claim pays now, in yuan: its last revision's sum, else its own.

    `settled` is the path from the row to its settled claim, empty for settled claims. Null
    where there is no result.
    """
    path = f"{settled}__" if settled else ""
    newest = Revision.objects.filter(settled=OuterRef(f"{path}pk")).order_by("-number")
    return Coalesce(
        Subquery(newest.values("paid")[:1]),
        F(f"{path}paid"),
        output_field=DecimalField(max_digits=14, decimal_places=2),
    )


def layer_sums(layer: str) -> dict[str, Any]:
    """Expressions on settled claims: what one layer paid by the settlement, and pays now, in yuan.

    0.00 where it paid nothing.
    """
    money = DecimalField(max_digits=14, decimal_places=2)
    paid = LayerPayment.objects.filter(settled=OuterRef("pk"), layer=layer).values("settled")
    revised = RevisionLayer.objects.filter(revision__settled=OuterRef("pk"), layer=layer).values(
        "revision__settled"
    )
    first = Coalesce(Subquery(paid.values(sum=Sum("paid"))), ZERO, output_field=money)
    added = Coalesce(
        Subquery(revised.values(sum=Sum(F("after") - F("before")))), ZERO, output_field=money
    )
    return {"layer_paid": first, "layer_stands": first + added}


@dataclass(frozen=True)
class Result:
    """One result of a claim, in yuan: the settlement's (`correction` None) or a correction's.

    `layers` pairs each layer's name with what it pays; 0.00 where it pays no more.
    """

    correction: Correction | None
    on: date
    is_reversed: bool
    paid: Decimal
    personal: Decimal
    difference: Decimal
    layers: Sequence[tuple[str, Decimal]]


def results_of(settled: SettledClaim) -> list[Result]:
    """All results of a claim, the settlement's first, the one that stands last.

    Four statements; reads `settled.run`.
    """
    revisions = list(
        settled.revisions.select_related("correction")
        .prefetch_related("layers", "correction__transitions")
        .order_by("number")
    )
    lang = reader_language()
    paid = dict(settled.layers.order_by("pk").values_list("layer", "paid"))
    found = [
        Result(
            None,
            settled.run.up_to,
            False,
            settled.paid,
            settled.personal,
            ZERO,
            [(layer_name(layer, lang), amount) for layer, amount in paid.items()],
        )
    ]
    for one in revisions:
        found.append(
            Result(
                one.correction,
                _approved_on(one.correction),
                one.is_reversed,
                one.paid,
                one.personal,
                one.paid - one.paid_before,
                [(layer_name(layer.layer, lang), layer.after) for layer in one.layers.all()],
            )
        )
    return found


def _approved_on(correction: Correction) -> date:
    """The day of the second person's approval."""
    (step,) = (one for one in correction.transitions.all() if one.action == "approve")
    return timezone.localdate(step.at)
