"""What administrators did to logins, as a list."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from enrollment.desk.admin import ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter
from enrollment.login.models import AccountEvent


@admin.register(AccountEvent)
class AccountEventAdmin(ViewOnlyAdmin):
    """Who unlocked, reset or ended whose login, and why."""

    list_display = ("user", "kind", "reason", "actor", "at")
    list_display_links = None
    list_filter = ("kind", ("at", DayRangeFilter))
    list_select_related = ("user", "actor")
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("user__username__exact",)
    search_help_text = _("Login name")
    fields = ("user", "kind", "reason", "actor", "at")
    empty_list_hint = _("A line appears when an administrator unlocks or resets a login.")
