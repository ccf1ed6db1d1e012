"""Applications and certificates as lists and as pages; every step is a named action."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.certificates.states import CERTIFICATE_TRANSITIONS, RevocationReason
from claims.diseases.selectors import Windows, stage_label
from claims.specialcare.models import ApplicationState, RefusalReason, SpecialApplication
from claims.specialcare.selectors import next_opening, offered_steps, paper_names, waiting_for
from claims.specialdesk.tones import APPLICATION_TONES, standing_of
from enrollment.access.requests import staff_of
from enrollment.desk.admin import NOTHING, ObjectAction, ViewOnlyAdmin, tag_column
from enrollment.desk.filters import TurnFilter, ValidityFilter
from enrollment.desk.steps import step_actions
from enrollment.desk.tags import Tone, status_tag
from enrollment.models import User
from enrollment.residents.selectors import rows_of_matching

_TONES = {
    "supply": Tone.BLUE,
    "pass_first": Tone.BLUE,
    "agree": Tone.BLUE,
    "issue": Tone.BLUE,
    "refuse": Tone.RED,
}
_REASONS = {**dict(RefusalReason.choices), **dict(RevocationReason.choices)}
_STATES = {**dict(CertificateState.choices), **dict(ApplicationState.choices)}


class _OfResident(ViewOnlyAdmin):
    """Records of residents, found by them; looking at one is logged."""

    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = _("ID number, last four, name or initials")
    search_hint = _("Name, initials or ID")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By resident."""
        term = search_term.replace("\0", "").strip()
        return (rows_of_matching(queryset, term) if term else queryset), False

    @admin.display(description=_("Number"))
    def label(self, obj: Any) -> str:
        """Its number."""
        return str(obj)

    def log(self, obj: Any) -> list[dict[str, Any]]:
        """What became of it, each step with its reason in words; one statement."""
        return [
            {
                "row": row,
                "state": _STATES.get(row.to_state, row.to_state),
                "reason": _REASONS.get(row.reason, row.reason),
            }
            for row in obj.transitions.select_related("actor")
        ]


class ApplicationTurnFilter(TurnFilter):
    """Applications whose next step is the reader's."""

    def waiting(
        self, queryset: QuerySet[SpecialApplication], user: User
    ) -> QuerySet[SpecialApplication]:
        """As on the desk."""
        return waiting_for(queryset, user)


@admin.register(SpecialApplication)
class SpecialApplicationAdmin(_OfResident):
    """One line per application; its page says what it waits for and when."""

    list_display = (
        "label",
        tag_column("state", _("State"), APPLICATION_TONES),
        "person",
        "disease",
        "evidence_from",
        "filed_by",
        "filed_at",
    )
    list_display_links = ("label",)
    list_filter = (ApplicationTurnFilter, "state", "disease")
    list_select_related = ("person", "disease", "evidence_from", "filed_by")
    fields = ("diagnosis",)
    empty_list_hint = _("An application is filed on the resident's page.")
    change_form_template = "specialcare/application.html"

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SpecialApplication | None:
        """With everything that the page names."""
        found: SpecialApplication | None = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        return SpecialApplication.objects.select_related(
            "person", "disease", "evidence_from", "institution", "renews", "certificate", "filed_by"
        ).get(pk=found.pk)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """The steps from here; disabled with the reason, such as a closed window."""
        obj.windows = Windows()
        offers = offered_steps(obj, staff_of(request), obj.windows, timezone.localdate())
        return [
            ObjectAction(
                label=offer.label,
                url=reverse(f"admin:claims_special_{offer.action}", args=[obj.pk]),
                enabled=not offer.refused,
                reason=offer.refused,
                tone=_TONES.get(offer.action, Tone.NEUTRAL),
            )
            for offer in offers
        ]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With its window, the votes and the log."""
        if obj is not None:
            obj.windows = Windows()
            opening = next_opening(obj, obj.windows)
            context |= {
                "opening": opening,
                "stage": stage_label(opening.stage) if opening else "",
                "papers": paper_names(obj.papers),
                "votes": obj.votes.all(),
                "steps": self.log(obj),
                "tone": APPLICATION_TONES[obj.state].value,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


class CertificateValidityFilter(ValidityFilter):
    """In force today, soon to end, not yet in force, expired."""

    cut_short = "revoked_from"


@admin.register(SpecialCertificate)
class SpecialCertificateAdmin(_OfResident):
    """One line per certificate with its days."""

    list_display = (
        "label",
        "tag_standing",
        "person",
        "disease",
        "starts_on",
        "ends_on",
        "revoked_from",
        "document",
    )
    list_display_links = ("label",)
    list_filter = (CertificateValidityFilter, "state", "disease")
    list_select_related = ("person", "disease")
    fields = ("document",)
    empty_list_hint = _("A certificate comes of an application that the recheck has passed.")
    change_form_template = "specialcare/certificate.html"

    @admin.display(description=_("State"))
    def tag_standing(self, obj: SpecialCertificate) -> str:
        """What it is worth today."""
        return status_tag(*standing_of(obj, timezone.localdate()))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SpecialCertificate | None:
        """With everything that the page names."""
        found: SpecialCertificate | None = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        return SpecialCertificate.objects.select_related(
            "person", "disease", "institution", "issued_by"
        ).get(pk=found.pk)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """Print, renew, revoke."""
        user = staff_of(request)
        actions = [
            ObjectAction(
                label=_("Print the certificate"),
                url=reverse("admin:claims_certificate_paper", args=[obj.pk]),
                tone=Tone.BLUE,
            )
        ]
        if user.has_perm("claims.file_special") and obj.ends_on is not None:
            revoked = obj.state == CertificateState.REVOKED
            apply = reverse("admin:claims_special_file", args=[obj.person_id])
            actions.append(
                ObjectAction(
                    label=_("Renew the certificate"),
                    url=f"{apply}?renews={obj.pk}",
                    enabled=not revoked,
                    reason=gettext("The certificate is revoked.") if revoked else "",
                )
            )
        steps = step_actions(
            obj,
            CERTIFICATE_TRANSITIONS,
            {"revoke": Tone.RED},
            "admin:claims_certificate",
            user,
            keeps_passed=True,
        )
        return [*actions, *steps]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With where it comes from and the log."""
        if obj is not None:
            word, tone = standing_of(obj, timezone.localdate())
            context |= {
                "standing": word,
                "tone": tone.value,
                "application": getattr(obj, "application", None),
                "nothing": NOTHING,
                "steps": self.log(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
