"""Base classes of the portal's admin screens, and columns for their lists.

@admin.register(Claim)
class ClaimAdmin(PortalModelAdmin):
    list_display = (
        "claim_no", "person_name", "discharged_on",
        money_column("total_amount", _("Total")),
        tag_column("state", _("State"), STATE_TONES),
    )
    list_filter = ("state", ("discharged_on", DayRangeFilter))

    def object_actions(self, request, obj):
        return [ObjectAction(
            label=_("Return"), url=reverse("admin:claims_claim_return", args=[obj.pk]),
            enabled=obj.state == State.SUBMITTED, reason=_("It has been reviewed already."),
        )]

Lists may be of any size: they are paged by key, counted as far as it is cheap, and sorted only by
columns that an index puts in order (`enrollment.lists`). `bounded_list = True` says that a list
stays below some thousand rows and may be sorted by whatever it shows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DataError, connection, models
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.requests import staff_of
from enrollment.audit.services import log_readings
from enrollment.desk.scoped import ScopedAdmin
from enrollment.desk.seen import SeenForm
from enrollment.desk.tags import Label, Tone, status_tag
from enrollment.desk.widgets import DayField, DayInput, YuanField, YuanInput
from enrollment.history.entries import history_of
from enrollment.history.tracking import keeps_history
from enrollment.lists.bar import NARROW, narrowed_address, needs_canonical
from enrollment.lists.changelist import PortalChangeList
from enrollment.lists.lookups import UnreadableAddress, may_narrow
from enrollment.savedfilters.models import SavedFilter
from enrollment.savedfilters.services import saved_filters
from enrollment.values.money import format_yuan

NOTHING = "—"
# What a list raises over an address that nobody's link has.
UNREADABLE = (
    IncorrectLookupParameters,
    DisallowedModelAdminLookup,
    DataError,
    OverflowError,
)
EXPORT_FORMATS: tuple[tuple[str, Label], ...] = (
    ("xlsx", gettext_lazy("Excel workbook")),
    ("csv", gettext_lazy("CSV (UTF-8)")),
)
Column = Callable[[Any], Any]


@dataclass(frozen=True)
class ObjectAction:
    """A transition as a named button beside the record, apart from Save.

    It leads to a page of its own (`enrollment.desk.actions`). When not `enabled` it is shown
    without a link and with the `reason`. Red is for grave acts.
    """

    label: Label
    url: str
    enabled: bool = True
    reason: Label = ""
    tone: Tone = Tone.NEUTRAL


class PortalModelAdmin(ScopedAdmin):
    """Lists of 50 with filters across the top; nothing is deleted unless `may_delete` is set."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # counts of all rows for each choice
    empty_value_display = NOTHING
    may_delete = False
    # Whether the list stays below some thousand rows.
    bounded_list = False
    # What stands in the search box where `search_help_text`, its tooltip, is too long for it.
    search_hint: Label = ""
    # What the list is called where the model's plural is not the office's word for it.
    list_label: Label = ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only where the class says that its records may go."""
        return self.may_delete and super().has_delete_permission(request, obj)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """To the desk; whether a record of another township exists is not said."""
        messages.warning(
            request, _("There is no such record, or it is outside the townships you work for.")
        )
        return redirect("admin:index")

    def get_record_title(self, obj: Any) -> str:
        """What the record's page is called."""
        return str(obj)

    def object_actions(self, request: HttpRequest, obj: Any) -> Sequence[ObjectAction]:
        """The record's transitions for this user; override."""
        return ()

    def prepare_rows(self, rows: Sequence[Any]) -> None:
        """What the columns need beside the rows themselves, for all of them at once; override."""

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = ()
    ) -> list[tuple[str, str]]:
        """The steps for many records, after a word instead of the stock's dashes."""
        nothing = list(default_choices) or [("", _("Choose an action"))]
        chosen: list[tuple[str, str]] = super().get_action_choices(request, nothing)
        return chosen

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PortalChangeList]:
        """Pages by key, bounded counts, one bar of filters."""
        return PortalChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A list is titled by what it lists; its address says no more than what narrows it."""
        if request.method == "POST" and NARROW in request.POST:
            return redirect(narrowed_address(request.POST, request.path))
        address = needs_canonical(request)
        if address is not None:
            return redirect(address)
        try:
            return super().changelist_view(request, self._list_context(request, extra_context))
        except UnreadableAddress:
            if request.method != "GET":
                raise
        messages.warning(
            request,
            _("The list cannot be narrowed as the address says: all records are shown."),
        )
        return redirect(request.path)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list as its address narrows it; UnreadableAddress where that means nothing."""
        try:
            return super().get_changelist_instance(request)
        except UNREADABLE as error:
            if not request.GET:
                raise
            raise UnreadableAddress(str(error)) from error

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """What the stock allows, by fields and comparisons that links have."""
        return may_narrow(self.model, lookup) and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def _list_context(
        self, request: HttpRequest, extra_context: dict[str, Any] | None
    ) -> dict[str, Any]:
        return {
            "title": self.list_label or capfirst(self.opts.verbose_name_plural),
            "empty_list_hint": self.get_empty_list_hint(request),
            "export_label": self.opts.label_lower,
            "export_formats": EXPORT_FORMATS,
            "list_key": self.opts.label_lower,
            "saved_filters": SimpleLazyObject(lambda: self._saved(request)),
            **(extra_context or {}),
        }

    def _saved(self, request: HttpRequest) -> list[SavedFilter]:
        return saved_filters(staff_of(request), self.opts.label_lower)

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """A record is titled by its name and shows its actions."""
        context["list_label"] = self.list_label or capfirst(self.opts.verbose_name_plural)
        context["subtitle"] = None
        if obj is None:
            context["title"] = _("New %(name)s") % {"name": self.opts.verbose_name}
        else:
            log_readings(request, obj)
            context["title"] = self.get_record_title(obj)
            context["object_actions"] = self.object_actions(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What became of the record, for all who may see it; one written once has its page."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        entries = history_of(record)
        if not entries and not keeps_history(self.model):
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", record.pk)
        log_readings(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "entries": entries,
            "record_title": self.get_record_title(record),
            "object": record,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A form that notices when somebody else has changed the record meanwhile."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return _noticing(form)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same for each line below the record."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.form = _noticing(formset.form)
            yield formset, inline

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The record; held for whoever saves it, so that of two one waits and sees the other."""
        found = super().get_object(request, object_id, from_field)
        saves = request.method == "POST" and connection.in_atomic_block
        if found is None or not saves:
            return found
        self.model._default_manager.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Days and amounts as clerks type them."""
        if isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            return db_field.formfield(form_class=DayField, widget=DayInput, **kwargs)
        if isinstance(db_field, models.DecimalField) and db_field.decimal_places == 2:
            return db_field.formfield(form_class=YuanField, widget=YuanInput, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ViewOnlyAdmin(PortalModelAdmin):
    """For what only services write: ledger, breakdowns, transitions, payments."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


def _noticing(form: type[Any]) -> type[Any]:
    """The form class with `SeenForm` before it."""
    return type(form.__name__, (SeenForm, form), {})


def money_column(field: str, label: Label, *, total: bool = True) -> Column:
    """A right-aligned amount, sortable; `field` may cross relations with `__`.

    The list shows the column's sum unless `total` is False: for amounts that mean nothing
    together, such as rates per person.
    """

    @admin.display(description=label, ordering=field)
    def column(obj: Any) -> str:
        amount = _reach(obj, field)
        if amount is None:
            return NOTHING
        return format_html('<span class="money">{}</span>', format_yuan(amount))

    column.__name__ = f"money_{field}"
    column.money_path = field  # type: ignore[attr-defined]  # read by the exports
    if total:
        column.total_of = field  # type: ignore[attr-defined]  # read by PortalChangeList
    return column


def tag_column(
    field: str, label: Label, tones: Mapping[str, Tone], *, default: Tone = Tone.NEUTRAL
) -> Column:
    """A choice field as a word in its tone, sortable."""

    @admin.display(description=label, ordering=field)
    def column(obj: Any) -> str:
        owner_path, _sep, name = field.rpartition("__")
        owner = _reach(obj, owner_path) if owner_path else obj
        if owner is None or getattr(owner, name) in (None, ""):
            return NOTHING
        word = getattr(owner, f"get_{name}_display")()
        return status_tag(word, tones.get(getattr(owner, name), default))

    column.__name__ = f"tag_{field}"
    return column


def masked_column(field: str, label: Label, mask: Callable[[str], str]) -> Column:
    """A personal number, masked; not sortable, since an order would tell about the number."""

    @admin.display(description=label)
    def column(obj: Any) -> str:
        value = _reach(obj, field)
        return format_html('<span class="code">{}</span>', mask(str(value))) if value else NOTHING

    column.__name__ = f"masked_{field}"
    return column


def _reach(obj: Any, path: str) -> Any:
    """Follow `a__b__c`; None when a relation on the way is empty."""
    for name in path.split("__"):
        if obj is None:
            return None
        obj = getattr(obj, name)
    return obj
