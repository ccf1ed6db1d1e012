"""The books: entries and postings, view-only, each leading to what is behind it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.ledger.descriptions import descriptions
from claims.ledger.models import Entry, Event, Posting
from claims.ledger.origins import origin_words
from claims.overpayments.models import Repayment
from claims.payments.exchange import SOURCE as BANK_RETURN
from claims.payments.models import BankReturn
from claims.policies.selectors import layer_choices
from claims.settlement.posting import SOURCE as SETTLEMENT
from claims.settlement.selectors import line_url
from claims.templatetags.money_words import layer_name
from enrollment.desk.admin import NOTHING, ViewOnlyAdmin, money_column
from enrollment.desk.filters import DayRangeFilter

SHRANK = (Event.REPAYMENT, Event.OVERPAYMENT_SET_OFF, Event.OVERPAYMENT_WRITE_OFF)
_LONGEST_NUMBER = 18  # digits of a bigint


def behind(entry: Entry) -> tuple[str, str] | None:
    """Address and words of the record that an entry comes from."""
    first, *rest = entry.source_key.split(":")
    if entry.source == SETTLEMENT and len(rest) == 3:
        institution, layer, _payer = rest
        return (
            line_url(first, institution, layer),
            str(_("The settled claims behind it")),
        )
    if entry.source in (Event.CORRECTION, Event.CORRECTION_OFFSET):
        return (
            reverse("admin:claims_correction_change", args=[first]),
            str(_("The correction behind it")),
        )
    if entry.source in SHRANK:
        row = Repayment.objects.filter(pk=first).first()
        if row is not None:
            url = reverse("admin:claims_overpayment_change", args=[row.overpayment_id])
            return url, str(_("The overpayment behind it"))
    if entry.source == BANK_RETURN:
        kept = BankReturn.objects.filter(pk=first).first()
        if kept is not None:
            url = reverse("admin:claims_paymentbatch_change", args=[kept.batch_id])
            return url, str(_("The payment batch behind it"))
    return None


@admin.register(Entry)
class EntryAdmin(ViewOnlyAdmin):
    """One line per event, its postings on its page."""

    list_display = (
        "number",
        "on",
        "source",
        "in_words",
        money_column("amount", _("Amount")),
        "created_at",
    )
    list_display_links = ("number",)
    list_filter = ("source", ("on", DayRangeFilter))
    search_fields = ("number",)
    search_help_text = _("Entry number or record")
    ordering = ("-number",)
    fields = ("on",)
    empty_list_hint = _("Entries come from settlements, bank returns and recoveries.")
    change_form_template = "ledger/entry.html"

    def prepare_rows(self, rows: Sequence[Entry]) -> None:
        """With the descriptions in the reader's language."""
        texts = descriptions(rows)
        for entry in rows:
            entry.text = texts[entry.pk]  # type: ignore[attr-defined]

    @admin.display(description=_("Description"))
    def in_words(self, obj: Entry) -> str:
        """What happened; needs `prepare_rows`."""
        return getattr(obj, "text", obj.description)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """With the sum of debits."""
        entries: QuerySet[Entry] = super().get_queryset(request)
        debits = Posting.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
        return entries.annotate(amount=Subquery(debits.annotate(sum=Sum("debit")).values("sum")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """By number, or by the beginning of the record's key in each kind of event: indexed."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        entries = Entry.objects.values_list("pk")
        found = entries.filter(source__in=Event.values, source_key__startswith=term)
        if term.isascii() and term.isdigit() and len(term) <= _LONGEST_NUMBER:
            found = found.union(entries.filter(number=int(term)))
        return queryset.filter(pk__in=found), False

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add postings and what is behind them."""
        postings = list(obj.postings.select_related("institution").order_by("pk"))
        context["postings"] = postings
        context["description"] = descriptions([obj])[obj.pk]
        context["origin"] = origin_words(obj, postings)
        context["behind"] = behind(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


class LayerFilter(admin.SimpleListFilter):
    """The benefit layer that a posting is about."""

    title = _("benefit layer")
    parameter_name = "layer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The layers of the schemes; the table is not asked which it holds."""
        return layer_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Posting]) -> QuerySet[Posting]:
        """The postings of that layer."""
        layer = self.value()
        return queryset.filter(layer=layer) if layer in dict(self.lookup_choices) else queryset


@admin.register(Posting)
class PostingAdmin(ViewOnlyAdmin):
    """The lines of an account: what the trial balance leads to."""

    list_display = (
        "entry",
        "day",
        "book",
        "account",
        "layer_shown",
        "institution",
        money_column("debit", _("Debit")),
        money_column("credit", _("Credit")),
    )
    list_display_links = None
    list_filter = ("book", "account", LayerFilter, ("entry__on", DayRangeFilter))
    list_select_related = ("entry", "institution")
    ordering = ("-id",)
    empty_list_hint = _("Postings come with the entries of settlements, bank returns, recoveries.")

    @admin.display(description=_("Layer"))
    def layer_shown(self, obj: Posting) -> str:
        """Its name; fines and recoveries have none."""
        return layer_name(obj.layer) if obj.layer else NOTHING

    @admin.display(description=_("Date"))
    def day(self, obj: Posting) -> str:
        """The accounting day."""
        return obj.entry.on.isoformat()
