"""The card of a resident at the window: what the clerk must see before typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims.benefit.layers.base import Layer
from claims.benefit.scheme import Scheme
from claims.benefit.types import DISEASES
from claims.certificates.models import SpecialCertificate
from claims.certificates.selectors import certificates_of
from claims.intake.messages import say
from claims.intake.models import Claim
from claims.intake.quote import balances_of
from claims.intake.rules import coverage_gap
from claims.outofarea.models import AreaFiling
from claims.outofarea.selectors import filings_of
from claims.policies.language import reader_language
from claims.policies.selectors import current_scheme
from enrollment.desk.tags import Label
from enrollment.models import AssistanceIdentity, Enrolment, IdentityKind, Person
from enrollment.values.money import ZERO, from_fen
from enrollment.values.periods import Period

CLAIMS_SHOWN = 4
# Parts of another counter of the card: shown once something was used.
ONCE_USED = DISEASES
# On the card a counter is named like this, or like its layer.
SHORT_LABELS: Mapping[str, Label] = {
    "deductible": _("Deductibles"),
    "outpatient": _("General outpatient"),
    "two_diseases": _("Two diseases"),
    "hypertension": _("Hypertension"),
    "diabetes": _("Diabetes"),
}


@dataclass(frozen=True)
class Balance:
    """A yearly counter (such as `basic.paid`) in yuan; `left` is None without a ceiling."""

    counter: str
    label: str
    used: Decimal
    left: Decimal | None


@dataclass(frozen=True)
class Coverage:
    """Whether the day is covered: nothing to say, or why not."""

    day: date
    why_not: str = ""


@dataclass(frozen=True)
class Card:
    """Everything on the card; `claims` are the newest of the year, `more` counts the others."""

    person: Person
    year: int
    coverage: Coverage
    identities: tuple[str, ...]
    balances: tuple[Balance, ...]
    claims: tuple[Claim, ...]
    more: int
    # What holds on the day: certificates of special diseases, filings of care outside the area.
    certificates: tuple[SpecialCertificate, ...] = ()
    filings: tuple[AreaFiling, ...] = ()


def card_for(person_id: int, day: date) -> Card:
    """The card for a day of service; Person.DoesNotExist for an unknown key.

    Eight statements.
    """
    person = Person.objects.select_related("division", "household").get(pk=person_id)
    kinds = frozenset(
        AssistanceIdentity.objects.filter(person=person, starts_on__lte=day)
        .exclude(ends_on__lt=day)
        .values_list("kind", flat=True)
    )
    claims = list(
        Claim.objects.filter(person=person, discharged_on__year=day.year)
        .select_related("institution")
        .order_by("-discharged_on", "-id")[: CLAIMS_SHOWN + 40]
    )
    return Card(
        person=person,
        year=day.year,
        coverage=coverage_of(person_id, day),
        identities=tuple(str(IdentityKind(kind).label) for kind in sorted(kinds)),
        balances=tuple(balances(current_scheme(), kinds, balances_of(person_id, day.year), day)),
        claims=tuple(claims[:CLAIMS_SHOWN]),
        more=max(len(claims) - CLAIMS_SHOWN, 0),
        certificates=tuple(one for one in certificates_of(person.pk) if one.holds_on(day)),
        filings=tuple(one for one in filings_of(person.pk) if one.holds_on(day)),
    )


def coverage_of(person_id: int, day: date) -> Coverage:
    """Whether an active enrolment covers the day; one statement."""
    rows = Enrolment.objects.filter(
        person_id=person_id, year=day.year, status=Enrolment.Status.ACTIVE
    )
    periods = tuple(Period(first, last) for first, last in rows.values_list("starts_on", "ends_on"))
    gap = coverage_gap(day, periods)
    return Coverage(day, say(gap) if gap else "")


def balances(
    scheme: Scheme, identities: frozenset[str], standing: Mapping[str, Decimal], day: date
) -> list[Balance]:
    """The counters of each layer that a ceiling may limit, with what is left of it."""
    lang = reader_language()
    found = []
    for layer in scheme.layers:
        if not _concerns(layer, identities, standing):
            continue
        free = _unlimited(layer, identities, day)
        for counter in layer.counters:
            if counter not in layer.CEILINGS:
                continue
            code = f"{layer.code}.{counter}"
            ceiling = None if free else _ceiling(layer, counter, day)
            used = standing.get(code, ZERO)
            if counter in ONCE_USED and not used:
                continue
            left = None if ceiling is None else max(from_fen(ceiling) - used, ZERO)
            label = SHORT_LABELS.get(counter) or layer.name.in_(lang)
            found.append(Balance(code, str(label), used, left))
    return found


def _ceiling(layer: Layer, counter: str, day: date) -> int | None:
    """What limits the counter on that day, in fen; None when nothing does."""
    parameter, entry = layer.CEILINGS[counter]
    limit = _value(layer, parameter, day)
    return (limit or {}).get(entry) if entry else limit


def _concerns(layer: Layer, identities: frozenset[str], standing: Mapping[str, Decimal]) -> bool:
    """A layer for some identities only is left out for everybody else."""
    if "rates" not in layer.series or layer.KIND != "medical_aid":
        return True
    return bool(identities & layer.identities) or bool(standing.get(f"{layer.code}.paid"))


def _unlimited(layer: Layer, identities: frozenset[str], day: date) -> bool:
    """Whether one of the identities lifts the layer's ceiling."""
    favours = _value(layer, "favours", day) or {}
    return any(getattr(favours[one], "unlimited", False) for one in identities & favours.keys())


def _value(layer: Layer, parameter: str, day: date) -> Any:
    series = layer.series.get(parameter)
    row = series.on(day) if series else None
    return row.value if row else None
