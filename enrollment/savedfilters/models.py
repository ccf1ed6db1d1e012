"""Filters kept for oneself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User


class SavedFilter(models.Model):
    """How one member of staff narrows and sorts one list, under a name (常用筛选).

    `query` is the part of the list's address behind the question mark, without what was searched
    for: that may be a resident's number. Nobody but the owner sees it.
    """

    owner = models.ForeignKey(
        User,
        models.CASCADE,
        related_name="+",
        verbose_name=_("staff member"),
        db_index=False,  # one_saved_filter_per_name
    )
    list = models.CharField(_("list"), max_length=80, db_collation="C")
    name = models.CharField(_("name of the filter"), max_length=40)
    query = models.CharField(_("query"), max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"], name="one_saved_filter_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
