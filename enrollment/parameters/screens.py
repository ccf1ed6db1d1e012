"""The parameters' page."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "settings",
        _("Legal parameters"),
        "admin:enrollment_legalparameter_changelist",
        permission="enrollment.view_legalparameter",
        order=16,
        hint=_("Terms and thresholds with their first day and their source."),
    )
