"""The log of reading."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.residents.models import Person
from enrollment.transitions.models import append_only


class RecordReading(models.Model):
    """Somebody opened a page about one resident by name: append-only (查阅记录).

    `page` is the name of the address, such as `claims_window`; lists are not logged. What was
    shown stays masked; full numbers have a log of their own with a reason (`Unmasking`).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="page_readings", verbose_name=_("resident")
    )
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    page = models.CharField(_("page"), max_length=60, db_collation="C")

    class Meta:
        verbose_name = _("reading of a resident's page")
        verbose_name_plural = _("readings of residents' pages")
        ordering = ["-id"]
        triggers = append_only("record_reading")

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%Y-%m-%d}"
