"""Where the chain stands among the pages."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "system",
        _("Audit chain"),
        "admin:enrollment_auditlink_changelist",
        permission="enrollment.view_auditlink",
        order=40,
        hint=_("Digests of everything that was only ever added, night by night."),
        whole_county=True,
    )
