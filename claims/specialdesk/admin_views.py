"""The pages on which applications are filed and decided, and certificates revoked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.certificates.services import Grant, carry_over, revoke_certificate
from claims.diseases.selectors import diseases_on, term_on
from claims.specialcare import filing, services
from claims.specialcare.models import SpecialApplication
from claims.specialcare.selectors import missing_papers, paper_names
from claims.specialdesk.admin_forms import (
    ApplyForm,
    CarryOverForm,
    PassForm,
    RefuseForm,
    ReturnForm,
    RevokeForm,
    SupplyForm,
    VotesForm,
)
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.tags import Tone
from enrollment.models import Person


class ResidentAction(ActionView):
    """Something that begins on a resident's page."""

    queryset = Person.objects.select_related("division")

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """Who it is."""
        return [
            Fact(gettext_lazy("Resident"), obj.name),
            Fact(gettext_lazy("ID number"), obj.masked_id),
            Fact(gettext_lazy("Division"), obj.division.name),
        ]

    def get_back_url(self, obj: Person) -> str:
        """The resident's page."""
        return reverse("admin:enrollment_person_change", args=[obj.pk])


class FileView(ResidentAction):
    """An application, or the renewal of a certificate (`?renews=`)."""

    title = gettext_lazy("Apply for a special disease")
    submit_label = gettext_lazy("File the application")
    explanation = gettext_lazy(
        "It may be filed on any day and is reviewed in the next window of the quarter. Nothing "
        "that is on record is asked for."
    )

    def get_form(self, obj: Person) -> forms.Form:
        """With the catalogue of today and what may be renewed."""
        renewable = SpecialCertificate.objects.filter(
            person=obj, state=CertificateState.ISSUED, ends_on__isnull=False
        ).select_related("disease")
        chosen = renewable.filter(pk=_number(self.request.GET.get("renews"))).first()
        initial = {"renews": chosen, "disease": chosen.disease} if chosen else {}
        return ApplyForm(
            **self.get_form_kwargs(obj),
            initial=initial,
            diseases=diseases_on(timezone.localdate()),
            renewable=renewable,
        )

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """File it."""
        application = filing.file_application(
            obj,
            data["disease"],
            filing.Evidence(data["evidence_from"], data["diagnosis"], data["papers"]),
            renews=data["renews"],
            institution=data["institution"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("Application %(number)s is filed: %(state)s.") % {
            "number": application.number,
            "state": application.get_state_display(),
        }


class CarryOverView(ResidentAction):
    """A certificate that was issued before the portal."""

    title = gettext_lazy("Enter an earlier certificate")
    submit_label = gettext_lazy("Enter the certificate")
    explanation = gettext_lazy(
        "Only such as the system before has issued; every other certificate comes of an "
        "application. It stands in the log who entered it from which paper."
    )
    form_class = CarryOverForm

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """Enter it."""
        certificate = carry_over(obj, Grant(**data), actor=self.actor, at=timezone.now())
        return _("Certificate %(number)s is entered.") % {"number": certificate.number}


class ApplicationAction(ActionView):
    """A step of one application."""

    queryset = SpecialApplication.objects.select_related(
        "person", "disease", "evidence_from", "renews", "institution"
    )

    def get_facts(self, obj: SpecialApplication) -> Sequence[Fact]:
        """What one must see to decide."""
        return [
            Fact(gettext_lazy("Application"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Special disease"), obj.disease.name),
            Fact(gettext_lazy("Diagnosis"), obj.diagnosis),
            Fact(
                gettext_lazy("Hospital of the evidence"),
                f"{obj.evidence_from.name} · {obj.evidence_from.get_level_display()}",
            ),
            Fact(gettext_lazy("Papers handed in"), paper_names(obj.papers) or "—"),
        ]

    def get_back_url(self, obj: SpecialApplication) -> str:
        """Its page."""
        return reverse("admin:claims_specialapplication_change", args=[obj.pk])


class SupplyView(ApplicationAction):
    """What was missing comes in."""

    title = gettext_lazy("Papers handed in later")
    submit_label = gettext_lazy("Papers came in")

    def get_form(self, obj: SpecialApplication) -> forms.Form:
        """With what is missing."""
        term = term_on(obj.disease, timezone.localdate(obj.filed_at))
        missing = missing_papers(term, obj.papers) if term else []
        return SupplyForm(**self.get_form_kwargs(obj), missing=missing)

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Take them."""
        at = timezone.now()
        filing.supply_papers(obj, data["papers"], note=data["note"], actor=self.actor, at=at)
        return _("The application waits for its first review.")


class PassView(ApplicationAction):
    """The first review."""

    title = gettext_lazy("Pass the first review")
    submit_label = gettext_lazy("Pass the first review")
    form_class = PassForm

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Pass it."""
        services.pass_first_review(obj, note=data["note"], actor=self.actor, at=timezone.now())
        return _("The application goes to the panel.")


class ReturnView(ApplicationAction):
    """Papers are missing."""

    title = gettext_lazy("Return for papers")
    submit_label = gettext_lazy("Return for papers")
    form_class = ReturnForm
    tone = Tone.AMBER

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Return it."""
        services.return_for_papers(obj, note=data["note"], actor=self.actor, at=timezone.now())
        return _("The application waits for papers.")


class VotesView(ApplicationAction):
    """How the panel voted."""

    title = gettext_lazy("Record the panel's votes")
    submit_label = gettext_lazy("Record the panel's votes")
    explanation = gettext_lazy(
        "One line for each member. More than half decide; the votes stay with the application."
    )

    def get_form(self, obj: SpecialApplication) -> forms.Form:
        """Kept, since the votes are read from it."""
        self.form = VotesForm(**self.get_form_kwargs(obj))
        return self.form

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Record them."""
        decided = services.record_votes(
            obj,
            self.form.votes(),
            reason=data["reason"],
            note=data["note"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("The application is now “%(state)s”.") % {"state": decided.get_state_display()}


class IssueView(ApplicationAction):
    """The recheck passes it."""

    title = gettext_lazy("Issue the certificate")
    submit_label = gettext_lazy("Issue the certificate")
    form_class = PassForm
    tone = Tone.GREEN

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Issue it."""
        certificate = services.issue_certificate(
            obj, note=data["note"], actor=self.actor, at=timezone.now()
        )
        return _("Certificate %(number)s holds from %(day)s.") % {
            "number": certificate.number,
            "day": certificate.starts_on,
        }


class RefuseView(ApplicationAction):
    """The recheck refuses it."""

    title = gettext_lazy("Refuse the application")
    submit_label = gettext_lazy("Refuse the application")
    form_class = RefuseForm
    tone = Tone.RED

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Refuse it."""
        services.refuse_application(obj, **data, actor=self.actor, at=timezone.now())
        return _("The application is refused.")


class WithdrawView(ApplicationAction):
    """The applicant takes it back."""

    title = gettext_lazy("Withdraw the application")
    submit_label = gettext_lazy("Withdraw the application")
    form_class = ReasonForm

    def perform(self, obj: SpecialApplication, data: dict[str, Any]) -> str:
        """Withdraw it."""
        note = data["reason"]
        services.withdraw_application(obj, note=note, actor=self.actor, at=timezone.now())
        return _("The application is withdrawn.")


class RevokeView(ActionView):
    """A certificate is taken back."""

    queryset = SpecialCertificate.objects.select_related("person", "disease")
    title = gettext_lazy("Revoke the certificate")
    submit_label = gettext_lazy("Revoke the certificate")
    explanation = gettext_lazy(
        "Claims of services from that day on are no longer paid by it. What is settled stays "
        "until a correction."
    )
    form_class = RevokeForm
    tone = Tone.RED

    def get_facts(self, obj: SpecialCertificate) -> Sequence[Fact]:
        """Whose, of what, since when."""
        return [
            Fact(gettext_lazy("Certificate"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Special disease"), obj.disease.name),
            Fact(gettext_lazy("Valid from"), obj.starts_on),
            Fact(gettext_lazy("Valid to"), obj.ends_on or "—"),
        ]

    def perform(self, obj: SpecialCertificate, data: dict[str, Any]) -> str:
        """Revoke it."""
        revoked = revoke_certificate(obj, **data, actor=self.actor, at=timezone.now())
        return _("Certificate %(number)s no longer holds from %(day)s on.") % {
            "number": revoked.number,
            "day": revoked.revoked_from,
        }

    def get_back_url(self, obj: SpecialCertificate) -> str:
        """Its page."""
        return reverse("admin:claims_specialcertificate_change", args=[obj.pk])


def _number(text: str | None) -> int:
    """A key from the address; 0, nobody's, for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else 0
