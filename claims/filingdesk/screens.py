"""The pages, the paper and the resident's section of care outside the area."""

from django.utils.translation import gettext_lazy as _

from claims.filingdesk import admin_views, document, standing
from enrollment.desk.navigation import register_page, register_view
from enrollment.models import Person
from enrollment.printing.documents import register_kind
from enrollment.stories.sections import register_section


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_page(
        "claims",
        _("Care outside the area"),
        "admin:claims_areafiling_changelist",
        permission="claims.view_areafiling",
        order=62,
        hint=_("Filings and referrals with their places and days."),
    )
    register_page(
        "settings",
        _("Filing rules"),
        "admin:claims_filingrule_changelist",
        permission="claims.view_filingrule",
        order=9,
        hint=_("How long filings of care outside the area hold."),
    )
    register_view(
        "claims/outside/file/<int:pk>/",
        admin_views.FileView.as_view(),
        "claims_areafiling_file",
        permission="claims.file_outside",
    )
    register_view(
        "claims/outside/<int:pk>/withdraw/",
        admin_views.WithdrawView.as_view(),
        "claims_areafiling_withdraw",
        permission="claims.file_outside",
    )
    for path, view, name in (
        ("slip/", document.slip, "claims_areafiling_slip"),
        ("slip.pdf", document.slip_pdf, "claims_areafiling_slip_pdf"),
    ):
        register_view(
            f"claims/outside/<int:pk>/{path}", view, name, permission="claims.view_areafiling"
        )
    register_kind(
        document.KIND,
        _("Slip of care outside the area"),
        permission="claims.view_areafiling",
        labels=("Resident", "Kind of filing", "Place of treatment", "Valid from", "Valid to"),
    )
    register_section(
        Person,
        "outside",
        _("Care outside the area"),
        load=standing.told,
        template="outofarea/story.html",
        permission="claims.view_areafiling",
        order=46,
        statements=1,
    )
