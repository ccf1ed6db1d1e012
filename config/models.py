"""What belongs to the project itself: no tables, one permission."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The installation as its operator sees it; only carries the permission."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_health", _("Can see the health of the installation"))]
        verbose_name = _("installation")
        verbose_name_plural = _("installations")

    def __str__(self) -> str:
        return "installation"
