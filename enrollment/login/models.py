"""What administrators did to somebody's login."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.transitions.models import append_only


class AccountEvent(models.Model):
    """An administrator unlocked a login, set a password or ended sessions: append-only."""

    class Kind(models.TextChoices):
        """What was done."""

        UNLOCKED = "unlocked", _("login unlocked")
        SECOND_STEP_RESET = "reset", _("second step reset")
        SESSIONS_ENDED = "ended", _("logged out everywhere")
        PASSWORD_SET = "password", _("password set")

    user = models.ForeignKey(
        User, models.PROTECT, related_name="account_events", verbose_name=_("staff member")
    )
    kind = models.CharField(_("what was done"), max_length=10, choices=Kind)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")
        ordering = ["-id"]
        triggers = append_only("account_event")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="account_event_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
