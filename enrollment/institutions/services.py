"""Acts on agreements."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.institutions.models import Agreement, Institution, Suspension
from enrollment.transitions.table import NotPermitted, ReasonMissing, TransitionRefused


class SuspensionRefused(TransitionRefused):
    """The suspension cannot stand; the message says why and what to do."""


class AgreementRefused(TransitionRefused):
    """The agreement cannot stand; the message says why and what to do."""


def sign_agreement(
    institution: Institution, *, starts_on: date, ends_on: date, actor: User
) -> Agreement:
    """Enter a service agreement from `starts_on` to `ends_on`, both inclusive.

    Raises NotPermitted without `enrollment.add_agreement`, AgreementRefused when it ends
    before it starts or shares a day with another agreement of the institution.
    """
    with transaction.atomic():
        locked = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
        if not actor.has_perm("enrollment.add_agreement"):
            raise NotPermitted(
                _("Your role does not include “%(action)s”. Ask the administrator.")
                % {"action": _("enter an agreement")}
            )
        if ends_on < starts_on:
            raise AgreementRefused(_("The agreement ends before it starts: check the dates."))
        other = locked.agreements.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
        if other is not None:
            raise AgreementRefused(
                _(
                    "There is an agreement from %(first)s to %(last)s already: choose days "
                    "outside it."
                )
                % {"first": other.starts_on, "last": other.ends_on}
            )
        return Agreement.objects.create(institution=locked, starts_on=starts_on, ends_on=ends_on)


def suspend_agreement(
    agreement: Agreement,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    document: str,
    actor: User,
    at: datetime,
) -> Suspension:
    """Suspend an agreement from `starts_on` to `ends_on`, both inclusive (中止协议).

    Raises NotPermitted without `enrollment.suspend_agreement`, ReasonMissing without reason
    or document, SuspensionRefused when the days lie outside the agreement or overlap an
    earlier suspension. Nothing is written then.
    """
    with transaction.atomic():
        locked = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        if not actor.has_perm("enrollment.suspend_agreement"):
            raise NotPermitted(
                _("Your role does not include “%(action)s”. Ask the administrator.")
                % {"action": _("suspend an agreement")}
            )
        if not reason.strip() or not document.strip():
            raise ReasonMissing(_("A suspension needs its reason and the paper that ordered it."))
        if ends_on < starts_on:
            raise SuspensionRefused(_("The suspension ends before it starts: check the dates."))
        if starts_on < locked.starts_on or ends_on > locked.ends_on:
            raise SuspensionRefused(
                _(
                    "The suspension must lie inside the agreement, %(first)s to %(last)s: "
                    "check the dates."
                )
                % {"first": locked.starts_on, "last": locked.ends_on}
            )
        earlier = Suspension.objects.filter(
            agreement=locked, starts_on__lte=ends_on, ends_on__gte=starts_on
        ).first()
        if earlier is not None:
            raise SuspensionRefused(
                _(
                    "The agreement is already suspended from %(first)s to %(last)s "
                    "(%(document)s): choose days outside it."
                )
                % {
                    "first": earlier.starts_on,
                    "last": earlier.ends_on,
                    "document": earlier.document,
                }
            )
        return Suspension.objects.create(
            agreement=locked,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason.strip(),
            document=document.strip(),
            ordered_by=actor,
            ordered_at=at,
        )
