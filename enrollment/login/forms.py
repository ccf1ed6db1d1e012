"""The login form and those of the second step."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
