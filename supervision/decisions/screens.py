"""The kinds and addresses of supervision's papers."""

from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_view
from enrollment.printing.documents import register_kind
from supervision.decisions import document, inspection_record, views


class FormConverter:
    """`page` or `pdf` in an address."""

    regex = "page|pdf"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


def register() -> None:
    """Tell the desk; called once by `supervision.screens`."""
    register_converter(FormConverter, "paperform")
    decided = ("Institution", "Recovery to the fund", "Fine to the treasury", "Decided on")
    visited = ("Institution", "Day of the visit", "Findings", "Loss of the fund")
    for code, label, permission, stays, labels in (
        (document.PENALTY_KIND, _("Penalty decision"), "supervision.view_case", True, decided),
        (
            document.AGREEMENT_KIND,
            _("Decision under the agreement"),
            "supervision.view_recovery",
            True,
            decided,
        ),
        (inspection_record.KIND, _("Inspection record"), "supervision.view_visit", False, visited),
    ):
        register_kind(code, label, permission=permission, first_stays=stays, labels=labels)
    for path, view, name, permission in (
        ("case/<int:pk>/decision", views.decision, "case_decision", "view_case"),
        ("recovery/<int:pk>/decision", views.agreement, "recovery_decision", "view_recovery"),
        ("visit/<int:pk>/record", views.inspection, "visit_paper", "view_visit"),
    ):
        register_view(
            f"supervision/{path}/<paperform:form>/",
            view,
            f"supervision_{name}",
            permission=f"supervision.{permission}",
        )
