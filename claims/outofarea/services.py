"""Filing care outside the area, and withdrawing a filing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.outofarea.models import (
    AreaFiling,
    FilingKind,
    FilingRule,
    FilingState,
    FilingTransition,
)
from claims.outofarea.rules import lies_in
from claims.outofarea.selectors import filing_rule_on
from claims.outofarea.states import FILING_TRANSITIONS
from enrollment.bureau.selectors import current_bureau
from enrollment.calendar.selectors import due_on
from enrollment.models import Institution, Person, User
from enrollment.transitions.table import NotPermitted, TransitionRefused, move
from enrollment.values.periods import last_day_of_months


@dataclass(frozen=True)
class Letter:
    """A referral letter (转诊证明): who refers, its number and its day."""

    referred_by: Institution
    number: str
    written_on: date


@dataclass(frozen=True)
class Destination:
    """Where the treatment is: a place by name, with its division code or one hospital."""

    place: str
    area_code: str = ""
    institution: Institution | None = None


def file_outside_care(
    person: Person,
    kind: str,
    destination: Destination,
    *,
    starts_on: date,
    actor: User,
    at: datetime,
    letter: Letter | None = None,
    note: str = "",
) -> AreaFiling:
    """File care outside the area; its end follows from the rule in force on the day of filing.

    A referral may begin on the day of its letter; an emergency is filed within the rule's working
    days from its first day; long-term residence begins today or later. Raises a TransitionRefused:
    NotPermitted without `claims.file_outside`; for a day that the kind does not allow, a place
    without its code and without a hospital, a place or hospital inside the county, a referral
    without its letter or by an institution outside the county, a second filing of long-term
    residence in the period. Nothing is written then.
    """
    day = timezone.localdate(at)
    if not actor.has_perm("claims.file_outside"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("file care outside the area")}
        )
    rule = filing_rule_on(day)
    if rule is None:
        raise TransitionRefused(_("No filing rule is entered: enter one in the settings."))
    _require_outside(destination)
    _require_day(kind, starts_on, letter, rule, day)
    months = rule.months_of(kind)
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        filing = AreaFiling(
            person=locked,
            kind=kind,
            starts_on=starts_on,
            ends_on=last_day_of_months(starts_on, months) if months else None,
            place=destination.place,
            area_code=destination.area_code,
            institution=destination.institution,
            referred_by=letter.referred_by if letter else None,
            letter_no=letter.number if letter else "",
            letter_on=letter.written_on if letter else None,
            note=note,
            filed_by=actor,
            filed_at=at,
        )
        try:
            filing.validate_constraints()
        except ValidationError as error:
            raise TransitionRefused(" ".join(error.messages)) from error
        filing.save(force_insert=True)
        FilingTransition.objects.create(
            subject=filing, action="file", to_state=FilingState.FILED, actor=actor, at=at, note=note
        )
    return filing


def withdraw_filing(
    filing: AreaFiling, *, withdrawn_from: date, note: str, actor: User, at: datetime
) -> AreaFiling:
    """Services from `withdrawn_from` on are no longer covered; what went before stays.

    Raises TransitionRefused for a day outside the filing's days; else as `move`.
    """
    if withdrawn_from < filing.starts_on or (filing.ends_on and withdrawn_from > filing.ends_on):
        raise TransitionRefused(
            _("Choose a day on which the filing holds: %(first)s to %(last)s.")
            % {"first": filing.starts_on, "last": filing.ends_on or "—"}
        )
    moved: AreaFiling = move(
        filing,
        "withdraw",
        FILING_TRANSITIONS,
        FilingTransition,
        actor=actor,
        at=at,
        note=note,
        changes={"withdrawn_from": withdrawn_from},
    )
    return moved


def _require_outside(destination: Destination) -> None:
    institution = destination.institution
    if institution is not None and institution.in_county:
        raise TransitionRefused(
            _("%(name)s lies in the county: care there needs no filing.")
            % {"name": institution.name}
        )
    county = current_bureau().division_id or ""
    if institution is None and lies_in(destination.area_code, county):
        raise TransitionRefused(
            _("%(name)s lies in the county: care there needs no filing.")
            % {"name": destination.place}
        )


def _require_day(
    kind: str, starts_on: date, letter: Letter | None, rule: FilingRule, day: date
) -> None:
    """Whether a filing of the kind may begin on the day, when it is made today."""
    if kind == FilingKind.LONG_TERM and starts_on < day:
        raise TransitionRefused(
            _("Long-term residence is filed ahead: it begins on %(today)s at the earliest.")
            % {"today": day}
        )
    if kind == FilingKind.REFERRAL:
        _require_letter(starts_on, letter, day)
    if kind == FilingKind.EMERGENCY:
        if starts_on > day:
            raise TransitionRefused(_("An emergency is filed when it has happened."))
        last = due_on(starts_on, rule.emergency_days) if rule.emergency_days is not None else None
        if last is not None and day > last:
            raise TransitionRefused(
                _(
                    "An emergency is filed within %(days)d working days: by %(last)s. The stay "
                    "counts as not filed."
                )
                % {"days": rule.emergency_days, "last": last}
            )


def _require_letter(starts_on: date, letter: Letter | None, day: date) -> None:
    if letter is None or not letter.number.strip():
        raise TransitionRefused(
            _("A referral needs its letter: the institution that refers, number and day.")
        )
    if letter.written_on > day:
        raise TransitionRefused(_("The letter is dated in the future."))
    if not letter.referred_by.in_county:
        raise TransitionRefused(
            _("A referral is written by an institution of the county; %(name)s lies outside.")
            % {"name": letter.referred_by.name}
        )
    if starts_on < letter.written_on:
        raise TransitionRefused(
            _("The referral begins on the day of its letter at the earliest: %(day)s.")
            % {"day": letter.written_on}
        )
