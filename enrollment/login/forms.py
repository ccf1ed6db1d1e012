"""The login form, those of the second step, and those of passwords."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.access.models import User
from enrollment.desk.actions import ReasonForm

if TYPE_CHECKING:
    _SetPasswordMixin = SetPasswordMixin[User]
else:
    _SetPasswordMixin = SetPasswordMixin

LONGEST_NAME = 150  # characters, as in Django's user
_INPUT = {"autocomplete": "one-time-code", "autofocus": "", "data-focus": "", "maxlength": "12"}


class LoginForm(AdminAuthenticationForm):
    """Name and password; the refusal tells neither what is wrong nor who has an account."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "User name or password is wrong, or the account is not active. Type both again; capital"
            " letters count."
        ),
    }

    def clean_username(self) -> str:
        """No account has a longer name; nobody looks for one."""
        name: str = self.cleaned_data["username"]
        if len(name) > LONGEST_NAME:
            raise self.get_invalid_login_error()
        return name


class CodeForm(forms.Form):
    """The code that the device shows now."""

    code = forms.CharField(
        label=pgettext_lazy("second step", "Code"),
        max_length=12,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "numeric"}),
        help_text=_("The six digits that your authenticator shows now."),
    )


class LoginCodeForm(forms.Form):
    """The device's code, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("second step", "Code"),
        max_length=12,
        widget=forms.TextInput(attrs=_INPUT),
        help_text=_(
            "The six digits that your authenticator shows now, or one of your recovery codes."
        ),
    )


class OwnPasswordForm(AdminPasswordChangeForm):
    """One's own password; one that somebody else knows is not kept by typing it again."""

    def clean_new_password1(self) -> str:
        """Another than the present one."""
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("This is the present password: choose another."))
        return password

    def save(self, commit: bool = True) -> User:
        """The password is the user's own again."""
        self.user.must_change_password = False
        return super().save(commit)


class SetPasswordForm(_SetPasswordMixin, ReasonForm):
    """The first password after somebody has lost theirs, twice, and the reason."""

    password1, password2 = SetPasswordMixin.create_password_fields(
        _("New password"), _("New password again")
    )
    field_order = ("password1", "password2", "reason")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """For that account."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Alike, and good enough for the account."""
        self.validate_passwords()
        self.validate_password_for_user(self.user)
        return super().clean() or {}
