"""Finding residents, and which assistance identities they hold on a day."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from enrollment.privacy.crypto import digest
from enrollment.residents.models import AssistanceIdentity, Person
from enrollment.values.periods import Period

_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
_FULL_ID = re.compile(r"[0-9]{17}[0-9X]")


def matching_persons(query: str) -> QuerySet[Person]:
    """Residents by full identity number, by its last four characters, or by name prefix.

    Digits (and a final X) are read as a number: eighteen are exact, four are the last four;
    anything else is the beginning of a name. An empty query, or a number of another length,
    finds nobody. Sealed columns are never scanned: each way uses an index.
    """
    text = query.strip().replace(" ", "")
    number = text.upper()
    persons = Person.objects.order_by("name", "id")
    if _FULL_ID.fullmatch(number):
        return persons.filter(id_digest=digest(number, "id"))
    if _LAST_FOUR.fullmatch(number):
        return persons.filter(last4_digest=digest(number, "last4"))
    if not text or text[0].isdigit():
        return persons.none()
    return persons.filter(name__startswith=text)


def find_persons(query: str, limit: int = 20) -> list[Person]:
    """The first `limit` residents that `matching_persons` gives, with division and household."""
    return list(matching_persons(query).select_related("division", "household")[:limit])


def identities_on(person: Person, day: date) -> frozenset[str]:
    """Codes of the assistance identities that the resident holds on the day."""
    return frozenset(
        AssistanceIdentity.objects.filter(_holding(day), person=person).values_list(
            "kind", flat=True
        )
    )


def identities_for(person_ids: Collection[int], day: date) -> dict[int, frozenset[str]]:
    """The same for many residents in one statement; who holds none is absent."""
    held: defaultdict[int, set[str]] = defaultdict(set)
    rows = AssistanceIdentity.objects.filter(_holding(day), person_id__in=person_ids)
    for person_id, kind in rows.values_list("person_id", "kind"):
        held[person_id].add(kind)
    return {person_id: frozenset(kinds) for person_id, kinds in held.items()}


@dataclass(frozen=True)
class HeldIdentity:
    """One identity and the days it holds on."""

    kind: str
    period: Period


def identity_periods(person_ids: Collection[int]) -> dict[int, tuple[HeldIdentity, ...]]:
    """Every identity period of many residents, for work that spans many days."""
    found: defaultdict[int, list[HeldIdentity]] = defaultdict(list)
    rows = AssistanceIdentity.objects.filter(person_id__in=person_ids).order_by("id")
    for person_id, kind, first, last in rows.values_list(
        "person_id", "kind", "starts_on", "ends_on"
    ):
        found[person_id].append(HeldIdentity(kind, Period(first, last)))
    return {person_id: tuple(held) for person_id, held in found.items()}


def held_on(held: Iterable[HeldIdentity], day: date) -> frozenset[str]:
    """The codes among `held` whose period includes the day."""
    return frozenset(identity.kind for identity in held if day in identity.period)


def _holding(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
