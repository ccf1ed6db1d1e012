"""Who logs in."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.history.tracking import keep_history


@keep_history(left_out=("password", "must_change_password"), unwatched=("last_login",))
class User(AbstractUser):
    """A member of the bureau's staff.

    `full_name` is the name on papers and in logs. `certificate_no` is the law-enforcement
    certificate (执法证) without which nobody inspects (条例 §29). `divisions` are the codes of
    the townships whose residents the user works for; empty for the whole county
    (`enrollment.access.scope`). They stand in the row, so that a request needs no statement
    to know its limits. `must_change_password`: somebody else set the password, so the next
    login changes it first (`enrollment.login`).
    """

    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    certificate_no = models.CharField(_("law-enforcement certificate"), max_length=40, blank=True)
    divisions = ArrayField(
        models.CharField(max_length=12), verbose_name=_("townships"), default=list, blank=True
    )
    must_change_password = models.BooleanField(
        _("must change the password"), default=False, db_default=False, editable=False
    )

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """The name on papers."""
        return self.full_name or self.username


@keep_history(of="user")
class StaffRole(User.groups.through):  # type: ignore[name-defined,misc]  # Django makes it
    """That somebody has a role: the row behind a member of staff and a group."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("role of a member of staff")
        verbose_name_plural = _("roles of staff")

    def __str__(self) -> str:
        return f"{self.user_id} {self.group_id}"


@keep_history(of="user")
class StaffPermission(User.user_permissions.through):  # type: ignore[name-defined,misc]
    """A single permission beside the roles; the portal's screens give none."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("single permission of a member of staff")
        verbose_name_plural = _("single permissions of staff")

    def __str__(self) -> str:
        return f"{self.user_id} {self.permission_id}"
