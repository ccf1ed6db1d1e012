"""The sheet's kind and addresses."""

from django.utils.translation import gettext_lazy as _

from claims.batch_sheet import document, views
from enrollment.desk.navigation import register_view
from enrollment.printing.documents import register_kind


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    seen_by = "claims.view_paymentbatch"
    register_kind(
        document.KIND,
        _("Payment batch sheet"),
        permission=seen_by,
        labels=("Orders", "Total", "Amount in words"),
    )
    batch = "payments/batches/<int:pk>/"
    for path, view, name in (
        ("sheet/", views.sheet, "claims_paymentbatch_sheet"),
        ("sheet.pdf", views.sheet_pdf, "claims_paymentbatch_sheet_pdf"),
    ):
        register_view(f"{batch}{path}", view, name, permission=seen_by, whole_county=True)
