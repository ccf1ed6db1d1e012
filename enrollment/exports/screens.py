"""The exports' pages."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page, register_view
from enrollment.exports.views import download, start


def register() -> None:
    """Start, fetch, and the list of files."""
    register_view(
        "exports/<str:label>/<str:kind>/start/",
        start,
        "enrollment_export_start",
        permission="enrollment.export_list",
    )
    register_view(
        "exports/<int:pk>/file/",
        download,
        "enrollment_export_download",
        permission="enrollment.export_list",
    )
    register_page(
        "settings",
        _("Exports"),
        "admin:enrollment_export_changelist",
        permission="enrollment.view_export",
        order=90,
        hint=_("Lists that were exported, and who exported them."),
    )
