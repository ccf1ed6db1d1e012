"""What enrolment shows in the header and on the work desk."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_area, register_page

register_area("people", _("People"), order=10)
register_area("institutions", _("Institutions"), order=20)
register_area("claims", _("Claims"), order=30)
register_area("payments", _("Payments"), order=40)
register_area("supervision", _("Supervision"), order=50)
register_area("system", _("System"), order=90)

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
