"""The portal's admin site."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    """The stock admin with the bureau's name and its desks."""

    site_header = _("Medical insurance bureau portal")
    site_title = _("Medical insurance bureau portal")
    index_title = _("Work desk")
