"""A finding at a glance, and what stands against a case."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.desk.actions import Fact
from enrollment.desk.tags import record_link
from enrollment.transitions.table import TransitionRefused
from supervision.articles.wording import code_and_title
from supervision.cases.models import Case
from supervision.cases.rules import act_of
from supervision.inspections.models import Finding
from supervision.penalties.models import Recovery


def facts_of(finding: Finding) -> list[Fact]:
    """What both pages show."""
    return [
        Fact(_("Institution"), str(finding.visit.institution)),
        Fact(_("Item of law"), code_and_title(finding.article_code)),
        Fact(_("What was found"), finding.description),
        Fact(_("Period of the act"), f"{finding.act_from} – {finding.act_to}"),
        Fact(_("Loss of the fund"), finding.loss),
    ]


def taken_into(finding: Finding, user: User) -> SafeString | None:
    """Which case or recovery has dealt with the finding, with its link; None for an open one."""
    if finding.case is not None:
        return format_html(gettext("Taken into case {case}"), case=_unbroken(finding.case, user))
    if finding.recovery is not None:
        return format_html(
            gettext("Recovered under the agreement by {recovery}"),
            recovery=_unbroken(finding.recovery, user),
        )
    return None


def _unbroken(record: Case | Recovery, user: User) -> SafeString:
    """The record's number on one line, to its page for who may open it."""
    return format_html('<span class="nowrap">{}</span>', record_link(record, user))


def why_no_case(finding: Finding, user: User) -> str:
    """Why no penalty case can be opened from the finding alone; empty when one can."""
    if taken := taken_into(finding, user):
        return taken
    try:
        act_of([finding], timezone.localdate())
    except TransitionRefused as refused:
        return str(refused)
    return ""
