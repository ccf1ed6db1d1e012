"""The forms of the book of policies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.benefit.loading import parse_file
from claims.benefit.parameters import SchemeError
from claims.policies.language import reader_language
from enrollment.desk.widgets import DayField

LARGEST = 512 * 1024  # bytes


class ProposeForm(forms.Form):
    """A scheme's YAML file, and what the change is about."""

    title = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("Document and change, such as: 湘医保发〔2026〕8号, deductibles of 2027"),
    )
    file = forms.FileField(
        label=_("Policy file (YAML)"),
        help_text=_("The whole scheme or the scheme with the new rows; what is known stays."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> Any:
        """The data of the file; errors name the place in it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("A policy file has at most 512 kB."))
        try:
            _scheme, data = parse_file(file.read())
        except SchemeError as error:
            raise ValidationError(error.say(reader_language())) from error
        return data


class ConfirmRowForm(forms.Form):
    """What the value was compared with."""

    note = forms.CharField(
        label=_("Compared with"),
        max_length=300,
        help_text=_("Which copy of the document: issuing office, number, page."),
    )


class DaysForm(forms.Form):
    """The day the document is read for, and a day to compare it with."""

    on = DayField(label=_("As of"), required=False, ahead=True)
    against = DayField(label=_("Compared with"), required=False, ahead=True)
