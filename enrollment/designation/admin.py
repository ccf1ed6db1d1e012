"""Institutions: list, record with agreements and suspensions, the list as the import has it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enrollment.access.requests import staff_of
from enrollment.designation.admin_forms import InstitutionForm
from enrollment.designation.import_form import as_csv, as_xlsx, table
from enrollment.designation.selectors import (
    ENDING,
    STANDING_TONES,
    Standing,
    ending_soon,
    with_standing,
)
from enrollment.desk.admin import NOTHING, ObjectAction, PortalModelAdmin
from enrollment.desk.errors import MissingPermission
from enrollment.desk.tags import Tone, status_tag
from enrollment.exports.services import log_sent
from enrollment.institutions.models import Institution
from enrollment.institutions.selectors import matching_institutions
from enrollment.lists.changelist import PortalChangeList
from enrollment.sheets.blank import XLSX
from enrollment.stories.sections import tell
from enrollment.values.identifiers import mask_account

_FILES = {
    "xlsx": (as_xlsx, XLSX),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}


class StandingFilter(admin.SimpleListFilter):
    """How the agreement stands today."""

    title = gettext_lazy("agreement today")
    parameter_name = "agreement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All standings."""
        ending = gettext_lazy("ends within 60 days")
        return [*Standing.choices, (ENDING, ending)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the annotation of `with_standing`."""
        if self.value() == ENDING:
            return ending_soon(queryset, timezone.localdate())
        return queryset.filter(standing=self.value()) if self.value() in Standing else queryset


@admin.register(Institution)
class InstitutionAdmin(PortalModelAdmin):
    """Administrators keep the master data; agreements and suspensions are acts of their own."""

    bounded_list = True
    form = InstitutionForm
    list_display = (
        "code",
        "name",
        "kind",
        "level",
        "division",
        "place",
        "tag_standing",
        "agreement_until",
        "parent",
    )
    list_display_links = ("code", "name")
    list_filter = (StandingFilter, "kind", "level", "in_county", "division")
    list_select_related = ("division", "parent")
    sortable_by = ("code", "name", "kind", "level")
    ordering = ("code",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Beginning of the code, or a part of the name")
    search_hint = gettext_lazy("Code or name")
    readonly_fields = ("masked_account", "place")
    actions = None
    empty_list_hint = gettext_lazy("Institutions come in by import or are entered one by one.")
    change_list_template = "designation/institutions.html"
    change_form_template = "designation/institution.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Institution]:
        """With today's standing, in the same statement."""
        return with_standing(super().get_queryset(request), timezone.localdate())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Institution], search_term: str
    ) -> tuple[QuerySet[Institution], bool]:
        """By the beginning of the code or a part of the name; in the order that was chosen."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        ordering = queryset.query.order_by
        return matching_institutions(term, among=queryset).order_by(*ordering), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks is not asked for a new account."""
        may = (
            self.has_add_permission(request)
            if obj is None
            else self.has_change_permission(request, obj)
        )
        kept = ("masked_account",) if obj is not None else ()
        account = (*kept, *(("new_account_no",) if may else ()), "account_name")
        return (
            (None, {"fields": (("code", "credit_code"), "name", "address")}),
            (
                gettext_lazy("Kind and place"),
                {
                    "fields": (
                        ("kind", "level"),
                        ("division", "parent"),
                        "in_county" if may else "place",
                    )
                },
            ),
            (gettext_lazy("Bank account"), {"fields": (account,)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Claims and files name the code: it stays."""
        return self.readonly_fields if obj is None else ("code", *self.readonly_fields)

    @admin.display(description=gettext_lazy("Agreement"))
    def tag_standing(self, obj: Institution) -> str:
        """The standing today."""
        standing = Standing(obj.standing)  # type: ignore[attr-defined]  # annotated above
        return status_tag(standing.label, STANDING_TONES[standing])

    @admin.display(description=pgettext_lazy("institution", "Place"))
    def place(self, obj: Institution) -> str:
        """Outside the county the filing of a stay matters."""
        return _("in the county") if obj.in_county else _("outside the county")

    @admin.display(description=gettext_lazy("Agreement until"))
    def agreement_until(self, obj: Institution) -> str:
        """The last day of the latest agreement."""
        return str(obj.agreement_ends_on or NOTHING)  # type: ignore[attr-defined]  # annotated

    @admin.display(description=gettext_lazy("Account on file"))
    def masked_account(self, obj: Institution) -> str:
        """The last four."""
        return format_html('<span class="code">{}</span>', mask_account(obj.account_no) or NOTHING)

    def object_actions(self, request: HttpRequest, obj: Institution) -> Sequence[ObjectAction]:
        """A new agreement, for those who may."""
        if not request.user.has_perm("enrollment.add_agreement"):
            return []
        url = reverse("admin:enrollment_institution_sign", args=[obj.pk])
        return [ObjectAction(label=_("Enter an agreement"), url=url, tone=Tone.BLUE)]

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add what every app tells of the institution."""
        if obj is not None:
            context["standing"] = self.tag_standing(obj)
            context["story"] = tell(obj, staff_of(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        """With the list for the import, before the addresses of records."""
        view = self.admin_site.admin_view(self.import_form)
        return [
            path("import-form.<str:kind>", view, name="enrollment_institution_import_form"),
            *super().get_urls(),
        ]

    def import_form(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The institutions of the list, one row an agreement, in the columns of the import.

        For who may read them in again; that they left the portal stays in the log of exports.
        """
        if not self.has_add_permission(request):
            raise MissingPermission("enrollment.add_institution")
        if kind not in _FILES:
            raise Http404
        write, content_type = _FILES[kind]
        shown: PortalChangeList = self.get_changelist_instance(request)
        if shown.faults:
            messages.error(request, " ".join(shown.faults))
            address = reverse("admin:enrollment_institution_changelist")
            return redirect(f"{address}{shown.get_query_string()}")
        content = write(table(shown.get_queryset(request)))
        log_sent(
            self.opts.label_lower,
            kind=kind,
            filters=shown.bar.in_words,
            rows=shown.get_queryset(request).count(),
            actor=staff_of(request),
            at=timezone.now(),
        )
        name = f"institutions-{timezone.localdate():%Y%m%d}.{kind}"
        return HttpResponse(
            content,
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
