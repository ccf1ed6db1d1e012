"""Filters that offices ask for: from one day to another."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from enrollment.values.days import DayError, parse_day

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class DayRangeFilter(admin.FieldListFilter):
    """Days from … to …, both included: `list_filter = (("discharged_on", DayRangeFilter),)`.

    Takes what `parse_day` takes; a day that cannot be read is ignored and shown as typed.
    """

    template = "admin/day_range_filter.html"

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        """Name the two parameters after the field."""
        path = kwargs["field_path"] if "field_path" in kwargs else args[-1]
        lookup = f"{path}__date" if isinstance(field, DateTimeField) else path
        self.from_name = f"{lookup}__gte"
        self.to_name = f"{lookup}__lte"
        super().__init__(field, *args, **kwargs)

    def expected_parameters(self) -> list[str | None]:
        """The two parameters."""
        return [self.from_name, self.to_name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of these days."""
        limits = {name: self._day(name) for name in (self.from_name, self.to_name)}
        return queryset.filter(**{name: day for name, day in limits.items() if day is not None})

    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        """One entry: the two inputs and the other parameters that the form carries on."""
        own = {self.from_name, self.to_name, "p"}
        starts, ends = self._shown(self.from_name), self._shown(self.to_name)
        yield {
            "from_name": self.from_name,
            "to_name": self.to_name,
            "starts": starts,
            "ends": ends,
            "span": f"{starts or '…'} – {ends or '…'}" if starts or ends else "",
            "carried": [
                (name, value)
                for name, values in changelist.filter_params.items()
                if name not in own
                for value in values
            ],
            "query": changelist.query,
            "clear": changelist.get_query_string(remove=[self.from_name, self.to_name]),
        }

    def _typed(self, name: str) -> str:
        """What was typed for one end."""
        values = self.used_parameters.get(name) or ""
        return str(values[-1] if isinstance(values, list) else values).strip()

    def _day(self, name: str) -> date | None:
        """One end as a day."""
        try:
            return parse_day(self._typed(name), today=timezone.localdate())
        except DayError:
            return None

    def _shown(self, name: str) -> str:
        """One end as the input shows it."""
        day = self._day(name)
        return day.isoformat() if day else self._typed(name)
