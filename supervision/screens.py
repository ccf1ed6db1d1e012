"""What supervision shows in the header and on the work desk."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page, register_start, register_view
from enrollment.desk.tags import Label
from supervision.boards import guard, queues
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
from supervision.penalties.admin_views import ReceiveFineView, ReceiveRecoveryView
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
register_start("supervision_visit_record", _("Record a visit"), order=40)
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
queues.register()
guard.register()
story_screens.register()
decision_screens.register()
finders.register()
