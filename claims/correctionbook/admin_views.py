"""Proposing a correction, and deciding one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.correctionbook.admin_forms import ProposeForm
from claims.corrections import services
from claims.corrections.models import Correction
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, ReasonForm, confirm_action
from enrollment.desk.tags import Tone
from enrollment.models import Person


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Calculate one of the resident's settled years anew and propose the differences."""
    person = get_object_or_404(visible_to(Person.objects.all(), request.user), pk=pk)
    found: list[Correction] = []
    initial: dict[str, Any] = {
        name: request.GET[name] for name in ("year", "cause") if name in request.GET
    }
    form = ProposeForm(
        request.POST if request.method == "POST" else None, person=person, initial=initial
    )

    def perform(data: dict[str, Any]) -> str:
        if not isinstance(request.user, User):
            raise TypeError("an action needs a member of staff")
        proposed = services.propose_correction(
            person,
            data["year"],
            cause=data["cause"],
            note=data["note"],
            document=data["document"],
            reverse=[claim.pk for claim in data["reverse"]],
            actor=request.user,
            at=timezone.now(),
        )
        if proposed.correction is None:
            return _("Nothing changes: every claim of %(year)s was paid as it should be.") % {
                "year": data["year"]
            }
        found.append(proposed.correction)
        if not proposed.created:
            return _("The same correction is proposed already.")
        return _("Proposed. Nothing is posted before another person has approved it.")

    response = confirm_action(
        request,
        title=gettext_lazy("Correct a settled year"),
        form=form,
        perform=perform,
        back_url=reverse("admin:claims_correction_changelist"),
        facts=[Fact(gettext_lazy("Resident"), person.name)],
        submit_label=gettext_lazy("Calculate and propose"),
        explanation=gettext_lazy(
            "All settled claims of the year are calculated anew in order of discharge, with the "
            "identities and the policy of today's records. Only differences are posted."
        ),
    )
    if found:
        return redirect("admin:claims_correction_change", found[0].pk)
    if response.status_code == HTTPStatus.OK:
        log_readings(request, person)
    return response


class CorrectionAction(ActionView):
    """A step of one correction."""

    queryset = Correction.objects.select_related("person", "proposed_by")
    form_class: type[forms.Form] = ReasonForm

    def get_facts(self, obj: Correction) -> Sequence[Fact]:
        """What it is about."""
        return [
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Benefit year"), f"{obj.year}"),
            Fact(gettext_lazy("Cause"), obj.get_cause_display()),
            Fact(gettext_lazy("To be paid"), obj.pays),
            Fact(gettext_lazy("To be paid back"), obj.recovers),
            Fact(gettext_lazy("Proposed by"), str(obj.proposed_by or _("command line"))),
        ]

    def get_back_url(self, obj: Correction) -> str:
        """Its page."""
        return reverse("admin:claims_correction_change", args=[obj.pk])


class ApproveView(CorrectionAction):
    """The second person."""

    form_class = ConfirmForm
    title = gettext_lazy("Approve the correction")
    submit_label = gettext_lazy("Approve and post")
    explanation = gettext_lazy(
        "The differences are posted, payment orders and overpayments are opened. It cannot be "
        "undone, only corrected again."
    )
    tone = Tone.GREEN

    def perform(self, obj: Correction, data: dict[str, Any]) -> str:
        """Approve it."""
        services.approve_correction(obj, actor=self.actor, at=timezone.now())
        return _("The correction is approved and posted.")


class RejectView(CorrectionAction):
    """Refused with a reason."""

    title = gettext_lazy("Reject the correction")
    submit_label = gettext_lazy("Reject the correction")
    tone = Tone.RED

    def perform(self, obj: Correction, data: dict[str, Any]) -> str:
        """Reject it."""
        services.reject_correction(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The correction is rejected.")


class WithdrawView(CorrectionAction):
    """Taken back."""

    title = gettext_lazy("Withdraw the correction")
    submit_label = gettext_lazy("Withdraw the correction")

    def perform(self, obj: Correction, data: dict[str, Any]) -> str:
        """Withdraw it."""
        services.withdraw_correction(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The correction is withdrawn.")
