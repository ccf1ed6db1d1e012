"""The pages on which a finding becomes a case, or is recovered under the agreement."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Label
from enrollment.transitions.table import NotPermitted
from enrollment.values.money import format_yuan
from supervision.articles.wording import law_text, range_label
from supervision.cases.models import Case
from supervision.cases.services import open_case
from supervision.dossier.finding_facts import facts_of, taken_into, why_no_case
from supervision.dossier.finding_forms import OpenCaseForm, RecoverForm
from supervision.inspections.models import Finding
from supervision.penalties.services import recover_by_agreement, why_not_recover
from supervision.statutes.fines import governing_article, limitation_ends_on
from supervision.statutes.types import Article


class OpenCaseView(ActionView):
    """File a penalty case from a finding."""

    queryset = Finding.objects.select_related("visit__institution", "case", "recovery")
    title = _("Open a penalty case")
    submit_label = _("Open the case")
    case: Case | None = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Go on to the new case."""
        response = super().post(request, **kwargs)
        if self.case is None:
            return response
        return redirect("admin:supervision_case_change", self.case.pk)

    def get_facts(self, obj: Finding) -> Sequence[Fact]:
        """The act, its article and the fine it allows."""
        found = governing_article(obj.article_code, obj.act_from, obj.act_to)
        facts = facts_of(obj)
        if isinstance(found, Article):
            low, high = found.fine.bounds(obj.loss)
            facts += [
                Fact(_("Fine that the article allows"), range_label(found.fine)),
                Fact(_("Least fine"), low),
                Fact(_("Highest fine"), high),
                Fact(_("Penalty possible until"), limitation_ends_on(obj.act_to)),
                Fact(_("Text of the law"), law_text(found)),
            ]
        return facts

    def get_refusal(self, obj: Finding) -> Label:
        """What stands against a case."""
        return why_no_case(obj, self.actor)

    def get_form(self, obj: Finding) -> forms.Form:
        """The officers, the visit's inspectors proposed."""
        further = _others(obj).filter(article_code=obj.article_code)
        initial = {
            "officer": obj.visit.inspector_id,
            "second_officer": obj.visit.second_inspector_id,
        }
        return OpenCaseForm(further=further, initial=initial, **self.get_form_kwargs(obj))

    def perform(self, obj: Finding, data: dict[str, Any]) -> str:
        """File it."""
        self.case = open_case(
            [obj, *data["further"]],
            officers=(data["officer"], data["second_officer"]),
            actor=self.actor,
            at=timezone.now(),
            note=data["note"],
        )
        return gettext("Case %(number)s was opened.") % {"number": self.case.number}

    def get_back_url(self, obj: Finding) -> str:
        """The finding."""
        return reverse("admin:supervision_finding_change", args=[obj.pk])


class RecoverView(ActionView):
    """Recover a finding's loss under the agreement, without a case."""

    queryset = Finding.objects.select_related("visit__institution", "case", "recovery")
    title = _("Recover under the agreement")
    submit_label = _("Order the recovery")
    explanation = _(
        "A measure under the service agreement, not a penalty: the loss goes back to the fund's "
        "fiscal account and there is no fine. It takes the place of a penalty case."
    )

    def get_facts(self, obj: Finding) -> Sequence[Fact]:
        """The act."""
        return facts_of(obj)

    def get_refusal(self, obj: Finding) -> Label:
        """What stands against it."""
        refused = why_not_recover([obj], self.actor)
        if isinstance(refused, NotPermitted):
            return str(refused)
        return taken_into(obj, self.actor) or str(refused or "")

    def get_form(self, obj: Finding) -> forms.Form:
        """The reason and further findings."""
        return RecoverForm(further=_others(obj), **self.get_form_kwargs(obj))

    def perform(self, obj: Finding, data: dict[str, Any]) -> str:
        """Order it."""
        row = recover_by_agreement(
            [obj, *data["further"]], actor=self.actor, at=timezone.now(), note=data["reason"]
        )
        return gettext("%(number)s orders the return of %(amount)s to the fund.") % {
            "number": row.number,
            "amount": format_yuan(row.amount),
        }

    def get_back_url(self, obj: Finding) -> str:
        """The finding."""
        return reverse("admin:supervision_finding_change", args=[obj.pk])


def _others(finding: Finding) -> QuerySet[Finding]:
    """Other open findings of the same institution."""
    return Finding.objects.filter(
        visit__institution_id=finding.visit.institution_id, case=None, recovery=None
    ).exclude(pk=finding.pk)
