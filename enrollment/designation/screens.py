"""The institutions' pages and acts."""

from django.utils.translation import gettext_lazy as _

from enrollment.designation import admin_views, queues, sections
from enrollment.desk.navigation import register_page, register_view


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "institutions",
        _("Institutions"),
        "admin:enrollment_institution_changelist",
        permission="enrollment.view_institution",
        order=10,
        hint=_("Who may treat, at which level, under which agreement."),
    )
    register_view(
        "enrollment/institution/<int:pk>/agreement/",
        admin_views.SignAgreementView.as_view(),
        "enrollment_institution_sign",
        permission="enrollment.add_agreement",
    )
    sections.register()
    queues.register()
