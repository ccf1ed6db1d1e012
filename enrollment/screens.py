"""What enrolment shows in the header and on the work desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.desk.navigation import register_area, register_page

register_area("people", pgettext_lazy("area of work", "People"), order=10)
register_area("institutions", pgettext_lazy("area of work", "Institutions"), order=20)
register_area("claims", pgettext_lazy("area of work", "Claims"), order=30)
register_area("payments", pgettext_lazy("area of work", "Payments"), order=40)
register_area("supervision", pgettext_lazy("area of work", "Supervision"), order=50)
register_area("system", pgettext_lazy("area of work", "System"), order=90)

register_page(
    "system",
    _("Staff"),
    "admin:enrollment_user_changelist",
    permission="enrollment.view_user",
    order=10,
    hint=_("Who logs in, and in which roles."),
)
register_page(
    "system",
    _("Roles"),
    "admin:auth_group_changelist",
    permission="auth.view_group",
    order=20,
    hint=_("What each role may do."),
)
