"""Filters that offices ask for: days, one record by code or name, what holds, whose turn it is."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.models import User
from enrollment.access.requests import staff_of
from enrollment.desk.widgets import ComboboxField
from enrollment.lists.bar import Control
from enrollment.values.days import DayError, parse_day

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    from enrollment.lists.changelist import PortalChangeList


_SHOWN = 30


class DayRangeFilter(admin.FieldListFilter):
    """Days from … to …, both included: `list_filter = (("discharged_on", DayRangeFilter),)`.

    Takes what `parse_day` takes; a day that cannot be read is shown as typed, with its fault.
    """

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        """Name the two parameters after the field."""
        self.path = str(kwargs["field_path"] if "field_path" in kwargs else args[-1])
        self.is_instant = isinstance(field, DateTimeField)
        lookup = f"{self.path}__date" if self.is_instant else self.path
        self.from_name = f"{lookup}__gte"
        self.to_name = f"{lookup}__lte"
        super().__init__(field, *args, **kwargs)

    def has_output(self) -> bool:
        """Always."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """The two parameters."""
        return [self.from_name, self.to_name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of these days; of an instant, those from midnight to midnight by an index."""
        first, last = self._day(self.from_name), self._day(self.to_name)
        if first is not None:
            queryset = queryset.filter(**{f"{self.path}__gte": self._start(first)})
        if last is not None and self.is_instant:
            queryset = queryset.filter(
                **{f"{self.path}__lt": self._start(last + timedelta(days=1))}
            )
        elif last is not None:
            queryset = queryset.filter(**{f"{self.path}__lte": last})
        return queryset

    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        """None: it shows itself as two inputs."""
        return iter(())

    @property
    def sorts_by(self) -> str:
        """How the list is sorted while days are chosen: the latest first."""
        chosen = self._day(self.from_name) or self._day(self.to_name)
        return f"-{self.path}" if chosen else ""

    def control(self, changelist: "PortalChangeList") -> Control:
        """Two inputs."""
        starts, ends = self._shown(self.from_name), self._shown(self.to_name)
        return Control(
            title=capfirst(str(self.title)),
            kind="days",
            names=(self.from_name, self.to_name),
            values=(starts, ends),
            chosen=f"{starts or '…'} – {ends or '…'}" if starts or ends else "",
            fault=self.fault,
        )

    @property
    def fault(self) -> str:
        """Why the days choose nothing: one is no day, or they are the wrong way round."""
        typed = [text for name in (self.from_name, self.to_name) if (text := self._typed(name))]
        unread = [text for text in typed if self._read(text) is None]
        if unread:
            return _("“%(text)s” is no day. Write it as 2026-09-01, 20260901 or 0901.") % {
                "text": Truncator(unread[0]).chars(_SHOWN)
            }
        first, last = self._day(self.from_name), self._day(self.to_name)
        if first is None or last is None or first <= last:
            return ""
        return _("the first day %(first)s is after the last %(last)s. Correct one of them.") % {
            "first": first.isoformat(),
            "last": last.isoformat(),
        }

    def _start(self, day: date) -> date:
        """The day, or its first instant."""
        if not self.is_instant:
            return day
        return timezone.make_aware(datetime.combine(day, time.min))

    def _typed(self, name: str) -> str:
        """What was typed for one end."""
        values = self.used_parameters.get(name) or ""
        return str(values[-1] if isinstance(values, list) else values).strip()

    def _day(self, name: str) -> date | None:
        """One end as a day."""
        return self._read(self._typed(name))

    @staticmethod
    def _read(text: str) -> date | None:
        try:
            return parse_day(text, today=timezone.localdate())
        except DayError:
            return None

    def _shown(self, name: str) -> str:
        """One end as the input shows it."""
        day = self._day(name)
        return day.isoformat() if day else self._typed(name)


class PickFilter(admin.FieldListFilter):
    """One record of a list of some hundreds, by code or name: `("institution", PickFilter)`.

    Takes what `ComboboxField` takes, so that an address with the code alone works too. Text that
    names no record, or several, finds nothing and says why.
    """

    # Field names of the record; the code is unique.
    code = "code"
    name = "name"

    def __init__(  # noqa: PLR0917  the stock's signature
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
        field_path: Any,
    ) -> None:
        """Name the parameter after the field and look the record up; one statement."""
        self.path = str(field_path)
        # Only records that this user may see.
        screen = model_admin.admin_site._registry.get(field.related_model)
        manager = field.related_model._default_manager
        records = screen.get_queryset(request) if screen else manager.all()
        self.records = ComboboxField(records, code=self.code, name=self.name)
        super().__init__(field, request, params, model, model_admin, field_path)
        typed = self.used_parameters.get(self.path) or ""
        self.text = str(typed[-1] if isinstance(typed, list) else typed).strip()
        self.record: Any = None
        self.fault = ""
        try:
            self.record = self.records.to_python(self.text)
        except ValidationError as error:
            self.fault = " ".join(error.messages)

    def has_output(self) -> bool:
        """Always."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """One."""
        return [self.path]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the record."""
        if not self.text:
            return queryset
        return queryset.filter(**{self.path: self.record}) if self.record else queryset.none()

    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        """None: it shows itself as an input."""
        return iter(())

    def control(self, changelist: "PortalChangeList") -> Control:
        """An input with its lines; one statement."""
        shown = self.records.label_from_instance(self.record) if self.record else self.text
        return Control(
            title=capfirst(str(self.title)),
            kind="pick",
            names=(self.path,),
            values=(shown,),
            lines=self.records.options(),
            chosen=shown,
            fault=self.fault,
        )


class TurnFilter(admin.SimpleListFilter):
    """Whose turn it is, for the person who looks; a subclass says what waits for them."""

    title = gettext_lazy("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What waits for the person's decision."""
        return [("decide", _("to be decided by me"))]

    def waiting(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        """Override: those of the rows that the person may decide."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All rows, or those that wait for the person."""
        if self.value() != "decide":
            return queryset
        return self.waiting(queryset, staff_of(request))


class ValidityFilter(admin.SimpleListFilter):
    """What a record with `starts_on` and `ends_on` is worth today, in the words of its tag.

    A subclass names the day from which a record may have been cut short. The lists of what ends are
    found and sorted by the index of `ends_on`: what ends next, or ended last, comes first.
    """

    title = gettext_lazy("validity")
    parameter_name = "valid"
    days = 30
    cut_short = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """In force, soon to end, not yet, over."""
        return [
            ("now", _("in force")),
            ("ending", _("ends within %(days)d days") % {"days": self.days}),
            ("later", _("not yet in force")),
            ("over", _("expired")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen standing on this day."""
        today = timezone.localdate()
        standing = Q(**{f"{self.cut_short}__isnull": True})
        begun = Q(starts_on__lte=today) & (standing | Q(**{f"{self.cut_short}__gt": today}))
        wanted = {
            "now": begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=today)),
            "ending": begun & Q(ends_on__range=(today, today + timedelta(days=self.days))),
            "later": standing & Q(starts_on__gt=today),
            "over": standing & Q(ends_on__lt=today),
        }
        return queryset.filter(wanted.get(str(self.value()), Q()))

    @property
    def sorts_by(self) -> str:
        """What ends next, or ended last."""
        return {"ending": "ends_on", "over": "-ends_on"}.get(str(self.value()), "")
