"""Acts on a resident's record."""

from datetime import date, datetime

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import luhn

from enrollment.access.models import User
from enrollment.access.scope import covers
from enrollment.divisions.models import Division
from enrollment.residents.models import (
    AccountChange,
    AssistanceIdentity,
    IdentityChange,
    Person,
    Unmasking,
)
from enrollment.residents.selectors import homes_for
from enrollment.transitions.table import NotPermitted, ReasonMissing, TransitionRefused
from enrollment.values.identifiers import normalise_account


class AccountRefused(TransitionRefused):
    """The account cannot be right; the message says why and what to do."""


class DivisionRefused(TransitionRefused):
    """The resident cannot be moved there; the message says why and what to do."""


class IdentityRefused(TransitionRefused):
    """The identity cannot stand so; the message says why and what to do."""


def account_warning(account_no: str) -> str:
    """What the clerk should look at again before confirming; empty when nothing.

    Card numbers carry a Luhn digit; passbooks and settlement accounts of rural credit unions
    do not. A failed check is therefore a warning beside the field and never a refusal.
    """
    number = normalise_account(account_no)
    if number and not luhn.is_valid(number):
        return _(
            "The check digit does not fit a bank card. Correct it if it is a card; "
            "a passbook account may be right."
        )
    return ""


def correct_account(
    person: Person, *, account_no: str, account_name: str, actor: User, at: datetime
) -> AccountChange:
    """Replace the resident's bank account and log old and new, sealed.

    Raises NotPermitted without `enrollment.correct_account`, AccountRefused for something
    that is no account number, a missing holder or an account that is already on file.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _require(actor, "enrollment.correct_account", _("correct a bank account"))
        number = normalise_account(account_no)
        holder = account_name.strip()
        if not number:
            raise AccountRefused(_("A bank account has 8 to 32 digits: check the number."))
        if not holder:
            raise AccountRefused(_("Give the account holder's name as the bank has it."))
        if (number, holder) == (locked.account_no, locked.account_name):
            raise AccountRefused(_("This account is already on file: nothing was changed."))
        change = AccountChange.objects.create(
            person=locked,
            old_account_no=locked.account_no,
            old_account_name=locked.account_name,
            new_account_no=number,
            new_account_name=holder,
            actor=actor,
            at=at,
        )
        locked.account_no = number
        locked.account_name = holder
        locked.save(update_fields=["account_no", "account_name"])
    person.account_no, person.account_name = number, holder
    return change


def change_division(person: Person, division: Division, *, actor: User, note: str) -> Person:
    """Move the resident, and nobody else of the household, to another township or village.

    The row history keeps both divisions, the day, the actor and the note. Raises NotPermitted
    without `enrollment.move_person` or for a resident of a township that is not the actor's,
    ReasonMissing without a note, DivisionRefused for the present division and for one outside
    the county or the actor's townships.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _require(actor, "enrollment.move_person", _("change the township or village"))
        if not covers(actor, locked.division_id):
            raise NotPermitted(
                _("The resident belongs to a township that you do not work for. Ask the county.")
            )
        if not note.strip():
            raise ReasonMissing(_("Say why, and which paper shows it: it stays in the history."))
        if division.pk == locked.division_id:
            raise DivisionRefused(
                _("%(name)s belongs to %(division)s already: nothing was changed.")
                % {"name": locked.name, "division": division.name}
            )
        if not homes_for(actor).filter(pk=division.pk).exists():
            raise DivisionRefused(
                _(
                    "“%(division)s” is no township or village of this county that you work for: "
                    "choose one of the list."
                )
                % {"division": division.name}
            )
        locked.division = division
        with pghistory.context(user=actor.pk, note=note.strip()):
            locked.save(update_fields=["division"])
    person.division = division
    return locked


def unmask_person(person: Person, *, reason: str, actor: User, at: datetime) -> Unmasking:
    """Log that the actor now sees the resident's full numbers.

    Raises NotPermitted without `enrollment.unmask_person`, ReasonMissing without a reason:
    nothing may be shown then.
    """
    _require(actor, "enrollment.unmask_person", _("see full numbers"))
    if not reason.strip():
        raise ReasonMissing(_("Say why the full numbers are needed: it stays in the log."))
    return Unmasking.objects.create(person=person, actor=actor, at=at, reason=reason.strip())


def grant_identity(
    person: Person,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    document: str,
    actor: User,
    at: datetime,
) -> AssistanceIdentity:
    """Enter an assistance identity, both ends inclusive; `ends_on=None` is open.

    Raises NotPermitted without `enrollment.add_assistanceidentity`, ReasonMissing without the
    paper, IdentityRefused when it ends before it starts or the resident has this identity
    on one of the days already.
    """
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _require(actor, "enrollment.add_assistanceidentity", _("grant an identity"))
        if not document.strip():
            raise ReasonMissing(_("Give the paper that the identity rests on."))
        if ends_on is not None and ends_on < starts_on:
            raise IdentityRefused(_("The identity ends before it starts: check the dates."))
        identity = AssistanceIdentity(
            person=locked,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            document=document.strip(),
        )
        identity.full_clean()
        identity.save()
        _log(identity, IdentityChange.Action.GRANTED, document, actor, at)
    return identity


def end_identity(
    identity: AssistanceIdentity, *, ends_on: date, document: str, actor: User, at: datetime
) -> AssistanceIdentity:
    """End an identity earlier than it stands; `ends_on` is its last day.

    What is settled stays as it is. Raises NotPermitted without
    `enrollment.change_assistanceidentity`, ReasonMissing without the paper, IdentityRefused
    when the day lies before the identity's first day or is not earlier than its last.
    """
    with transaction.atomic():
        locked = AssistanceIdentity.objects.select_for_update(no_key=True).get(pk=identity.pk)
        _require(actor, "enrollment.change_assistanceidentity", _("end an identity"))
        if not document.strip():
            raise ReasonMissing(_("Give the paper that the identity rests on."))
        if ends_on < locked.starts_on:
            raise IdentityRefused(
                _("The identity began on %(day)s: it cannot end before.")
                % {"day": locked.starts_on}
            )
        if locked.ends_on is not None and ends_on >= locked.ends_on:
            raise IdentityRefused(
                _(
                    "The identity ends on %(day)s already: choose an earlier day, or grant it "
                    "anew for the time after."
                )
                % {"day": locked.ends_on}
            )
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        _log(locked, IdentityChange.Action.ENDED, document, actor, at)
    return locked


def _require(actor: User, permission: str, action: str) -> None:
    if not actor.has_perm(permission):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": action}
        )


def _log(
    identity: AssistanceIdentity, action: str, document: str, actor: User, at: datetime
) -> None:
    IdentityChange.objects.create(
        identity=identity,
        action=action,
        starts_on=identity.starts_on,
        ends_on=identity.ends_on,
        document=document.strip(),
        actor=actor,
        at=at,
    )
