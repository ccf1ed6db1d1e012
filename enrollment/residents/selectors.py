"""Finding residents, and which assistance identities they hold on a day."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    F,
    Func,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.access.scope import inside, prefixes_of
from enrollment.bureau.selectors import current_bureau
from enrollment.divisions.models import Division
from enrollment.divisions.selectors import code_prefix
from enrollment.lists.searching import SearchRefused
from enrollment.privacy.crypto import digest
from enrollment.residents.models import AssistanceIdentity, Person
from enrollment.values.initials import MAX_LETTERS
from enrollment.values.periods import Period
from enrollment.values.written import half_width_words

_Row = TypeVar("_Row", bound=Model)
# How many residents' rows are looked for at once.
MOST_NAMESAKES = 5_000
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
_LETTERS = re.compile(r"[A-Z]{2,}")
_FULL_ID = re.compile(r"[0-9]{17}[0-9X]")


def matching_persons(query: str, among: QuerySet[Person] | None = None) -> QuerySet[Person]:
    """Residents by full identity number, its last four, initials, or the beginning of a name.

    Digits (and a final X) are read as a number: eighteen are exact, four are the last four.
    Two or more Latin letters are the beginning of the initials, by whichever reading of the
    first character; anything else is the beginning of a name. An empty query, or a number of
    another length, finds nobody. Sealed columns are never scanned: each way uses an index and
    comes in its order, so that a first page costs the same at any size. Keep that order: sorted
    otherwise, all who match are read first.
    """
    text = "".join(half_width_words(query).split())
    number = text.upper()
    everybody = Person.objects.all() if among is None else among
    persons = everybody.order_by("name", "id")
    if _FULL_ID.fullmatch(number):
        return persons.filter(id_digest=digest(number, "id"))
    if _LAST_FOUR.fullmatch(number):
        return persons.filter(last4_digest=digest(number, "last4"))
    if not text or text[0].isdigit():
        return persons.none()
    if _LETTERS.fullmatch(number):
        # Not empty: without saying so, the indexes could not be used.
        found = persons.filter(
            readings__letters__gt="", readings__letters__startswith=number[:MAX_LETTERS]
        )
        # Named, so that a list can page by it.
        return found.annotate(letters=F("readings__letters")).order_by("letters", "id")
    return persons.filter(name__startswith=text)


def rows_of_matching(rows: QuerySet[_Row], query: str, field: str = "person_id") -> QuerySet[_Row]:
    """Rows whose resident the query finds; the residents are looked up first, by their index.

    One statement, at most `MOST_NAMESAKES` residents: raises SearchRefused where a surname or
    two initials would find more. As a plain `IN`, the planner may instead walk all rows in the
    order of the page and ask of each whether its resident matches.
    """
    persons = matching_persons(query).order_by().values_list("pk", flat=True)
    found = list(persons[: MOST_NAMESAKES + 1])
    if len(found) > MOST_NAMESAKES:
        raise SearchRefused(
            _("finds more than %(limit)s residents: type more of the name or a number.")
            % {"limit": f"{MOST_NAMESAKES:,}"}
        )
    if not found:
        return rows.none()
    numbers: Value = Value(sorted(set(found)), output_field=ArrayField(BigIntegerField()))
    one_of_them = Func(
        F(field),
        numbers,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    return rows.filter(one_of_them)


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


def homes_for(user: User) -> QuerySet[Division]:
    """Townships and villages of the bureau's county to which the user may move a resident.

    Each with its `place`: a village with its township before it, since many villages share a
    name. None before the county is loaded.
    """
    county = current_bureau().division
    if county is None:
        return Division.objects.none()
    homes = Division.objects.filter(
        inside("", prefixes_of(user)),
        code__startswith=code_prefix(county),
        level__in=(Division.Level.TOWNSHIP, Division.Level.VILLAGE),
    )
    in_township = When(level=Division.Level.VILLAGE, then=Concat("parent__name", "name"))
    return homes.annotate(place=Case(in_township, default=F("name")))
