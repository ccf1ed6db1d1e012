"""Filters of the residents' list: by township, by enrolment of a year, by identity."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.lookups import Exact
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.scope import covers
from enrollment.bureau.selectors import current_bureau
from enrollment.coverage.models import Enrolment
from enrollment.divisions.expressions import TOWNSHIP_PREFIX, township_of
from enrollment.divisions.models import Division
from enrollment.divisions.selectors import code_prefix
from enrollment.register.selectors import enrolled_as, holders_of
from enrollment.residents.models import IdentityKind, Person

_NONE = "none"


class TownshipFilter(admin.SimpleListFilter):
    """Residents of a township, its villages included."""

    title = gettext_lazy("township")
    parameter_name = "township"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The townships of the bureau's county."""
        county = current_bureau().division
        if county is None:
            return []
        rows = Division.objects.filter(
            code__startswith=code_prefix(county), level=Division.Level.TOWNSHIP
        )
        return [
            (code, name)
            for code, name in rows.order_by("code").values_list("code", "name")
            if covers(request.user, code)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the leading digits of the division's code."""
        code = self.value()
        if code not in {known for known, _label in self.lookup_choices}:
            return queryset
        # As the index has it that keeps a township's rows in the order of the list.
        return queryset.filter(Exact(township_of("division"), str(code)[:TOWNSHIP_PREFIX]))


class EnrolmentFilter(admin.SimpleListFilter):
    """Enrolled, withdrawn or not enrolled in last, this or next year."""

    title = gettext_lazy("enrolment")
    parameter_name = "enrolment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """This year first."""
        this = timezone.localdate().year
        words = {
            Enrolment.Status.ACTIVE.value: _("%(year)s: enrolled"),
            Enrolment.Status.WITHDRAWN.value: _("%(year)s: withdrawn"),
            _NONE: _("%(year)s: not enrolled"),
        }
        return [
            (f"{year}-{status}", label % {"year": year})
            for year in (this, this + 1, this - 1)
            for status, label in words.items()
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """By the chosen year and state."""
        chosen = str(self.value() or "")
        if chosen not in {known for known, _label in self.lookup_choices}:
            return queryset
        year, _sep, status = chosen.partition("-")
        return enrolled_as(queryset, int(year), status)


class IdentityFilter(admin.SimpleListFilter):
    """Who holds an assistance identity today."""

    title = gettext_lazy("identity today")
    parameter_name = "identity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All kinds."""
        return list(IdentityKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """By the chosen kind."""
        if self.value() not in IdentityKind.values:
            return queryset
        return holders_of(queryset, str(self.value()), timezone.localdate())
