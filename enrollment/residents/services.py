"""Acts on a resident's record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import luhn

from enrollment.access.models import User
from enrollment.residents.models import AccountChange, Person
from enrollment.transitions.table import NotPermitted, TransitionRefused
from enrollment.values.identifiers import normalise_account


class AccountRefused(TransitionRefused):
    """The account cannot be right; the message says why and what to do."""


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
        if not actor.has_perm("enrollment.correct_account"):
            raise NotPermitted(
                _("Your role does not include “%(action)s”. Ask the administrator.")
                % {"action": _("correct a bank account")}
            )
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
