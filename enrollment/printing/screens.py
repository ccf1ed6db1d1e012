"""The pages of papers."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page, register_view
from enrollment.printing import views


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "system",
        _("Verify a paper"),
        "admin:verify_paper",
        permission="enrollment.view_verification",
        order=60,
        hint=_("Whether a paper is the bureau's, and what it said."),
    )
    register_page(
        "system",
        _("Issued papers"),
        "admin:enrollment_issuedpaper_changelist",
        permission="enrollment.view_issuedpaper",
        order=61,
        hint=_("Every paper that was issued, and who printed it."),
        whole_county=True,
    )
    register_view(
        "papers/verify/", views.verify, "verify_paper", permission="enrollment.view_verification"
    )
    for path, view, name in (
        ("papers/<int:pk>/", views.issued, "enrollment_issuedpaper_read"),
        ("papers/<int:pk>/paper.pdf", views.issued_pdf, "enrollment_issuedpaper_pdf"),
    ):
        register_view(path, view, name, permission="enrollment.view_issuedpaper", whole_county=True)
