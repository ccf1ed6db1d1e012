"""The pages on which care outside the area is filed and a filing withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filingdesk.admin_forms import FileForm, WithdrawForm
from claims.outofarea.models import AreaFiling
from claims.outofarea.services import Destination, Letter, file_outside_care, withdraw_filing
from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Tone
from enrollment.models import Person


class FileView(ActionView):
    """A filing of one resident."""

    queryset = Person.objects.select_related("division")
    title = gettext_lazy("File care outside the area")
    submit_label = gettext_lazy("File it")
    explanation = gettext_lazy(
        "Long-term residence gets the full rate; a referral or an emergency gets the scheme's "
        "reduction for referred stays; without a filing the larger reduction applies."
    )
    form_class = FileForm

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """Who it is."""
        return [
            Fact(gettext_lazy("Resident"), obj.name),
            Fact(gettext_lazy("ID number"), obj.masked_id),
            Fact(gettext_lazy("Division"), obj.division.name),
        ]

    def get_form_kwargs(self, obj: Person) -> dict[str, Any]:
        """From today on, unless another day is typed."""
        return {**super().get_form_kwargs(obj), "initial": {"starts_on": timezone.localdate()}}

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """File it."""
        letter = None
        if data["referred_by"] and data["letter_no"] and data["letter_on"]:
            letter = Letter(data["referred_by"], data["letter_no"], data["letter_on"])
        filing = file_outside_care(
            obj,
            data["kind"],
            Destination(data["place"], data["area_code"], data["institution"]),
            starts_on=data["starts_on"],
            letter=letter,
            note=data["note"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("Filing %(number)s holds from %(first)s to %(last)s.") % {
            "number": filing.number,
            "first": filing.starts_on,
            "last": filing.ends_on or _("its withdrawal"),
        }

    def get_back_url(self, obj: Person) -> str:
        """The resident's page."""
        return reverse("admin:enrollment_person_change", args=[obj.pk])


class WithdrawView(ActionView):
    """A filing ends before its last day."""

    queryset = AreaFiling.objects.select_related("person", "institution")
    title = gettext_lazy("Withdraw the filing")
    submit_label = gettext_lazy("Withdraw the filing")
    form_class = WithdrawForm
    tone = Tone.RED

    def get_facts(self, obj: AreaFiling) -> Sequence[Fact]:
        """Whose, of what, since when."""
        return [
            Fact(gettext_lazy("Filing"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Kind of filing"), obj.get_kind_display()),
            Fact(gettext_lazy("Place of treatment"), obj.place),
            Fact(gettext_lazy("Valid from"), obj.starts_on),
            Fact(gettext_lazy("Valid to"), obj.ends_on or "—"),
        ]

    def perform(self, obj: AreaFiling, data: dict[str, Any]) -> str:
        """Withdraw it."""
        withdrawn = withdraw_filing(obj, **data, actor=self.actor, at=timezone.now())
        return _("Filing %(number)s no longer holds from %(day)s on.") % {
            "number": withdrawn.number,
            "day": withdrawn.withdrawn_from,
        }

    def get_back_url(self, obj: AreaFiling) -> str:
        """Its page."""
        return reverse("admin:claims_areafiling_change", args=[obj.pk])
