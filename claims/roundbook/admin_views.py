"""Starting a round, its progress, deciding it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.roundbook.admin_forms import RoundForm
from claims.rounds import services
from claims.rounds.models import CorrectionRound
from claims.rounds.selectors import outcomes_of, round_progress
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, ReasonForm, confirm_action
from enrollment.desk.tags import Tone


def start(request: HttpRequest) -> HttpResponse:
    """Find the years and hand them to a worker; on to the round's page."""
    made: list[CorrectionRound] = []

    def perform(data: dict[str, Any]) -> str:
        if not isinstance(request.user, User):
            raise TypeError("an action needs a member of staff")
        made.append(services.start_round(**data, actor=request.user, at=timezone.now()))
        return _("%(count)s years are being calculated. You may leave this page.") % {
            "count": made[0].years_found
        }

    response = confirm_action(
        request,
        title=gettext_lazy("Start a round of corrections"),
        form=RoundForm(request.POST if request.method == "POST" else None),
        perform=perform,
        back_url=reverse("admin:claims_correctionround_changelist"),
        submit_label=gettext_lazy("Find and calculate"),
        explanation=gettext_lazy(
            "Every settled year that the identity or the policy may have touched is calculated "
            "anew. What changes becomes a proposal; nothing is posted before another person has "
            "approved the round."
        ),
    )
    if made:
        return redirect("admin:claims_correctionround_change", made[0].pk)
    return response


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the round is, asked for again and again by its page."""
    one = get_object_or_404(visible_to(CorrectionRound.objects.all(), request.user), pk=pk)
    told = round_progress(one, timezone.now())
    response = render(request, "rounds/progress.html", {"progress": told})
    if not told.is_working:
        response["HX-Refresh"] = "true"
    return response


class RoundAction(ActionView):
    """A step of one round."""

    queryset = CorrectionRound.objects.select_related("started_by")

    def get_facts(self, obj: CorrectionRound) -> Sequence[Fact]:
        """What it comes to."""
        facts = [
            Fact(gettext_lazy("Cause"), obj.get_cause_display()),
            Fact(gettext_lazy("Discharged from"), obj.since.isoformat()),
            Fact(gettext_lazy("Years found"), f"{obj.years_found:,}"),
        ]
        for line in outcomes_of(obj):
            facts.append(Fact(line.label, f"{line.years:,}"))
            if line.outcome == "proposed":
                facts.append(Fact(gettext_lazy("To be paid"), line.pays))
                facts.append(Fact(gettext_lazy("To be paid back"), line.recovers))
        return [*facts, Fact(gettext_lazy("Started by"), obj.started_by)]

    def get_back_url(self, obj: CorrectionRound) -> str:
        """Its page."""
        return reverse("admin:claims_correctionround_change", args=[obj.pk])


class ApproveRoundView(RoundAction):
    """The second person."""

    form_class = ConfirmForm
    title = gettext_lazy("Approve the round")
    submit_label = gettext_lazy("Approve and post all")
    explanation = gettext_lazy(
        "Every proposal is calculated once more and posted as it was shown; one that has moved on "
        "since is left out and listed. It cannot be undone, only corrected again."
    )
    tone = Tone.GREEN

    def perform(self, obj: CorrectionRound, data: dict[str, Any]) -> str:
        """Approve it."""
        services.approve_round(obj, actor=self.actor, at=timezone.now())
        return _("The round is approved and being posted. You may leave this page.")


class RejectRoundView(RoundAction):
    """Refused with a reason."""

    form_class = ReasonForm
    title = gettext_lazy("Reject the round")
    submit_label = gettext_lazy("Reject all proposals")
    tone = Tone.RED

    def perform(self, obj: CorrectionRound, data: dict[str, Any]) -> str:
        """Reject it."""
        services.reject_round(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The proposals of the round are being rejected.")


class StartAgainView(RoundAction):
    """Give an interrupted round to a worker."""

    form_class = ConfirmForm
    title = gettext_lazy("Go on with the round")
    submit_label = gettext_lazy("Go on")
    explanation = gettext_lazy("Years that are done stay as they are; the others follow.")

    def perform(self, obj: CorrectionRound, data: dict[str, Any]) -> str:
        """Send it."""
        services.start_again(obj, actor=self.actor)
        return _("The round was given to a worker again.")
