"""What administrators do to somebody's login: unlock, password, second step, log out."""

from collections.abc import Sequence
from typing import Any

from axes.utils import reset as unlock
from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from enrollment.access.models import User
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.tags import Label, Tone
from enrollment.login.forms import SetPasswordForm
from enrollment.login.models import AccountEvent
from enrollment.login.second_step import has_second_step, reset_second_step
from enrollment.login.sessions import end_sessions


class AccountAction(ActionView):
    """An act on somebody else's login, with its reason."""

    queryset = User.objects.all()
    form_class = ReasonForm
    kind: AccountEvent.Kind
    tone = Tone.AMBER

    def get_facts(self, obj: User) -> Sequence[Fact]:
        """Whose login."""
        return [
            Fact(gettext_lazy("Staff member"), str(obj)),
            Fact(gettext_lazy("Login name"), obj.username),
        ]

    def get_refusal(self, obj: User) -> Label:
        """Nobody does it to themselves, and to an all-powerful account only its like."""
        if obj.pk == self.actor.pk:
            return _("Another administrator must do this to your account.")
        if obj.is_superuser and not self.actor.is_superuser:
            return _("This account has all permissions: only its like may change it.")
        return ""

    def perform(self, obj: User, data: dict[str, Any]) -> str:
        """Do it and keep the reason, in one transaction."""
        with transaction.atomic():
            self.act(obj, data)
            AccountEvent.objects.create(
                user=obj,
                kind=self.kind,
                actor=self.actor,
                at=timezone.now(),
                reason=data["reason"],
            )
        return _("%(name)s: %(done)s.") % {"name": obj, "done": self.kind.label}

    def act(self, obj: User, data: dict[str, Any]) -> None:
        """What is done."""
        raise NotImplementedError

    def get_back_url(self, obj: User) -> str:
        """The account."""
        return reverse("admin:enrollment_user_change", args=[obj.pk])


class UnlockView(AccountAction):
    """After too many wrong passwords."""

    title = gettext_lazy("Unlock the login")
    submit_label = gettext_lazy("Unlock the login")
    explanation = gettext_lazy("Wrong passwords so far are forgotten; the password stays.")
    kind = AccountEvent.Kind.UNLOCKED

    def act(self, obj: User, data: dict[str, Any]) -> None:
        """Forget the failures."""
        unlock(username=obj.username)


class ResetSecondStepView(AccountAction):
    """The device is lost."""

    title = gettext_lazy("Reset the second step")
    submit_label = gettext_lazy("Reset the second step")
    explanation = gettext_lazy(
        "The device and all recovery codes stop working and the person is logged out. Make sure "
        "that it is really them who ask: whoever knows the password sets up the next device."
    )
    kind = AccountEvent.Kind.SECOND_STEP_RESET
    tone = Tone.RED

    def get_refusal(self, obj: User) -> Label:
        """Only where there is one."""
        if not has_second_step(obj):
            return _("No second step is set up for this account.")
        return super().get_refusal(obj)

    def act(self, obj: User, data: dict[str, Any]) -> None:
        """Forget the device."""
        reset_second_step(obj)
        end_sessions(obj)


class EndSessionsView(AccountAction):
    """A machine was left open, or somebody leaves the bureau."""

    title = gettext_lazy("Log the person out everywhere")
    submit_label = gettext_lazy("Log out everywhere")
    kind = AccountEvent.Kind.SESSIONS_ENDED

    def act(self, obj: User, data: dict[str, Any]) -> None:
        """End every session."""
        end_sessions(obj)


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
class SetPasswordView(AccountAction):
    """Somebody has lost their password."""

    title = gettext_lazy("Set a new password")
    submit_label = gettext_lazy("Set a new password")
    explanation = gettext_lazy(
        "The person is logged out everywhere and must choose their own password at the next "
        "login. Make sure that it is really them who ask."
    )
    kind = AccountEvent.Kind.PASSWORD_SET

    def get_refusal(self, obj: User) -> Label:
        """One's own is changed by giving the present one."""
        if obj.pk == self.actor.pk:
            return _("Change your own password under your name at the top of the page.")
        return super().get_refusal(obj)

    def get_form(self, obj: User) -> forms.Form:
        """Checked against the account's own name."""
        return SetPasswordForm(user=obj, **self.get_form_kwargs(obj))

    def act(self, obj: User, data: dict[str, Any]) -> None:
        """Set it for one login only, and end what was begun with the old one."""
        user = User.objects.select_for_update().get(pk=obj.pk)
        user.set_password(data["password1"])
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user)
