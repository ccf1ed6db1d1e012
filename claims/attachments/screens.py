"""The scans' addresses."""

from claims.attachments import views
from enrollment.desk.navigation import register_view


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    register_view(
        "claims/claim/<int:pk>/scans/",
        views.AttachView.as_view(),
        "claims_claim_scans",
        permission="claims.enter_claim",
    )
    register_view(
        "claims/scan/<int:pk>/",
        views.show,
        "claims_claim_scan",
        permission="claims.view_claimattachment",
    )
    register_view(
        "claims/scan/<int:pk>/remove/",
        views.RemoveView.as_view(),
        "claims_claim_scan_remove",
        permission="claims.enter_claim",
    )
