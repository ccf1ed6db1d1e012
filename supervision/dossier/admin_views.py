"""The pages of a case's steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.access.scope import visible_to
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.tags import Label, Tone
from enrollment.values.money import AmountError, format_yuan, parse_amount
from supervision.articles.wording import code_and_title, explain, law_text, range_label
from supervision.cases.models import Case, CaseState
from supervision.cases.services import (
    close_case,
    judge_fine,
    notify_case,
    terminate_case,
    why_not_now,
)
from supervision.decisions.requirements import why_not_named
from supervision.dossier.admin_forms import DecideForm, NotifyForm, SuspendForm
from supervision.penalties.services import decide_penalty
from supervision.penalties.suspensions import order_suspension, why_not_suspend
from supervision.statutes.fines import governing_article
from supervision.statutes.types import Article


class CaseStepView(ActionView):
    """A step of the case table: its facts, its refusal, back to the case."""

    queryset = Case.objects.select_related("institution", "officer", "second_officer")
    action = ""

    def get_title(self, obj: Case) -> Label:
        """The step and the case."""
        return f"{self.title} {obj.number}"

    def get_facts(self, obj: Case) -> Sequence[Fact]:
        """The act and its money."""
        return [
            Fact(_("Institution"), str(obj.institution)),
            Fact(_("Item of law"), code_and_title(obj.article_code)),
            Fact(_("Period of the act"), f"{obj.act_from} – {obj.act_to}"),
            Fact(_("Loss of the fund"), obj.loss),
        ]

    def get_action(self, obj: Case) -> str:
        """The step's name in the table."""
        return self.action

    def get_refusal(self, obj: Case) -> Label:
        """Why it cannot be taken now."""
        return str(why_not_now(obj, self.get_action(obj), self.actor) or "")

    def get_back_url(self, obj: Case) -> str:
        """The case."""
        return reverse("admin:supervision_case_change", args=[obj.pk])


class NotifyView(CaseStepView):
    """Tell the party what is intended."""

    title = _("Notice to the party")
    submit_label = _("Notify the party")
    explanation = _(
        "The decision may not go beyond what the party is told here: facts, recovery and fine."
    )

    def get_action(self, obj: Case) -> str:
        """A second notice replaces the first."""
        return "notify_again" if obj.state == CaseState.NOTIFIED else "notify"

    def get_facts(self, obj: Case) -> Sequence[Fact]:
        """With the text of the law."""
        return [*super().get_facts(obj), *_law(obj)]

    def get_form(self, obj: Case) -> forms.Form:
        """The notice."""
        return NotifyForm(case=obj, **self.get_form_kwargs(obj))

    def perform(self, obj: Case, data: dict[str, Any]) -> str:
        """Notify."""
        notify_case(
            obj,
            facts=data["facts"],
            recovery=data["recovery"],
            fine=data["fine"],
            defence_until=data["defence_until"],
            refused_to_correct=data.get("refused_to_correct", False),
            exemption_ground=data["exemption_ground"],
            actor=self.actor,
            at=timezone.now(),
            note=data["note"],
        )
        return gettext("The notice was recorded; another person decides.")


class DecideView(CaseStepView):
    """Decide recovery and fine."""

    action = "decide"
    title = _("Decision")
    submit_label = _("Decide")
    explanation = _(
        "The recovery goes to the fund's fiscal account, the fine to the state treasury. They "
        "are owed, booked and received apart."
    )

    def get_refusal(self, obj: Case) -> Label:
        """Also while its paper could not name what the law wants named."""
        return super().get_refusal(obj) or str(why_not_named(obj.institution) or "")

    def get_facts(self, obj: Case) -> Sequence[Fact]:
        """With the notice and the text of the law."""
        return [
            *super().get_facts(obj),
            Fact(_("Recovery notified"), obj.notified_recovery),
            Fact(_("Fine notified"), obj.notified_fine),
            Fact(_("May be heard until"), obj.defence_until),
            *_law(obj),
        ]

    def get_form(self, obj: Case) -> forms.Form:
        """The decision."""
        return DecideForm(case=obj, **self.get_form_kwargs(obj))

    def perform(self, obj: Case, data: dict[str, Any]) -> str:
        """Decide."""
        decide_penalty(
            obj,
            recovery=data["recovery"],
            fine=data["fine"],
            defence=data["defence"],
            heard_on=data["heard_on"],
            exemption_ground=data["exemption_ground"],
            actor=self.actor,
            at=timezone.now(),
            note=data["note"],
        )
        return gettext("Decided: recovery %(recovery)s, fine %(fine)s.") % {
            "recovery": format_yuan(data["recovery"]),
            "fine": format_yuan(data["fine"]),
        }


class SuspendView(CaseStepView):
    """Suspend the institution's agreement."""

    title = _("Suspend the agreement")
    submit_label = _("Suspend the agreement")
    form_class = SuspendForm
    tone = Tone.RED
    explanation = _(
        "Services of these days, both included, are not paid by the fund. The suspension is "
        "written to the agreement with the case number."
    )

    def get_refusal(self, obj: Case) -> Label:
        """Why it cannot be ordered now."""
        return str(why_not_suspend(obj, self.actor) or "")

    def perform(self, obj: Case, data: dict[str, Any]) -> str:
        """Order it."""
        order_suspension(
            obj,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            reason=data["reason"],
            actor=self.actor,
            at=timezone.now(),
        )
        return gettext("The agreement is suspended from %(first)s to %(last)s.") % {
            "first": data["starts_on"],
            "last": data["ends_on"],
        }


class TerminateView(CaseStepView):
    """End a case without a decision."""

    action = "terminate"
    title = _("Terminate")
    submit_label = _("Terminate the case")
    form_class = ReasonForm
    tone = Tone.RED

    def perform(self, obj: Case, data: dict[str, Any]) -> str:
        """End it."""
        terminate_case(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return gettext("The case was terminated.")


class CloseView(CaseStepView):
    """Close an executed case."""

    action = "close"
    title = _("Close")
    submit_label = _("Close the case")
    form_class = ReasonForm

    def perform(self, obj: Case, data: dict[str, Any]) -> str:
        """Close it."""
        close_case(obj, actor=self.actor, at=timezone.now(), note=data["reason"])
        return gettext("The case was closed.")


def fine_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the law says to the fine being typed; a fragment for the field's help text."""
    case = get_object_or_404(visible_to(Case.objects.all(), request.user), pk=pk)
    context: dict[str, Any] = {}
    try:
        fine = parse_amount(request.GET.get("fine", ""))
    except AmountError:
        fine = None
    if fine is not None and fine >= 0:
        refused = request.GET.get("refused_to_correct")
        decision = judge_fine(
            case,
            fine,
            refused_to_correct=bool(refused) or case.refused_to_correct,
            exemption_ground=request.GET.get("exemption_ground", ""),
        )
        context["decision"] = decision
        context["reason"] = explain(decision, case.act_from, case.act_to)
    context["case"] = case
    return render(request, "supervision/fine_check.html", context)


def _law(case: Case) -> list[Fact]:
    """The range and the text of the article."""
    found = governing_article(case.article_code, case.act_from, case.act_to)
    if not isinstance(found, Article):
        return []
    return [
        Fact(_("Fine that the article allows"), range_label(found.fine)),
        Fact(_("Least fine"), case.min_fine),
        Fact(_("Highest fine"), case.max_fine),
        Fact(_("Text of the law"), law_text(found)),
    ]
