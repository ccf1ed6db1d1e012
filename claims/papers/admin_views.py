"""The page on which papers that were to be supplied come in."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.intake.models import Claim
from claims.papers.checklist import names_of
from claims.papers.models import PaperKind
from claims.papers.services import OPEN, receive_papers
from enrollment.desk.actions import ActionView, Fact


class PapersForm(forms.Form):
    """Which of the awaited papers came in."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Handed in now"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one paper that came in."),
            "invalid_choice": gettext_lazy(
                "A paper that you ticked is registered by now. Open the page again to see what "
                "is still to be supplied."
            ),
        },
    )
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, awaited: list[str], **kwargs: Any) -> None:
        """Offer what is awaited; nothing is ticked, so that nothing is recorded unseen."""
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(kind, PaperKind(kind).label) for kind in awaited]


class ReceivePapersView(ActionView):
    """Tick what came in; the claim goes on when nothing is awaited any more."""

    queryset = Claim.objects.select_related("person", "institution")
    title = gettext_lazy("Papers handed in later")
    submit_label = gettext_lazy("Papers came in")

    def get_facts(self, obj: Claim) -> list[Fact]:
        """Whose claim it is, and what it waits for."""
        return [
            Fact(gettext_lazy("Claim"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("To be supplied"), names_of(_awaited(obj)) or "—"),
        ]

    def get_refusal(self, obj: Claim) -> str:
        """Nothing is awaited of a decided claim, nor of a complete one."""
        if obj.state not in OPEN:
            return _("The claim is “%(state)s”: no papers are awaited any more.") % {
                "state": obj.get_state_display()
            }
        return "" if _awaited(obj) else _("All papers of this claim are in.")

    def get_form(self, obj: Claim) -> forms.Form:
        """With what this claim waits for."""
        return PapersForm(awaited=_awaited(obj), **self.get_form_kwargs(obj))

    def perform(self, obj: Claim, data: dict[str, Any]) -> str:
        """Call the service."""
        receive_papers(
            obj, data["kinds"], actor=self.actor, at=timezone.now(), note=data.get("note", "")
        )
        left = _awaited(obj)
        if left:
            return _("Entered. Still to be supplied: %(papers)s.") % {"papers": names_of(left)}
        return _("Entered. All papers of claim %(number)s are in.") % {"number": obj.number}

    def get_back_url(self, obj: Claim) -> str:
        """The claim itself."""
        return reverse("admin:claims_claim_change", args=[obj.pk])


def _awaited(claim: Claim) -> list[str]:
    """What is still to be supplied."""
    rows = claim.papers.filter(handed_in_on__isnull=True)
    return list(rows.values_list("kind", flat=True))
