"""What enrolment shows in the header and on the work desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.audit import screens as audit_screens
from enrollment.boards import logs as log_board
from enrollment.boards import views as board_views
from enrollment.bureau import queues as bureau_queues
from enrollment.calendar import screens as calendar_screens
from enrollment.chain import screens as chain_screens
from enrollment.coverage import queues as coverage_queues
from enrollment.designation import screens as institution_screens
from enrollment.desk.navigation import register_area, register_page
from enrollment.exports import screens as export_screens
from enrollment.failures import screens as failure_screens
from enrollment.handfiles import screens as handfile_screens
from enrollment.jobs import screens as job_screens
from enrollment.login import screens as login_screens
from enrollment.parameters import screens as parameter_screens
from enrollment.printing import screens as paper_screens
from enrollment.register import screens as resident_screens
from enrollment.savedfilters import screens as saved_filter_screens
from enrollment.search import screens as search_screens

register_area("people", pgettext_lazy("area of work", "People"), order=10)
register_area("institutions", pgettext_lazy("area of work", "Institutions"), order=20)
register_area("claims", pgettext_lazy("area of work", "Claims"), order=30)
register_area("payments", pgettext_lazy("area of work", "Payments"), order=40)
register_area("supervision", pgettext_lazy("area of work", "Supervision"), order=50)
register_area("settings", pgettext_lazy("area of work", "Settings"), order=80)
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
register_page(
    "settings",
    _("Premium standards"),
    "admin:enrollment_premiumstandard_changelist",
    permission="enrollment.view_premiumstandard",
    order=10,
    hint=_("What a year's coverage costs the resident and the government tiers."),
)
register_page(
    "settings",
    _("Divisions"),
    "admin:enrollment_division_changelist",
    permission="enrollment.view_division",
    order=20,
    hint=_("Townships and villages with their national codes."),
)
register_page(
    "settings",
    _("Bureau settings"),
    "admin:enrollment_bureau_changelist",
    permission="enrollment.view_bureau",
    order=30,
    hint=_("Name, county, benefit scheme, and whether the clerk's check is the first review."),
)
bureau_queues.register()
calendar_screens.register()
parameter_screens.register()
resident_screens.register()
audit_screens.register()
login_screens.register()
chain_screens.register()
failure_screens.register()
job_screens.register()
handfile_screens.register()
institution_screens.register()
search_screens.register()
paper_screens.register()
export_screens.register()
saved_filter_screens.register()
board_views.register()
log_board.register()
coverage_queues.register()
