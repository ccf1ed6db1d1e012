"""The card of a resident at the window: what the clerk must see before typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from claims.benefit.layers.base import Layer
from claims.benefit.scheme import Scheme
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
from enrollment.models import AssistanceIdentity, Enrolment, IdentityKind, Person
from enrollment.values.money import ZERO, from_fen
from enrollment.values.periods import Period

CLAIMS_SHOWN = 4


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
    """Deductibles applied and what each layer has paid, with what is left of its ceiling."""
    lang = reader_language()
    found = []
    for layer in scheme.layers:
        name = layer.name.in_(lang)
        for counter, parameter, label in (
            ("deductible", "deductible_year_limit", _("Deductibles")),
            ("paid", "year_ceiling", name),
            ("outpatient", "outpatient_ceiling", _("General outpatient")),
        ):
            if counter not in layer.COUNTERS or not _concerns(layer, identities, standing):
                continue
            used = standing.get(f"{layer.code}.{counter}", ZERO)
            ceiling = None if _unlimited(layer, identities, day) else _value(layer, parameter, day)
            left = None if ceiling is None else max(from_fen(ceiling) - used, ZERO)
            found.append(Balance(f"{layer.code}.{counter}", label, used, left))
    return found


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
