"""The form of a visit with its findings."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.access.scope import covers
from enrollment.desk.seen import SeenForm
from enrollment.desk.widgets import ComboboxField, DayField, YuanField
from enrollment.models import Institution, User
from supervision.articles.choices import institution_items
from supervision.inspections.models import Finding, Visit
from supervision.inspections.services import FindingFacts, VisitRefused, check_facts

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[User]
    _FindingFormSet = forms.BaseFormSet["FindingForm"]
else:
    _ModelChoiceField = forms.ModelChoiceField
    _FindingFormSet = forms.BaseFormSet


def certificate_holders() -> QuerySet[User]:
    """Staff who may inspect and handle cases: active, with a certificate."""
    return User.objects.filter(is_active=True).exclude(certificate_no="").order_by("username")


class OfficerField(_ModelChoiceField):
    """A member of staff with a law-enforcement certificate."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer certificate holders only."""
        super().__init__(certificate_holders(), **kwargs)

    def label_from_instance(self, obj: User) -> str:
        """Name and certificate number."""
        return f"{obj} {obj.certificate_no}"


class VisitForm(forms.Form):
    """Where, when, why and by whom."""

    institution = ComboboxField(Institution.objects.all(), label=_("Institution"))
    visited_on = DayField(label=_("Day of the visit"), ahead=True)
    source = forms.ChoiceField(label=_("Source"), choices=Visit.Source.choices)
    inspector = OfficerField(label=_("First inspector"))
    second_inspector = OfficerField(label=_("Second inspector"))
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    charts_sampled = forms.IntegerField(
        label=_("Records sampled"), min_value=0, max_value=100_000, required=False
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    planned = forms.BooleanField(
        label=_("Only plan this visit; it has not taken place yet"), required=False
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        """`actor` may be limited to the institutions of some townships."""
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_institution(self) -> Institution:
        """One of the user's townships: they could not see the visit afterwards."""
        institution: Institution = self.cleaned_data["institution"]
        if not covers(self.actor, institution.division_id):
            raise forms.ValidationError(
                _("This institution is not in a township that your account works for.")
            )
        return institution

    def clean(self) -> dict[str, Any]:
        """Two different people; a visit that has taken place lies in the past."""
        data = super().clean() or {}
        if data.get("inspector") and data.get("inspector") == data.get("second_inspector"):
            self.add_error("second_inspector", _("The two inspectors must be different people."))
        day = data.get("visited_on")
        if isinstance(day, date) and day > timezone.localdate() and not data.get("planned"):
            self.add_error(
                "visited_on",
                _("This day has not come yet: tick that the visit is only planned."),
            )
        return data


class DoneForm(SeenForm, forms.Form):
    """What is entered about a planned visit once it has taken place."""

    visited_on = DayField(label=_("Day of the visit"))
    charts_sampled = forms.IntegerField(label=_("Records sampled"), min_value=0, max_value=100_000)
    notes = forms.CharField(
        label=_("Notes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FindingForm(SeenForm, forms.Form):
    """One breach; a row left empty is no finding."""

    finding_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    article_code = forms.ChoiceField(label=_("Item of law"))
    description = forms.CharField(label=_("What was found"), max_length=500)
    act_from = DayField(label=_("Act from"))
    act_to = DayField(label=_("Act to"))
    loss = YuanField(label=_("Loss of the fund (yuan)"), min_value=Decimal(0))
    people_count = forms.IntegerField(
        label=_("People concerned"), min_value=0, max_value=1_000_000, required=False
    )
    claims_note = forms.CharField(label=_("Claims concerned"), max_length=200, required=False)

    def __init__(self, *args: Any, visited_on: date | None = None, **kwargs: Any) -> None:
        """`visited_on` is the day after which no act can end."""
        super().__init__(*args, **kwargs)
        self.visited_on = visited_on
        field = self.fields["article_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *institution_items()]

    def clean(self) -> dict[str, Any]:
        """What contradicts the visit or the law's dates, at its field."""
        data = super().clean() or {}
        needed = ("article_code", "description", "act_from", "act_to", "loss")
        if self.visited_on and all(data.get(name) not in (None, "") for name in needed):
            try:
                check_facts(self.facts(), self.visited_on)
            except VisitRefused as refused:
                self.add_error(refused.field or None, str(refused))
        return data

    def facts(self) -> FindingFacts:
        """What was entered."""
        data = self.cleaned_data
        return FindingFacts(
            article_code=data["article_code"],
            description=data["description"],
            act_from=data["act_from"],
            act_to=data["act_to"],
            loss=data["loss"],
            people_count=data.get("people_count"),
            claims_note=data.get("claims_note", ""),
        )


def finding_formset(extra: int) -> type[_FindingFormSet]:
    """Rows for findings, `extra` of them empty."""
    return forms.formset_factory(FindingForm, extra=extra, max_num=200)


def finding_initial(finding: Finding) -> dict[str, Any]:
    """A recorded finding as its row shows it."""
    return {
        "finding_id": finding.pk,
        "article_code": finding.article_code,
        "description": finding.description,
        "act_from": finding.act_from,
        "act_to": finding.act_to,
        "loss": finding.loss,
        "people_count": finding.people_count,
        "claims_note": finding.claims_note,
    }
