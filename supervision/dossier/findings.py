"""Findings, and what is made of them: a penalty case, or a recovery under the agreement."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from enrollment.access.requests import staff_of
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin, money_column
from enrollment.desk.tags import Label, Tone, status_tag
from enrollment.transitions.table import TransitionRefused
from enrollment.values.money import format_yuan
from supervision.articles.wording import code_and_title, law_text, range_label
from supervision.cases.models import Case
from supervision.cases.rules import act_of
from supervision.cases.services import open_case
from supervision.inspections.admin_forms import OfficerField
from supervision.inspections.models import Finding
from supervision.penalties.services import recover_by_agreement, why_not_recover
from supervision.statutes.fines import governing_article, limitation_ends_on
from supervision.statutes.types import Article

if TYPE_CHECKING:
    _MultipleChoiceField = forms.ModelMultipleChoiceField[Finding]
    _ListFilter = admin.SimpleListFilter
else:
    _MultipleChoiceField = forms.ModelMultipleChoiceField
    _ListFilter = admin.SimpleListFilter


class DealtWithFilter(_ListFilter):
    """How a finding was dealt with."""

    title = _("dealt with")
    parameter_name = "track"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Label]]:
        """The two tracks, and neither."""
        return [
            ("open", _("not yet")),
            ("case", _("penalty case")),
            ("agreement", _("agreement")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The findings of the chosen track."""
        conditions: dict[str, dict[str, Any]] = {
            "open": {"case": None, "recovery": None},
            "case": {"case__isnull": False},
            "agreement": {"recovery__isnull": False},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


@admin.register(Finding)
class FindingAdmin(ViewOnlyAdmin):
    """Findings by how they were dealt with; each leads to one of the two tracks."""

    list_display = (
        "institution",
        "item",
        "description",
        "period",
        money_column("loss", _("Loss of the fund")),
        "visited_on",
        "track",
    )
    list_display_links = ("description",)
    list_filter = (DealtWithFilter,)
    search_fields = ("visit__institution__name", "visit__institution__code", "description")
    search_help_text = _("Institution or what was found")
    list_select_related = ("visit__institution", "case", "recovery")
    empty_list_hint = _("Findings are written down with the visit that made them.")
    change_form_template = "supervision/record.html"

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The finding at a glance."""
        if obj is not None:
            visit_url = reverse("admin:supervision_visit_change", args=[obj.visit_id])
            context["record_facts"] = [
                *_facts_of(obj),
                Fact(_("People concerned"), obj.people_count),
                Fact(_("Claims concerned"), obj.claims_note),
                Fact(_("Visit"), format_html('<a href="{}">{}</a>', visit_url, obj.visit)),
                Fact(_("Entered by"), str(obj.entered_by)),
                Fact(_("Dealt with"), self.track(obj)),
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_actions(self, request: HttpRequest, obj: Finding) -> Sequence[ObjectAction]:
        """The two tracks, each with the reason when it is closed."""
        actor = staff_of(request)
        no_case = _why_no_case(obj, actor.has_perm("supervision.open_case"))
        no_recovery = why_not_recover([obj], actor)
        return [
            ObjectAction(
                label=_("Open a penalty case"),
                url=reverse("admin:supervision_finding_open_case", args=[obj.pk]),
                enabled=not no_case,
                reason=no_case,
                tone=Tone.BLUE,
            ),
            ObjectAction(
                label=_("Recover under the agreement"),
                url=reverse("admin:supervision_finding_recover", args=[obj.pk]),
                enabled=no_recovery is None,
                reason=str(no_recovery or ""),
            ),
        ]

    @admin.display(description=_("Institution"), ordering="visit__institution__name")
    def institution(self, obj: Finding) -> str:
        """Where it was found."""
        return str(obj.visit.institution)

    @admin.display(description=_("Item of law"), ordering="article_code")
    def item(self, obj: Finding) -> str:
        """Code and title."""
        return code_and_title(obj.article_code)

    @admin.display(description=_("Act"), ordering="act_from")
    def period(self, obj: Finding) -> str:
        """First and last day."""
        return format_html(
            '<span class="day nowrap">{} – {}</span>',
            obj.act_from.isoformat(),
            obj.act_to.isoformat(),
        )

    @admin.display(description=_("Day of the visit"), ordering="visit__visited_on")
    def visited_on(self, obj: Finding) -> Any:
        """When it was found."""
        return obj.visit.visited_on

    @admin.display(description=_("Dealt with"))
    def track(self, obj: Finding) -> str:
        """By a case, under the agreement, or not yet."""
        if obj.case is not None:
            url = reverse("admin:supervision_case_change", args=[obj.case_id])
            return format_html('<a class="nowrap" href="{}">{}</a>', url, obj.case)
        if obj.recovery is not None:
            url = reverse("admin:supervision_recovery_change", args=[obj.recovery_id])
            return format_html('<a class="nowrap" href="{}">{}</a>', url, obj.recovery)
        return status_tag(_("not yet"), Tone.AMBER)


class FindingsField(_MultipleChoiceField):
    """Further findings that go the same way."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Finding) -> str:
        """Item, words, days and loss."""
        return (
            f"{obj.article_code} {obj.description}, {obj.act_from} – {obj.act_to}, "
            f"{format_yuan(obj.loss)}"
        )


class OpenCaseForm(forms.Form):
    """Who handles the case."""

    officer = OfficerField(label=_("First officer"))
    second_officer = OfficerField(label=_("Second officer"))
    further = FindingsField(
        Finding.objects.none(),
        label=_("Further findings in the same case"),
        required=False,
        help_text=_("Open findings of this institution under the same item of law."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, further: QuerySet[Finding], **kwargs: Any) -> None:
        """`further` are the findings that may be added."""
        super().__init__(*args, **kwargs)
        _offer(self, further)

    def clean(self) -> dict[str, Any]:
        """Two different people."""
        data = super().clean() or {}
        if data.get("officer") and data.get("officer") == data.get("second_officer"):
            self.add_error("second_officer", _t("The two officers must be different people."))
        return data


class RecoverForm(ReasonForm):
    """The reason, and further findings recovered with it."""

    further = FindingsField(
        Finding.objects.none(),
        label=_("Further findings recovered with it"),
        required=False,
        help_text=_("Open findings of this institution."),
    )

    def __init__(self, *args: Any, further: QuerySet[Finding], **kwargs: Any) -> None:
        """`further` are the findings that may be added."""
        super().__init__(*args, **kwargs)
        _offer(self, further)


class OpenCaseView(ActionView):
    """File a penalty case from a finding."""

    queryset = Finding.objects.select_related("visit__institution")
    title = _("Open a penalty case")
    submit_label = _("Open the case")
    case: Case | None = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Go on to the new case."""
        response = super().post(request, **kwargs)
        if self.case is None:
            return response
        return redirect("admin:supervision_case_change", self.case.pk)

    def get_facts(self, obj: Finding) -> Sequence[Fact]:
        """The act, its article and the fine it allows."""
        found = governing_article(obj.article_code, obj.act_from, obj.act_to)
        facts = _facts_of(obj)
        if isinstance(found, Article):
            low, high = found.fine.bounds(obj.loss)
            facts += [
                Fact(_("Fine that the article allows"), range_label(found.fine)),
                Fact(_("Least fine"), low),
                Fact(_("Highest fine"), high),
                Fact(_("Penalty possible until"), limitation_ends_on(obj.act_to)),
                Fact(_("Text of the law"), law_text(found)),
            ]
        return facts

    def get_refusal(self, obj: Finding) -> Label:
        """What stands against a case."""
        return _why_no_case(obj, allowed=True)

    def get_form(self, obj: Finding) -> forms.Form:
        """The officers, the visit's inspectors proposed."""
        further = _others(obj).filter(article_code=obj.article_code)
        initial = {
            "officer": obj.visit.inspector_id,
            "second_officer": obj.visit.second_inspector_id,
        }
        return OpenCaseForm(further=further, initial=initial, **self.get_form_kwargs(obj))

    def perform(self, obj: Finding, data: dict[str, Any]) -> str:
        """File it."""
        self.case = open_case(
            [obj, *data["further"]],
            officers=(data["officer"], data["second_officer"]),
            actor=self.actor,
            at=timezone.now(),
            note=data["note"],
        )
        return _t("Case %(number)s was opened.") % {"number": self.case.number}

    def get_back_url(self, obj: Finding) -> str:
        """The finding."""
        return reverse("admin:supervision_finding_change", args=[obj.pk])


class RecoverView(ActionView):
    """Recover a finding's loss under the agreement, without a case."""

    queryset = Finding.objects.select_related("visit__institution")
    title = _("Recover under the agreement")
    submit_label = _("Order the recovery")
    explanation = _(
        "A measure under the service agreement, not a penalty: the loss goes back to the fund's "
        "fiscal account and there is no fine. It takes the place of a penalty case."
    )

    def get_facts(self, obj: Finding) -> Sequence[Fact]:
        """The act."""
        return _facts_of(obj)

    def get_refusal(self, obj: Finding) -> Label:
        """What stands against it."""
        return str(why_not_recover([obj], self.actor) or "")

    def get_form(self, obj: Finding) -> forms.Form:
        """The reason and further findings."""
        return RecoverForm(further=_others(obj), **self.get_form_kwargs(obj))

    def perform(self, obj: Finding, data: dict[str, Any]) -> str:
        """Order it."""
        row = recover_by_agreement(
            [obj, *data["further"]], actor=self.actor, at=timezone.now(), note=data["reason"]
        )
        return _t("%(number)s orders the return of %(amount)s to the fund.") % {
            "number": row.number,
            "amount": format_yuan(row.amount),
        }

    def get_back_url(self, obj: Finding) -> str:
        """The finding."""
        return reverse("admin:supervision_finding_change", args=[obj.pk])


def _facts_of(finding: Finding) -> list[Fact]:
    """What both pages show."""
    return [
        Fact(_("Institution"), str(finding.visit.institution)),
        Fact(_("Item of law"), code_and_title(finding.article_code)),
        Fact(_("What was found"), finding.description),
        Fact(_("Act"), f"{finding.act_from} – {finding.act_to}"),
        Fact(_("Loss of the fund"), finding.loss),
    ]


def _why_no_case(finding: Finding, allowed: bool) -> str:
    """Why no penalty case can be opened from the finding alone; empty when one can."""
    if not allowed:
        return _t("Your role does not open cases.")
    try:
        act_of([finding], timezone.localdate())
    except TransitionRefused as refused:
        return str(refused)
    return ""


def _others(finding: Finding) -> QuerySet[Finding]:
    """Other open findings of the same institution."""
    return Finding.objects.filter(
        visit__institution_id=finding.visit.institution_id, case=None, recovery=None
    ).exclude(pk=finding.pk)


def _offer(form: forms.Form, further: QuerySet[Finding]) -> None:
    """Offer further findings; no field when there are none."""
    field = form.fields["further"]
    if not isinstance(field, FindingsField):
        raise TypeError("the field of further findings was replaced")
    if further.exists():
        field.queryset = further
    else:
        form.fields["further"].widget = forms.MultipleHiddenInput()
