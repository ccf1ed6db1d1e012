"""Settling by hand, and the progress of a run while it works."""

from datetime import date
from typing import Any

from celery import current_app
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.intake.models import ClaimState
from claims.intake.waiting import WaitingClaim
from claims.settlement.models import SettlementRun
from claims.settlement.selectors import run_progress
from claims.settlement.workers import NIGHT_TASK, NoWorker, require_workers
from enrollment.access.scope import visible_to
from enrollment.desk.actions import Fact, confirm_action
from enrollment.desk.widgets import DayField
from enrollment.transitions.table import TransitionRefused


class SettleForm(forms.Form):
    """Up to which day of approval."""

    day = DayField(
        label=gettext_lazy("Claims approved up to"),
        help_text=gettext_lazy("Included. The schedule settles every night up to the day before."),
    )

    def clean_day(self) -> date:
        """Not in the future: nothing is approved there yet."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("The day lies in the future: choose today at the latest.")
            )
        return day


def settle_now(request: HttpRequest) -> HttpResponse:
    """Hand the settlement to a worker; says so when none answers."""
    today = timezone.localdate()
    waiting = WaitingClaim.objects.filter(state=ClaimState.APPROVED, approved_on__lte=today).count()

    def perform(data: dict[str, Any]) -> str:
        try:
            require_workers()
        except NoWorker as refused:
            raise TransitionRefused(
                _(
                    "No worker answers, so nothing was started. Ask the administrator to start "
                    "the worker, then try again."
                )
            ) from refused
        current_app.send_task(NIGHT_TASK, args=[data["day"].isoformat(), request.user.pk])
        return _("The settlement has been handed to a worker. It appears in this list at once.")

    return confirm_action(
        request,
        title=gettext_lazy("Settle now"),
        form=SettleForm(request.POST if request.method == "POST" else None, initial={"day": today}),
        perform=perform,
        back_url=reverse("admin:claims_settlementrun_changelist"),
        facts=[Fact(gettext_lazy("Approved claims waiting today"), f"{waiting}")],
        submit_label=gettext_lazy("Settle now"),
        explanation=gettext_lazy(
            "All approved claims are calculated in order of discharge, posted to the ledger and "
            "turned into payment orders. A run that was interrupted is taken up again first."
        ),
    )


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar of a run, asked for again and again by its page."""
    run = get_object_or_404(visible_to(SettlementRun.objects.all(), request.user), pk=pk)
    response = render(request, "settlement/progress.html", {"progress": run_progress(run)})
    if run.state == SettlementRun.State.POSTED:
        response["HX-Refresh"] = "true"
    return response
