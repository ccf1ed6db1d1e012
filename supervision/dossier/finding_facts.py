"""A finding at a glance, and what stands against a case."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.desk.actions import Fact
from enrollment.transitions.table import TransitionRefused
from supervision.articles.wording import code_and_title
from supervision.cases.rules import act_of
from supervision.inspections.models import Finding


def facts_of(finding: Finding) -> list[Fact]:
    """What both pages show."""
    return [
        Fact(_("Institution"), str(finding.visit.institution)),
        Fact(_("Item of law"), code_and_title(finding.article_code)),
        Fact(_("What was found"), finding.description),
        Fact(_("Act"), f"{finding.act_from} – {finding.act_to}"),
        Fact(_("Loss of the fund"), finding.loss),
    ]


def why_no_case(finding: Finding) -> str:
    """Why no penalty case can be opened from the finding alone; empty when one can."""
    try:
        act_of([finding], timezone.localdate())
    except TransitionRefused as refused:
        return str(refused)
    return ""
