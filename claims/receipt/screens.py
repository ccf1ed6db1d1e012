"""The receipt's addresses."""

from django.utils.translation import gettext_lazy as _

from claims.receipt import document, views
from enrollment.desk.navigation import register_view
from enrollment.printing.documents import register_kind


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_kind(
        document.KIND,
        _("Acceptance receipt"),
        permission="claims.view_claim",
        labels=("Resident", "Total cost", "Due on"),
    )
    for path, view, name in (
        ("receipt/", views.receipt, "claims_claim_receipt"),
        ("receipt.pdf", views.receipt_pdf, "claims_claim_receipt_pdf"),
    ):
        register_view(f"claims/claim/<int:pk>/{path}", view, name, permission="claims.view_claim")
