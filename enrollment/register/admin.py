"""Residents, households and the logs about them; rolls and named actions write them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.access.requests import staff_of
from enrollment.access.scope import visible_to
from enrollment.desk.admin import NOTHING, ObjectAction, ViewOnlyAdmin, masked_column
from enrollment.desk.filters import DayRangeFilter
from enrollment.desk.tags import Tone, status_tag, words_listed
from enrollment.register.filters import EnrolmentFilter, IdentityFilter, TownshipFilter
from enrollment.register.selectors import held_of, standing_of, with_standing
from enrollment.residents.models import AccountChange, Household, Person, Unmasking
from enrollment.residents.selectors import matching_persons, rows_of_matching
from enrollment.stories.sections import tell
from enrollment.values.ages import age_on
from enrollment.values.identifiers import mask_account, mask_id, mask_phone


@admin.register(Person)
class PersonAdmin(ViewOnlyAdmin):
    """One line per resident; the page is a card with masked numbers."""

    list_display = (
        "name",
        masked_column("id_number", _("ID number"), mask_id),
        "sex",
        "born_on",
        "division",
        "tag_enrolment",
        "identities_today",
        masked_column("phone", _("Phone"), mask_phone),
        masked_column("account_no", _("Account"), mask_account),
    )
    list_display_links = ("name",)
    list_filter = (TownshipFilter, EnrolmentFilter, IdentityFilter)
    sortable_by = ("name",)
    ordering = ("name", "id")
    search_fields = ("name",)
    search_help_text = _("ID number, last four, name or initials")
    search_hint = _("Name, initials or ID")
    fields = ("name",)
    empty_list_hint = _("Residents come in with the enrolment rolls.")
    change_form_template = "register/person.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """With enrolments and identities, in two statements for the page."""
        persons: QuerySet[Person] = super().get_queryset(request)
        related = persons.select_related("division", "household")
        return with_standing(related, timezone.localdate())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """By number, initials or the beginning of the name; in their order unless one is chosen."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        found = matching_persons(term, among=queryset)
        if ORDER_VAR in request.GET:
            found = found.order_by(*queryset.query.order_by)
        return found, False

    @admin.display(description=_("Enrolment this year"))
    def tag_enrolment(self, obj: Person) -> str:
        """How the resident is enrolled this year."""
        standing = standing_of(obj, timezone.localdate())
        return status_tag(standing.label, standing.tone)

    @admin.display(description=_("Identities"))
    def identities_today(self, obj: Person) -> str:
        """What the resident holds today."""
        return words_listed(*held_of(obj)) or NOTHING

    def object_actions(self, request: HttpRequest, obj: Person) -> Sequence[ObjectAction]:
        """What this user may do with the record."""
        offered = (
            ("enrollment.correct_account", "account", _("Correct the account"), Tone.BLUE),
            ("enrollment.add_assistanceidentity", "grant", _("Grant an identity"), Tone.BLUE),
            ("enrollment.move_person", "move", _("Change the township or village"), Tone.BLUE),
            ("enrollment.unmask_person", "unmask", _("Show full numbers"), Tone.NEUTRAL),
        )
        return [
            ObjectAction(
                label=label,
                url=reverse(f"admin:enrollment_person_{name}", args=[obj.pk]),
                tone=tone,
            )
            for permission, name, label, tone in offered
            if request.user.has_perm(permission)
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
        """The resident's story instead of a form."""
        if obj is not None:
            today = timezone.localdate()
            context["age"] = age_on(obj.born_on, today)
            context["standing"] = standing_of(obj, today)
            context["held"] = held_of(obj)
            context["story"] = tell(obj, staff_of(request))
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Household)
class HouseholdAdmin(ViewOnlyAdmin):
    """Households with the number of their members."""

    list_display = ("number", "division", "members_count")
    list_display_links = ("number",)
    list_filter = (TownshipFilter,)
    list_select_related = ("division",)
    sortable_by = ("number",)
    ordering = ("number",)
    search_fields = ("number__exact",)
    search_help_text = _("Household number")
    fields = ("number", "division", "member_lines")
    readonly_fields = ("member_lines",)
    empty_list_hint = _("Households come in with the enrolment rolls.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Household]:
        """With the number of members, counted for the shown rows only."""
        households: QuerySet[Household] = super().get_queryset(request)
        seen = visible_to(Person.objects.filter(household=OuterRef("pk")), request.user)
        members = seen.order_by().values("household")
        counted = members.annotate(count=Count("pk")).values("count")
        return households.annotate(member_count=Coalesce(Subquery(counted), 0))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Household | None:
        """Its members are listed for this reader: a household may live in two townships."""
        found: Household | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user  # type: ignore[attr-defined]  # for member_lines
        return found

    @admin.display(description=pgettext_lazy("household", "Members"))
    def members_count(self, obj: Household) -> int:
        """How many belong to it."""
        count: int = obj.member_count  # type: ignore[attr-defined]  # annotated above
        return count

    @admin.display(description=pgettext_lazy("household", "Members"))
    def member_lines(self, obj: Household) -> str:
        """The members, each with a link; two statements more for the enrolments."""
        today = timezone.localdate()
        reader: Any = getattr(obj, "reader")  # noqa: B009
        mine = visible_to(Person.objects.filter(household=obj), reader)
        members = with_standing(mine.order_by("born_on", "id"), today)
        lines = [
            (
                reverse("admin:enrollment_person_change", args=[member.pk]),
                member.name,
                member.masked_id,
                status_tag(standing.label, standing.tone),
            )
            for member in members
            for standing in [standing_of(member, today)]
        ]
        line = '<li><a href="{}">{}</a> <span class="code">{}</span> {}</li>'
        listed = format_html_join("", line, lines)
        return format_html('<ul class="lines">{}</ul>', listed) if lines else NOTHING


@admin.register(AccountChange)
class AccountChangeAdmin(ViewOnlyAdmin):
    """Every change of a resident's account, masked."""

    list_display = ("person", "masked_before", "masked_after", "new_account_name", "by", "at")
    list_display_links = None
    list_filter = (("at", DayRangeFilter),)
    list_select_related = ("person", "actor")
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("person__name",)
    search_help_text = _("ID number, last four, name or initials")
    search_hint = _("Name, initials or ID")
    fields = ("person", "masked_before", "masked_after", "new_account_name", "by", "at")
    readonly_fields = ("masked_before", "masked_after", "by")
    empty_list_hint = _("A line appears when an account is corrected or a roll brings another.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By resident."""
        return search_by_person(queryset, search_term), False

    @admin.display(description=_("Before"))
    def masked_before(self, obj: AccountChange) -> str:
        """The old account."""
        return format_html('<span class="code">{}</span>', obj.masked_old or NOTHING)

    @admin.display(description=_("After"))
    def masked_after(self, obj: AccountChange) -> str:
        """The new account."""
        return format_html('<span class="code">{}</span>', obj.masked_new)

    @admin.display(description=_("By"))
    def by(self, obj: AccountChange) -> str:
        """Who, or that a roll brought it."""
        return str(obj.actor or _("enrolment roll"))


@admin.register(Unmasking)
class UnmaskingAdmin(ViewOnlyAdmin):
    """Who looked at whose full numbers, and why."""

    list_display = ("person", "reason", "actor", "at")
    list_display_links = None
    list_filter = (("at", DayRangeFilter),)
    list_select_related = ("person", "actor")
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("person__name",)
    search_help_text = _("ID number, last four, name or initials")
    search_hint = _("Name, initials or ID")
    fields = ("person", "reason", "actor", "at")
    empty_list_hint = _("A line appears each time somebody has full numbers shown.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By resident."""
        return search_by_person(queryset, search_term), False


def search_by_person(queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
    """Rows of the residents that the term finds."""
    term = search_term.replace("\0", "").strip()
    if not term:
        return queryset
    return rows_of_matching(queryset, term)
