"""What one says when handing in a roll."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.jobs.files import MAX_BYTES
from enrollment.jobs.models import ImportJob

_COLLECTION_STARTS = 9  # month: premiums of the next year are collected from then on


def years_on(day: date) -> list[int]:
    """The years that a roll may be for, the likeliest first."""
    this = day.year
    if day.month >= _COLLECTION_STARTS:
        return [this + 1, this, this - 1]
    return [this, this + 1, this - 1]


class ModeForm(forms.Form):
    """What happens to the good rows of a checked file."""

    mode = forms.ChoiceField(
        label=gettext_lazy("If rows are rejected"),
        widget=forms.RadioSelect,
        choices=[
            (
                ImportJob.Mode.GOOD_ROWS.value,
                gettext_lazy("import the good rows; the rejected ones come back as a workbook"),
            ),
            (ImportJob.Mode.ALL_OR_NOTHING.value, gettext_lazy("write nothing at all")),
        ],
        initial=ImportJob.Mode.GOOD_ROWS.value,
    )


class RollForm(ModeForm):
    """A roll, its year and what to do with it."""

    file = forms.FileField(
        label=gettext_lazy("Roll"),
        help_text=gettext_lazy(
            "XLSX or CSV (UTF-8 or GB18030), header in the first row, at most 200 MB. Identity "
            "numbers and accounts must be text: a number cell loses digits."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Benefit year"), coerce=int)
    check_only = forms.BooleanField(
        label=gettext_lazy("Check only: nothing is written"),
        required=False,
        help_text=gettext_lazy("Afterwards the checked file can be imported with one click."),
    )
    field_order = ["file", "year", "mode", "check_only"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the years around today."""
        super().__init__(*args, **kwargs)
        years = years_on(timezone.localdate())
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["year"].initial = years[0]

    def clean_file(self) -> Any:
        """Bounded before anything is stored."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB: split it by township."))
        return file

    @property
    def chosen_mode(self) -> str:
        """The job's mode."""
        if self.cleaned_data["check_only"]:
            return ImportJob.Mode.CHECK.value
        return str(self.cleaned_data["mode"])
