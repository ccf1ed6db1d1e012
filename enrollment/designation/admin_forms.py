"""The institution's form, and the form of a new agreement."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from enrollment.desk.widgets import ComboboxField, DayField
from enrollment.divisions.models import Division
from enrollment.institutions.models import Institution
from enrollment.values.identifiers import is_institution_code, normalise_account

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Institution]
else:
    _ModelForm = forms.ModelForm


class InstitutionForm(_ModelForm):
    """The master data; the account is typed anew or stays."""

    division = ComboboxField(
        Division.objects.exclude(level=Division.Level.VILLAGE),
        code="code",
        label=_("Division"),
        required=False,
    )
    parent = ComboboxField(
        Institution.objects.all(),
        code="code",
        label=_("Parent institution"),
        required=False,
        help_text=_("The hospital or health centre that it belongs to."),
    )
    new_account_no = forms.CharField(
        label=_("New bank account"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Leave it empty to keep the account on file."),
    )

    class Meta:
        model = Institution
        fields = (
            "code",
            "name",
            "credit_code",
            "address",
            "kind",
            "level",
            "in_county",
            "division",
            "parent",
            "account_name",
        )

    def clean_code(self) -> str:
        """Capital letters, as the import keeps it."""
        code: str = self.cleaned_data["code"].strip().upper()
        if not code.replace("-", "").isalnum() or not code.isascii():
            raise ValidationError(_("An institution's code has up to 20 letters and digits."))
        # One that is on record stays: claims and agreements go by it.
        if code != self.instance.code and not is_institution_code(code):
            raise ValidationError(
                _("A code is H (medical institution) or P (pharmacy) and 11 digits.")
            )
        return code

    def clean_credit_code(self) -> str:
        """With its check character."""
        credit_code: str = self.cleaned_data["credit_code"].strip().upper()
        if credit_code and not uscc.is_valid(credit_code):
            raise ValidationError(
                _("The check character of the unified social credit code does not fit.")
            )
        return credit_code

    def clean_parent(self) -> Institution | None:
        """Never itself or one below it."""
        parent: Institution | None = self.cleaned_data["parent"]
        above, seen = parent, set[int]()
        while above is not None and self.instance.pk and above.pk not in seen:
            if above.pk == self.instance.pk:
                raise ValidationError(
                    _("An institution cannot belong to itself or to one of its own branches.")
                )
            seen.add(above.pk)
            above = above.parent
        return parent

    def clean_new_account_no(self) -> str:
        """Digits only, or nothing."""
        text: str = self.cleaned_data["new_account_no"]
        number = normalise_account(text)
        if text.strip() and not number:
            raise ValidationError(_("A bank account has 8 to 32 digits: check the number."))
        return number

    def clean(self) -> dict[str, Any]:
        """An account needs its holder."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("new_account_no") and not data.get("account_name"):
            self.add_error("account_name", _("Give the account holder's name as the bank has it."))
        return data

    def save(self, commit: bool = True) -> Institution:
        """With the new account, when one was typed."""
        if self.cleaned_data.get("new_account_no"):
            self.instance.account_no = self.cleaned_data["new_account_no"]
        return super().save(commit)


class AgreementForm(forms.Form):
    """From when to when; both days included."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To, inclusive"), ahead=True)
