"""A resident's yearly counters (年度累计), layer by layer, and the movements behind each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claims.benefit.layers.base import Layer
from claims.intake.quote import balances_of
from claims.policies.language import reader_language
from claims.policies.selectors import current_scheme
from claims.settlement.models import AccumulatorMovement
from claims.window.card import balances
from enrollment.desk.tags import Label
from enrollment.models import Person
from enrollment.residents.selectors import identities_on
from enrollment.values.money import ZERO

# What the counters of the layers count.
COUNTER_LABELS: Mapping[str, Label] = {
    "deductible": _("Deductibles applied"),
    "paid": _("Paid by the layer"),
    "outpatient": _("Paid for general outpatient care"),
    "hypertension": _("Paid for medicines for hypertension alone"),
    "diabetes": _("Paid for medicines for diabetes alone"),
    "two_diseases": _("Paid for medicines for the two diseases"),
    "maternity": _("Paid for births"),
    "base": _("Accumulated personal cost that the layer reads"),
    "out_of_policy_base": _("Accumulated out-of-policy cost"),
    "out_of_policy_paid": _("Paid on out-of-policy cost"),
    "chronic_base": _("Accumulated cost of chronic diseases"),
    "chronic_paid": _("Paid on chronic diseases"),
}


@dataclass(frozen=True)
class CounterLine:
    """One counter of a year in yuan.

    `has_ceiling` is None where the counter knows none by its nature, False where the scheme
    or an identity lifts it; `left` is what remains below it.
    """

    code: str
    layer: str
    label: Label
    used: Decimal
    has_ceiling: bool | None
    left: Decimal | None

    @property
    def ceiling(self) -> Decimal | None:
        """The ceiling of the year, while nothing is used above it."""
        return None if self.left is None else self.used + self.left


def counters_of(person: Person, day: date) -> list[CounterLine]:
    """The counters of the day's year: those with a ceiling, and all that have moved.

    Three statements: bureau, identities, sums.
    """
    scheme = current_scheme()
    standing = balances_of(person.pk, day.year)
    limits = {
        one.counter: one for one in balances(scheme, identities_on(person, day), standing, day)
    }
    lines = []
    for code, layer, counter in _codes(scheme.layers):
        limit = limits.get(code)
        if limit is None and code not in standing:
            continue
        lines.append(
            CounterLine(
                code=code,
                layer=layer.name.in_(reader_language()),
                label=COUNTER_LABELS.get(counter, counter),
                used=standing.get(code, ZERO),
                has_ceiling=None if limit is None else limit.left is not None,
                left=None if limit is None else limit.left,
            )
        )
    return lines


def movements_of(person: Person, year: int, code: str) -> QuerySet[AccumulatorMovement]:
    """What moved one counter in a year, in the order of settlement, with each claim."""
    return (
        AccumulatorMovement.objects.filter(person=person, year=year, counter=code)
        .select_related("settled__claim__institution")
        .defer("settled__steps")
        .order_by("id")
    )


def counter_name(code: str) -> tuple[str, Label]:
    """The layer's name and what the counter counts; KeyError for an unknown code."""
    for known, layer, counter in _codes(current_scheme().layers):
        if known == code:
            return layer.name.in_(reader_language()), COUNTER_LABELS.get(counter, counter)
    raise KeyError(code)


def _codes(layers: tuple[Layer, ...]) -> Iterator[tuple[str, Layer, str]]:
    for layer in layers:
        for counter in layer.counters:
            yield f"{layer.code}.{counter}", layer, counter
