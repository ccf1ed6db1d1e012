"""The pages of the book: a scheme on a day, its YAML, proposing, deciding, confirming."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from claims.policies import services
from claims.policies.models import PolicyProposal, PolicyRow, ProposalState
from claims.policies.selectors import approved_data, approved_proposals, scheme_choices, value_of
from claims.policies.writing import as_yaml
from claims.policybook.admin_forms import ConfirmRowForm, DaysForm, ProposeForm
from claims.policybook.document import SchemeBook, source_of
from claims.policybook.wording import label_of, lines_of
from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, ReasonForm, confirm_action
from enrollment.desk.tags import Tone


def book(request: HttpRequest, code: str = "") -> HttpResponse:
    """A scheme as a document on a day (`?on=`), or against another day (`?against=`).

    Two statements beside the page's own.
    """
    own = current_bureau().scheme
    code = code or own
    names = dict(scheme_choices())
    if code not in names:
        raise Http404
    form = DaysForm(request.GET)
    form.is_valid()
    day: date = form.cleaned_data.get("on") or timezone.localdate()
    against: date | None = form.cleaned_data.get("against")
    proposals = approved_proposals(code)
    shown = SchemeBook(proposals) if proposals else None
    context = {
        **admin.site.each_context(request),
        "title": shown.name if shown else names[code],
        "crumbs": [(reverse("admin:claims_policybook"), _("Benefit policies"))],
        "form": form,
        "code": code,
        "is_own": code == own,
        "own": own,
        "schemes": [(one, name, one == own) for one, name in names.items()],
        "day": day,
        "against": against,
        "version": proposals[-1].version if proposals else None,
        "book": shown,
        "chapters": shown.on(day) if shown else [],
        "unconfirmed": shown.unconfirmed(day) if shown else 0,
        "changes": shown.changes() if shown else [],
        "differences": shown.differences(against, day) if shown and against else [],
        "waiting": PolicyProposal.objects.filter(
            scheme=code, state=ProposalState.PROPOSED
        ).order_by("id"),
    }
    return render(request, "policybook/book.html", context)


def yaml_file(request: HttpRequest, code: str) -> HttpResponse:
    """The approved scheme as the file that `load_policies` reads."""
    try:
        text = as_yaml(approved_data(code))
    except KeyError as error:
        raise Http404 from error
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}.yaml"'},
    )


def propose(request: HttpRequest) -> HttpResponse:
    """Propose what a YAML file says beyond what is known."""
    made: list[PolicyProposal] = []
    form = ProposeForm(request.POST, request.FILES) if request.method == "POST" else ProposeForm()

    def perform(data: dict[str, Any]) -> str:
        if not isinstance(request.user, User):
            raise TypeError("an action needs a member of staff")
        proposed = services.propose_scheme(
            data["file"], title=data["title"], actor=request.user, at=timezone.now()
        )
        if proposed.proposal is None:
            return _("The file says nothing new: every row is approved or proposed already.")
        made.append(proposed.proposal)
        return ngettext(
            "Proposed: %(count)d new row. Another person approves it.",
            "Proposed: %(count)d new rows. Another person approves them.",
            proposed.created,
        ) % {"count": proposed.created}

    response = confirm_action(
        request,
        title=gettext_lazy("Propose a policy"),
        form=form,
        perform=perform,
        back_url=reverse("admin:claims_policyproposal_changelist"),
        submit_label=gettext_lazy("Propose"),
        explanation=gettext_lazy(
            "Nothing holds before another person has approved it. Values are never changed: "
            "a new value is a new row with its first day."
        ),
    )
    if made:
        return redirect("admin:claims_policyproposal_change", made[0].pk)
    return response


class ProposalAction(ActionView):
    """A step of one proposal."""

    queryset = PolicyProposal.objects.select_related("proposed_by")
    form_class: type[forms.Form] = ReasonForm

    def get_facts(self, obj: PolicyProposal) -> Sequence[Fact]:
        """What it is about."""
        return [
            Fact(gettext_lazy("Subject"), obj.title),
            Fact(gettext_lazy("Benefit scheme"), obj.scheme),
            Fact(gettext_lazy("New rows"), f"{obj.rows.count()}"),
            Fact(gettext_lazy("Proposed by"), str(obj.proposed_by or _("command line"))),
        ]

    def get_back_url(self, obj: PolicyProposal) -> str:
        """Its page."""
        return reverse("admin:claims_policyproposal_change", args=[obj.pk])


class ApproveView(ProposalAction):
    """The second person."""

    form_class = ConfirmForm
    title = gettext_lazy("Approve the policy")
    submit_label = gettext_lazy("Approve the policy")
    explanation = gettext_lazy(
        "From now on claims are calculated by these rows, each from its first day on. What is "
        "settled stays as it is."
    )
    tone = Tone.GREEN

    def perform(self, obj: PolicyProposal, data: dict[str, Any]) -> str:
        """Approve it."""
        done = services.approve_proposal(obj, actor=self.actor, at=timezone.now())
        return _("Approved: version %(version)s is in force.") % {"version": done.version}


class RejectView(ProposalAction):
    """Refused with a reason."""

    title = gettext_lazy("Reject the proposal")
    submit_label = gettext_lazy("Reject the proposal")
    tone = Tone.RED

    def perform(self, obj: PolicyProposal, data: dict[str, Any]) -> str:
        """Reject it."""
        services.reject_proposal(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The proposal is rejected.")


class WithdrawView(ProposalAction):
    """Taken back."""

    title = gettext_lazy("Withdraw the proposal")
    submit_label = gettext_lazy("Withdraw the proposal")

    def perform(self, obj: PolicyProposal, data: dict[str, Any]) -> str:
        """Withdraw it."""
        services.withdraw_proposal(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return _("The proposal is withdrawn.")


class ConfirmRowView(ActionView):
    """A value compared with its document."""

    queryset = PolicyRow.objects.select_related("proposal", "confirmation")
    form_class = ConfirmRowForm
    title = gettext_lazy("Confirm the value")
    submit_label = gettext_lazy("Confirm the value")
    explanation = gettext_lazy(
        "Until a value is confirmed, every calculation that uses it says so to the resident."
    )

    def get_facts(self, obj: PolicyRow) -> Sequence[Fact]:
        """The value as it stands."""
        layers = {layer["code"]: layer["kind"] for layer in obj.proposal.structure["layers"]}
        kind = layers.get(obj.layer, "")
        words = str(pgettext("between listed words", ", "))
        return [
            Fact(gettext_lazy("Parameter"), label_of(kind, obj.parameter)),
            Fact(gettext_lazy("Value"), words.join(lines_of(kind, obj.parameter, obj.value))),
            Fact(gettext_lazy("Holds from"), str(obj.starts_on or _("always"))),
            Fact(pgettext_lazy("document", "Source"), source_of(value_of(obj))),
        ]

    def get_refusal(self, obj: PolicyRow) -> str:
        """Once is enough."""
        done = obj.confirmed or hasattr(obj, "confirmation")
        return _("The row is confirmed already.") if done else ""

    def perform(self, obj: PolicyRow, data: dict[str, Any]) -> str:
        """Confirm it."""
        services.confirm_row(obj, actor=self.actor, at=timezone.now(), note=data["note"])
        return _("The value is confirmed.")

    def get_back_url(self, obj: PolicyRow) -> str:
        """The document."""
        return reverse("admin:claims_policybook_scheme", args=[obj.proposal.scheme])
