"""Forms of the review's actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.review.reasons import reason_choices


class ReviewForm(forms.Form):
    """Of which version of the claim the reviewer decides."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NoteForm(ReviewForm):
    """An optional remark for the log."""

    note = forms.CharField(
        label=_("Remark"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(ReviewForm):
    """Why the claim goes back."""

    note = forms.CharField(
        label=_("What must be corrected"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        help_text=_("The window shows it to whoever corrects the claim."),
    )


class ReleaseForm(ReviewForm):
    """Why a held claim may be settled."""

    note = forms.CharField(
        label=_("Why it may be settled now"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
    )


class RejectForm(ReviewForm):
    """The legal reason, and the facts it rests on."""

    reason = forms.ChoiceField(label=_("Legal reason"))
    note = forms.CharField(
        label=_("Facts"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was found in the papers; it stands in the notice to the resident."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill in the reasons in the reader's language."""
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose…")), *reason_choices()]
