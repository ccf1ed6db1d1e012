"""What supervision shows in the header and on the work desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import Queue, register_queue
from enrollment.desk.tags import Label, Tone
from supervision.cases.models import Case, CaseState
from supervision.decisions import screens as decision_screens
from supervision.dossier.admin_views import (
    CloseView,
    DecideView,
    NotifyView,
    SuspendView,
    TerminateView,
    fine_check,
)
from supervision.dossier.finding_views import OpenCaseView, RecoverView
from supervision.inspections.admin_views import RecordVisitView, VisitFindingsView
from supervision.inspections.models import Finding
from supervision.penalties.admin_views import ReceiveFineView, ReceiveRecoveryView
from supervision.penalties.selectors import fines_with_open, recoveries_with_open
from supervision.search import finders
from supervision.stories import screens as story_screens

_PAGES: tuple[tuple[str, Label, Label], ...] = (
    ("visit", _("Inspection visits"), _("Who visited whom, and what was found.")),
    ("finding", _("Findings"), _("What was found, and how it was dealt with.")),
    ("case", _("Cases"), _("Penalty cases from filing to closure.")),
    ("recovery", _("Recoveries"), _("What goes back to the fund.")),
    ("fine", _("Fines"), _("What goes to the treasury.")),
)
for _order, (_model, _label, _hint) in enumerate(_PAGES, start=1):
    register_page(
        "supervision",
        _label,
        f"admin:supervision_{_model}_changelist",
        permission=f"supervision.view_{_model}",
        order=_order * 10,
        hint=_hint,
    )

register_view(
    "supervision/visit/record/",
    RecordVisitView.as_view(),
    "supervision_visit_record",
    permission="supervision.log_visit",
)
register_view(
    "supervision/visit/<int:pk>/findings/",
    VisitFindingsView.as_view(),
    "supervision_visit_record_findings",
    permission="supervision.log_visit",
)
register_view(
    "supervision/finding/<int:pk>/open-case/",
    OpenCaseView.as_view(),
    "supervision_finding_open_case",
    permission="supervision.open_case",
)
register_view(
    "supervision/finding/<int:pk>/recover/",
    RecoverView.as_view(),
    "supervision_finding_recover",
    permission="supervision.recover_by_agreement",
)
register_view(
    "supervision/case/<int:pk>/notify/",
    NotifyView.as_view(),
    "supervision_case_notify",
    permission="supervision.notify_case",
)
register_view(
    "supervision/case/<int:pk>/decide/",
    DecideView.as_view(),
    "supervision_case_decide",
    permission="supervision.decide_penalty",
)
register_view(
    "supervision/case/<int:pk>/fine-check/",
    fine_check,
    "supervision_case_fine_check",
    permission="supervision.view_case",
)
register_view(
    "supervision/case/<int:pk>/suspend/",
    SuspendView.as_view(),
    "supervision_case_suspend",
    permission="enrollment.suspend_agreement",
)
register_view(
    "supervision/case/<int:pk>/terminate/",
    TerminateView.as_view(),
    "supervision_case_terminate",
    permission="supervision.open_case",
)
register_view(
    "supervision/case/<int:pk>/close/",
    CloseView.as_view(),
    "supervision_case_close",
    permission="supervision.open_case",
)
register_view(
    "supervision/recovery/<int:pk>/receive/",
    ReceiveRecoveryView.as_view(),
    "supervision_recovery_receive",
    permission="supervision.record_receipt",
)
register_view(
    "supervision/fine/<int:pk>/receive/",
    ReceiveFineView.as_view(),
    "supervision_fine_receive",
    permission="supervision.record_receipt",
)


def findings_to_deal_with(user: User) -> Queue:
    """Findings that are neither in a case nor recovered."""
    return Queue(
        key="open_findings",
        title=_("Findings to deal with"),
        count=Finding.objects.filter(case=None, recovery=None).count(),
        url=reverse("admin:supervision_finding_changelist") + "?track=open",
        hint=_("Each becomes a penalty case or a recovery under the agreement."),
        tone=Tone.AMBER,
    )


def cases_to_notify(user: User) -> Queue:
    """Filed cases."""
    return _cases(
        CaseState.FILED, _("Cases to notify"), _("The party must be told before a decision.")
    )


def cases_to_decide(user: User) -> Queue:
    """Notified cases in whose notice or investigation the user had no hand."""
    mine = Case.objects.filter(state=CaseState.NOTIFIED).exclude(officer=user)
    count = mine.exclude(second_officer=user).exclude(transitions__actor=user).count()
    return Queue(
        key="cases_notified",
        title=_("Cases to decide"),
        count=count,
        url=f"{reverse('admin:supervision_case_changelist')}?state__exact={CaseState.NOTIFIED}",
        hint=_("The party was notified by others; you decide."),
        tone=Tone.AMBER,
    )


def cases_to_close(user: User) -> Queue:
    """Executed cases."""
    return _cases(
        CaseState.EXECUTED, _("Cases to close"), _("Everything was received."), Tone.GREEN
    )


def recoveries_outstanding(user: User) -> Queue:
    """Recoveries on which money is to come in."""
    return Queue(
        key="recoveries_outstanding",
        title=_("Recoveries outstanding"),
        count=recoveries_with_open().filter(open_amount__gt=0).count(),
        url=reverse("admin:supervision_recovery_changelist") + "?money=open",
        hint=_("To the fund's fiscal special account."),
    )


def fines_outstanding(user: User) -> Queue:
    """Fines on which money is to come in."""
    return Queue(
        key="fines_outstanding",
        title=_("Fines outstanding"),
        count=fines_with_open().filter(open_amount__gt=0).count(),
        url=reverse("admin:supervision_fine_changelist") + "?money=open",
        hint=_("To the state treasury."),
    )


def _cases(state: CaseState, title: Label, hint: Label, tone: Tone = Tone.AMBER) -> Queue:
    """Cases in one state."""
    return Queue(
        key=f"cases_{state}",
        title=title,
        count=Case.objects.filter(state=state).count(),
        url=f"{reverse('admin:supervision_case_changelist')}?state__exact={state}",
        hint=hint,
        tone=tone,
    )


register_queue("supervision.open_case", findings_to_deal_with, order=310)
register_queue("supervision.notify_case", cases_to_notify, order=320)
register_queue("supervision.decide_penalty", cases_to_decide, order=330)
register_queue("supervision.record_receipt", recoveries_outstanding, order=340)
register_queue("supervision.record_receipt", fines_outstanding, order=350)
register_queue("supervision.open_case", cases_to_close, order=360)
story_screens.register()
decision_screens.register()
finders.register()
