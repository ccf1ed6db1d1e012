"""What the register's lists and a resident's card show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.coverage.models import Enrolment
from enrollment.desk.tags import Label, Tone
from enrollment.residents.models import AssistanceIdentity, Person


@dataclass(frozen=True)
class Standing:
    """One resident's enrolment of one year, as a word in its tone."""

    label: Label
    tone: Tone


@dataclass(frozen=True)
class HeldIdentity:
    """An identity on the card: its row, and how it stands on the day."""

    row: AssistanceIdentity
    label: Label
    tone: Tone
    may_end: bool


def with_standing(persons: QuerySet[Person], day: date) -> QuerySet[Person]:
    """Residents with this year's enrolments and the identities held on the day.

    Two statements for however many rows; read them with `standing_of` and `held_of`.
    """
    return persons.prefetch_related(
        Prefetch(
            "enrolments",
            queryset=Enrolment.objects.filter(year=day.year).order_by("id"),
            to_attr="enrolments_of_the_year",
        ),
        Prefetch(
            "identities",
            queryset=AssistanceIdentity.objects.filter(holding(day)).order_by("starts_on", "id"),
            to_attr="identities_held",
        ),
    )


def standing_of(person: Person, day: date) -> Standing:
    """How a resident of `with_standing` is enrolled in the day's year."""
    rows: list[Enrolment] = getattr(person, "enrolments_of_the_year", [])
    active = next((row for row in rows if row.status == Enrolment.Status.ACTIVE), None)
    if active is not None and day < active.starts_on:
        return Standing(_("covered later this year"), Tone.AMBER)
    if active is not None and day > active.ends_on:
        return Standing(_("cover has ended"), Tone.NEUTRAL)
    if active is not None:
        return Standing(_("enrolled"), Tone.GREEN)
    return Standing(_("withdrawn"), Tone.NEUTRAL) if rows else NOT_ENROLLED


def held_of(person: Person) -> list[str]:
    """The identities of a resident of `with_standing`, in words."""
    rows: list[AssistanceIdentity] = getattr(person, "identities_held", [])
    return [row.get_kind_display() for row in rows]


def enrolled_as(persons: QuerySet[Person], year: int, status: str) -> QuerySet[Person]:
    """Residents by their enrolment of a year: `active`, `withdrawn` (and not active), `none`."""
    rows = Enrolment.objects.filter(person=OuterRef("pk"), year=year)
    active = Exists(rows.filter(status=Enrolment.Status.ACTIVE))
    if status == Enrolment.Status.ACTIVE:
        return persons.filter(active)
    if status == Enrolment.Status.WITHDRAWN:
        return persons.filter(~active, Exists(rows))
    return persons.filter(~Exists(rows))


def holders_of(persons: QuerySet[Person], kind: str, day: date) -> QuerySet[Person]:
    """Residents who hold the identity on the day."""
    rows = AssistanceIdentity.objects.filter(holding(day), person=OuterRef("pk"), kind=kind)
    return persons.filter(Exists(rows))


def holding(day: date) -> Q:
    """Identities that hold on the day, both ends inclusive."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def held(row: AssistanceIdentity, day: date) -> HeldIdentity:
    """How an identity stands on the day."""
    if row.ends_on is not None and row.ends_on < day:
        return HeldIdentity(row, pgettext_lazy("identity", "ended"), Tone.NEUTRAL, may_end=False)
    if row.starts_on > day:
        return HeldIdentity(row, _("from a later day"), Tone.AMBER, may_end=True)
    return HeldIdentity(row, pgettext_lazy("identity", "holds"), Tone.GREEN, may_end=True)


NOT_ENROLLED = Standing(_("not enrolled"), Tone.RED)
