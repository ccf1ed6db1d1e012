"""What enrolment itself tells of a resident: years, identities, household, accounts, looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.coverage.models import Enrolment, PremiumStandard, PremiumSubsidy
from enrollment.desk.tags import Label, Tone
from enrollment.register.selectors import HeldIdentity, held, standing_of, with_standing
from enrollment.residents.models import Person
from enrollment.stories.sections import Event, Loader, Told, day_of, register_section
from enrollment.values.money import ZERO

ROWS_SHOWN = 20


@dataclass(frozen=True)
class YearLine:
    """A resident's enrolment of one year, and what the year costs whom, in yuan.

    `subsidies` are the government tiers' shares of the year's standard, `subsidy` their sum;
    None where none is on file, or the enrolment does not count.
    """

    row: Enrolment
    tone: Tone
    standard: PremiumStandard | None
    subsidies: Sequence[PremiumSubsidy]
    subsidy: Decimal | None

    @property
    def whole(self) -> Decimal | None:
        """Personal premium and subsidies together; None while one of them is unknown."""
        paid = self.row.paid
        return None if paid is None or self.subsidy is None else paid + self.subsidy


def years_of(person: Person, _user: User) -> Told:
    """Every enrolment with premium and subsidy; three statements."""
    rows = list(person.enrolments.order_by("-year", "-id"))
    standards = {
        standard.year: standard
        for standard in PremiumStandard.objects.filter(
            year__in={row.year for row in rows}
        ).prefetch_related("subsidies")
    }
    lines = [_year_line(row, standards.get(row.year)) for row in rows]
    events = [
        Event(row.starts_on, _("Covered from this day"), str(row.year), tone=Tone.GREEN)
        for row in rows
        if row.status == Enrolment.Status.ACTIVE
    ]
    events += [
        Event(row.paid_on, _("Premium was paid"), str(row.year)) for row in rows if row.paid_on
    ]
    return Told({"lines": lines}, len(lines), events)


def _year_line(row: Enrolment, standard: PremiumStandard | None) -> YearLine:
    active = row.status == Enrolment.Status.ACTIVE
    subsidies = list(standard.subsidies.all()) if standard is not None and active else []
    return YearLine(
        row=row,
        tone=Tone.GREEN if active else Tone.NEUTRAL,
        standard=standard if subsidies else None,
        subsidies=subsidies,
        subsidy=sum((one.amount for one in subsidies), ZERO) if subsidies else None,
    )


def identities_of(person: Person, _user: User) -> Told:
    """Every assistance identity, the latest first; one statement."""
    today = timezone.localdate()
    lines: list[HeldIdentity] = [
        held(row, today) for row in person.identities.order_by("-starts_on", "-id")
    ]
    events = [
        Event(line.row.starts_on, _("Identity from this day"), str(line.row), tone=Tone.BLUE)
        for line in lines
    ]
    events += [
        Event(line.row.ends_on, _("Last day of the identity"), str(line.row))
        for line in lines
        if line.row.ends_on is not None and line.row.ends_on < today
    ]
    return Told({"lines": lines}, len(lines), events)


def household_of(person: Person, user: User) -> Told | None:
    """The household's members whom the user may see, with this year; three statements."""
    if person.household_id is None:
        return None
    today = timezone.localdate()
    mine = visible_to(Person.objects.filter(household_id=person.household_id), user)
    members = with_standing(mine, today)
    lines = [(member, standing_of(member, today)) for member in members.order_by("born_on", "id")]
    return Told({"lines": lines, "person": person}, len(lines))


def accounts_of(person: Person, _user: User) -> Told | None:
    """The newest changes of the bank account, masked; one statement."""
    rows = list(person.account_changes.select_related("actor")[:ROWS_SHOWN])
    events = [
        Event(day_of(row.at), _("Account changed"), f"{row.masked_old or '—'} → {row.masked_new}")
        for row in rows
    ]
    return Told({"rows": rows}, len(rows), events) if rows else None


def looks_at(person: Person, _user: User) -> Told | None:
    """Who had the full numbers shown last, and why; one statement."""
    rows = list(person.unmaskings.select_related("actor")[:ROWS_SHOWN])
    return Told({"rows": rows}, len(rows)) if rows else None


def register() -> None:
    """Tell the page of a resident; called once by `enrollment.register.screens`."""
    sections: tuple[tuple[int, str, Label, Loader, str, int], ...] = (
        (10, "years", _("Enrolments"), years_of, "view_person", 3),
        (20, "identities", _("Assistance identities"), identities_of, "view_person", 1),
        (30, "household", _("Members of the household"), household_of, "view_person", 3),
        (900, "accounts", _("Account changes"), accounts_of, "view_person", 1),
        (910, "looks", _("Looks at full numbers"), looks_at, "view_unmasking", 1),
    )
    for order, key, title, load, permission, statements in sections:
        register_section(
            Person,
            key,
            title,
            load=load,
            template=f"register/story/{key}.html",
            permission=f"enrollment.{permission}",
            order=order,
            statements=statements,
        )
