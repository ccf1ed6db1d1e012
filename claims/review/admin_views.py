"""The pages of the review's actions: facts, reason, one button, then the next claim."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.intake.drafts import draft_of
from claims.intake.models import Claim
from claims.intake.quote import quote_claim
from claims.review.admin_forms import NoteForm, RejectForm, ReleaseForm, ReturnForm
from claims.review.selectors import next_in_queue, possible_steps, queue_of
from claims.review.services import approve, pass_first, reject_claim, release_claim, return_claim
from claims.review.tones import STATE_TONES
from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Label, Tone


class ReviewView(ActionView):
    """One step of one claim; afterwards the reviewer stands at the next of the queue."""

    queryset = Claim.objects.select_related("person", "institution")
    actions: Sequence[str] = ()
    service: Callable[..., Claim]
    done: Label = ""
    came_from = ""

    def get_facts(self, obj: Claim) -> list[Fact]:
        """What the decision is about."""
        quote = quote_claim(obj.person_id, draft_of(obj))
        return [
            Fact(gettext_lazy("Claim"), obj.number),
            Fact(gettext_lazy("State"), obj.get_state_display(), STATE_TONES[obj.state]),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Institution"), obj.institution.name),
            Fact(gettext_lazy("Invoice number"), obj.invoice_no or obj.visit_no or "—"),
            Fact(gettext_lazy("Stay or visit"), _stay(obj)),
            Fact(gettext_lazy("Total cost"), obj.total),
            Fact(gettext_lazy("In-policy cost"), obj.in_policy),
            Fact(pgettext_lazy("a claim", "To be paid"), quote.refusal or quote.paid),
        ]

    def get_form_kwargs(self, obj: Claim) -> dict[str, Any]:
        """With the version that stood on the page from which the reviewer came."""
        seen = self.request.GET.get("seen", "")
        version = int(seen) if seen.isdecimal() else obj.version
        return {**super().get_form_kwargs(obj), "initial": {"seen_version": version}}

    def get_refusal(self, obj: Claim) -> str:
        """Why it is not this user's turn, by the transition table."""
        for step in possible_steps(obj, self.actor):
            if step.action in self.actions:
                return str(step.refused or "")
        return _("This is not possible while the claim is “%(state)s”.") % {
            "state": obj.get_state_display()
        }

    def perform(self, obj: Claim, data: dict[str, Any]) -> str:
        """Call the service; remember from which queue the claim came."""
        self.came_from = queue_of(obj.state)
        type(self).service(obj, actor=self.actor, at=timezone.now(), **data)
        return _("Claim %(number)s: %(done)s") % {"number": obj.number, "done": self.done}

    def get_back_url(self, obj: Claim) -> str:
        """The claim itself, for those who do not act after all."""
        return reverse("admin:claims_claim_change", args=[obj.pk])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Act; once done, open the next claim of the queue, or the claim when it was the last."""
        answer = super().post(request, **kwargs)
        if answer.status_code != HTTPStatus.FOUND or not self.came_from:
            return answer
        following = next_in_queue(self.came_from, self.actor, after=int(kwargs["pk"]))
        if following is None:
            messages.info(request, _("Nothing else waits in this queue."))
            return answer
        return redirect("admin:claims_claim_change", following.pk)


def _stay(claim: Claim) -> str:
    """`2026-09-01 – 2026-09-08`, or the day of the visit."""
    days = (claim.admitted_on, claim.discharged_on)
    return " – ".join(day.isoformat() for day in days if day is not None)


class PassFirstView(ReviewView):
    """First review."""

    title = gettext_lazy("Pass the first review")
    submit_label = gettext_lazy("Pass the first review")
    actions = ("pass_first",)
    service = pass_first
    done = gettext_lazy("first review passed.")
    form_class: type[forms.Form] = NoteForm


class ApproveView(ReviewView):
    """Second review."""

    title = gettext_lazy("Approve the claim")
    submit_label = gettext_lazy("Approve")
    explanation = gettext_lazy("The settlement of tonight takes the claim.")
    actions = ("approve",)
    service = approve
    done = gettext_lazy("approved.")
    form_class = NoteForm


class ReturnView(ReviewView):
    """Back to the window."""

    title = gettext_lazy("Return the claim for correction")
    submit_label = gettext_lazy("Return for correction")
    actions = ("return_first", "return_second")
    service = return_claim
    done = gettext_lazy("returned.")
    form_class = ReturnForm
    tone = Tone.AMBER


class RejectView(ReviewView):
    """Refused for good."""

    title = gettext_lazy("Reject the claim")
    submit_label = gettext_lazy("Reject the claim")
    explanation = gettext_lazy("A rejected claim is closed: it cannot be taken up again.")
    actions = ("reject",)
    service = reject_claim
    done = gettext_lazy("rejected.")
    form_class = RejectForm
    tone = Tone.RED

    def get_form_kwargs(self, obj: Claim) -> dict[str, Any]:
        """The cause that the window recorded is the reason until another is chosen."""
        given = super().get_form_kwargs(obj)
        return {**given, "initial": {**given["initial"], "reason": obj.excluded_cause}}


class ReleaseView(ReviewView):
    """From hold back to the settlement."""

    title = gettext_lazy("Release the claim for the next settlement")
    submit_label = gettext_lazy("Release for the next settlement")
    actions = ("release",)
    service = release_claim
    done = gettext_lazy("released.")
    form_class = ReleaseForm
