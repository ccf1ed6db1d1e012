"""The login form and those of the second step."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
