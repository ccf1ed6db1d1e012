"""The forms of filings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.outofarea.models import FilingKind
from enrollment.desk.widgets import ComboboxField, DayField
from enrollment.models import Institution

_PLACE_DIGITS = (2, 4, 6)


class FileForm(forms.Form):
    """Why, from when, where, and the referral letter."""

    kind = forms.ChoiceField(
        label=_("Kind of filing"), choices=[("", _("Choose…")), *FilingKind.choices]
    )
    starts_on = DayField(label=_("Valid from"), ahead=True)
    place = forms.CharField(
        label=_("Place of treatment"),
        max_length=80,
        help_text=_("Province and city, or county, of the treatment."),
    )
    area_code = forms.CharField(
        label=_("Division code of the place"),
        max_length=6,
        required=False,
        help_text=_("Two digits for a province, four for a city, six for a county: 4301."),
    )
    institution = ComboboxField(
        Institution.objects.filter(in_county=False),
        label=_("Hospital elsewhere"),
        required=False,
        help_text=_("Where it is one hospital; the filing then holds there only."),
    )
    referred_by = ComboboxField(
        Institution.objects.filter(in_county=True), label=_("Referred by"), required=False
    )
    letter_no = forms.CharField(label=_("Referral letter number"), max_length=60, required=False)
    letter_on = DayField(label=_("Day of the letter"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def clean_area_code(self) -> str:
        """Digits of a province, a city or a county."""
        code: str = self.cleaned_data["area_code"].strip()
        if code and not (code.isascii() and code.isdigit() and len(code) in _PLACE_DIGITS):
            raise ValidationError(_("Write two, four or six digits, such as 4301."))
        return code

    def clean(self) -> dict[str, Any]:
        """A place can be told from claims; a referral has its letter."""
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        unplaced = not data.get("area_code") and not data.get("institution")
        if unplaced and "area_code" in data:
            self.add_error(
                "area_code",
                ValidationError(_("Name the hospital, or the division code of the place.")),
            )
        if kind == FilingKind.REFERRAL:
            for name in ("referred_by", "letter_no", "letter_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("A referral needs its letter.")))
        return data


class WithdrawForm(forms.Form):
    """From which day, and why."""

    withdrawn_from = DayField(
        label=_("Withdrawn as of"),
        ahead=True,
        help_text=_("Services of this day and later are no longer covered."),
    )
    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
