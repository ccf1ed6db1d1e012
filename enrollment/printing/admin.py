"""The register of issued papers: what was issued, and who printed it since."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from enrollment.desk.admin import ObjectAction, ViewOnlyAdmin
from enrollment.desk.filters import DayRangeFilter
from enrollment.printing.documents import kind_of, kinds
from enrollment.printing.models import IssuedPaper


class KindFilter(admin.SimpleListFilter):
    """Papers of one kind."""

    title = _("kind of paper")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The kinds that the rooms print."""
        return [(kind.code, kind.label) for kind in kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the code; an index has the papers of a kind together."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(IssuedPaper)
class IssuedPaperAdmin(ViewOnlyAdmin):
    """One line per issued paper; the text itself is not read for the list."""

    list_display = ("number", "kind_name", "version", "language_name", "issued_by", "issued_at")
    list_display_links = ("number",)
    list_filter = (KindFilter, ("issued_at", DayRangeFilter))
    list_select_related = ("issued_by",)
    search_fields = ("number__exact", "code__exact")
    search_help_text = _("Document number or check code")
    search_hint = _("Number or check code")
    fields = ("number",)
    empty_list_hint = _("A paper stands here from its first print on.")
    change_form_template = "printing/issued.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the text."""
        return super().get_queryset(request).defer("html")

    def get_record_title(self, obj: IssuedPaper) -> str:
        """Kind and number in the reader's language; the paper's own title is in the paper's."""
        return f"{kind_of(obj.kind).label} {obj.number}"

    @admin.display(description=_("Kind of paper"))
    def kind_name(self, obj: IssuedPaper) -> str:
        """In the office's words."""
        return str(kind_of(obj.kind).label)

    @admin.display(description=_("language"), ordering="language")
    def language_name(self, obj: IssuedPaper) -> str:
        """In the language itself."""
        return str(get_language_info(obj.language)["name_translated"])

    def object_actions(self, request: HttpRequest, obj: IssuedPaper) -> Sequence[ObjectAction]:
        """Read it as it was issued."""
        if not request.user.has_perm(kind_of(obj.kind).permission):
            return ()
        return [
            ObjectAction(
                label=_("Read the paper as it was issued"),
                url=reverse("admin:enrollment_issuedpaper_read", args=[obj.pk]),
            )
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
        """Key figures and prints."""
        context["kind"] = kind_of(obj.kind)
        context["prints"] = obj.prints.select_related("printed_by").order_by("-pk")[:100]
        return super().render_change_form(request, context, add, change, form_url, obj)
