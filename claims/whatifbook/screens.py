"""The pages of what-if runs."""

from django.utils.translation import gettext_lazy as _

from claims.whatifbook import admin_views
from enrollment.audit.pages import name_page
from enrollment.desk.navigation import register_page, register_view

_SEE, _RUN = "claims.view_whatifrun", "claims.run_whatif"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "settings",
        _("What-if runs"),
        "admin:claims_whatifrun_changelist",
        permission=_SEE,
        order=7,
        hint=_("Draft policies run on a year's claims: what they would cost, who gains and loses."),
        whole_county=True,
    )
    run = "policies/what-if/<int:pk>/"
    for path, view, name, permission in (
        (
            "policies/proposals/<int:pk>/what-if/",
            admin_views.AskView.as_view(),
            "whatif_ask",
            _RUN,
        ),
        (f"{run}progress/", admin_views.progress, "whatifrun_progress", _SEE),
        (f"{run}start/", admin_views.StartAgainView.as_view(), "whatifrun_start", _RUN),
        (f"{run}workbook.xlsx", admin_views.workbook, "whatifrun_workbook", _SEE),
        (f"{run}residents/<int:person>/", admin_views.resident, "whatifrun_resident", _SEE),
    ):
        register_view(path, view, f"claims_{name}", permission=permission, whole_county=True)
    name_page("claims_whatifrun_resident", _("What-if run"))
