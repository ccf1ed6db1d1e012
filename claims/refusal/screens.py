"""The decision's kind and addresses."""

from django.utils.translation import gettext_lazy as _

from claims.refusal import document, views
from enrollment.audit.pages import name_page
from enrollment.desk.navigation import register_view
from enrollment.printing.documents import register_kind

PERMISSION = "claims.view_settledclaim"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_kind(
        document.KIND,
        _("Decision not to pay"),
        permission=PERMISSION,
        first_stays=True,
        labels=("Resident", "Total cost", "Decided on"),
    )
    for path, view, name in (
        ("decision/", views.decision, "claims_claim_refusal"),
        ("decision.pdf", views.decision_pdf, "claims_claim_refusal_pdf"),
    ):
        register_view(f"claims/claim/<int:pk>/{path}", view, name, permission=PERMISSION)
        name_page(name, _("Decision not to pay"))
