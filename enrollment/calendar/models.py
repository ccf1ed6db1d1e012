"""The State Council's yearly announcement of holidays, day by day."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.history.tracking import keep_history


@keep_history()
class CalendarYear(models.Model):
    """A year whose holidays and make-up days are known (节假日安排).

    While a year has no row, its working days are only a guess (Monday to Friday), and whatever
    falls into it is marked as such.
    """

    year = models.PositiveSmallIntegerField(
        _("year"),
        unique=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
    )
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("The announcement: title and document number."),
    )

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


@keep_history(of="calendar")
class CalendarDay(models.Model):
    """One day that differs from Monday to Friday: a day off, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        """What the announcement says of the day."""

        OFF = "off", _("day off")
        WORKED = "worked", _("make-up day, worked")
        ORDINARY = "ordinary", _("entered by mistake: as in any week")

    calendar = models.ForeignKey(
        CalendarYear, models.CASCADE, related_name="days", verbose_name=_("calendar year")
    )
    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("This day is entered already.")}
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OFF)
    name = models.CharField(_("holiday"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("day that differs")
        verbose_name_plural = _("days that differ")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
