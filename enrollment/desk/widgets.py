"""Fields that take what clerks type: days, amounts, one of a list by code or name."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.renderers import BaseRenderer
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from enrollment.desk.tags import Label
from enrollment.values.days import DayError, NoSuchDayError, parse_day
from enrollment.values.initials import initials_of_title
from enrollment.values.money import AmountError, format_yuan, parse_amount

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Any]
else:
    _ModelChoiceField = forms.ModelChoiceField


class DayInput(forms.DateInput):
    """A text input for a day; `portal.js` writes `0901` out in full on leaving it."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, ahead: bool = False) -> None:
        """See `enrollment.values.days.parse_day` for `ahead`."""
        base = {
            "class": "day",
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": "2026-09-01",
            "maxlength": "20",
            "data-day": "ahead" if ahead else "past",
        }
        super().__init__({**base, **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day as `2026-09-01`, `20260901`, `0901` or `2026年9月1日`."""

    default_error_messages = {
        "invalid": _("Write the day as 2026-09-01, 20260901 or 0901."),
        "no_such_day": _("There is no day %(day)s in month %(month)s of %(year)s."),
        "no_such_month": _("There is no month %(month)s."),
    }

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        """See `enrollment.values.days.parse_day` for `ahead`."""
        self.ahead = ahead
        kwargs.setdefault("widget", DayInput(ahead=ahead))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or None for an empty input; ValidationError for anything else."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return parse_day(str(value), today=timezone.localdate(), ahead=self.ahead)
        except NoSuchDayError as error:
            raise ValidationError(
                self.error_messages["no_such_day" if 1 <= error.month <= 12 else "no_such_month"],
                code="invalid",
                params={"year": error.year, "month": error.month, "day": error.day},
            ) from error
        except DayError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class YuanInput(forms.TextInput):
    """A right-aligned amount; `portal.js` adds separators on leaving it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Set the look and the numeric keyboard."""
        base = {
            "class": "money",
            "inputmode": "decimal",
            "autocomplete": "off",
            "maxlength": "20",
            "data-money": "",
        }
        super().__init__({**base, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Decimals with separators; what the clerk typed stays as it was."""
        if isinstance(value, Decimal):
            return format_yuan(value)
        return None if value in (None, "") else str(value)


class YuanField(forms.Field):
    """An amount of yuan with at most two decimals, `1,234.5` included; never rounded.

    `min_value` and `max_value` are inclusive, in yuan.
    """

    widget = YuanInput
    default_error_messages = {
        "invalid": _("Write an amount in yuan with at most two decimals, such as 1234.50."),
        "min_value": _("The amount must not be below %(limit)s yuan."),
        "max_value": _("The amount must not be above %(limit)s yuan."),
    }

    def __init__(
        self,
        *,
        min_value: Decimal | None = None,
        max_value: Decimal | None = None,
        max_digits: int | None = 14,
        decimal_places: int | None = 2,
        **kwargs: Any,
    ) -> None:
        """`max_digits` and `decimal_places` are what a model field of money passes on."""
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The amount, or None for an empty input; ValidationError for anything else."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_amount(str(value))
        except AmountError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value: Any) -> None:
        """Required, and between the limits."""
        super().validate(value)
        if value is None:
            return
        for code, limit, wrong in (
            ("min_value", self.min_value, self.min_value is not None and value < self.min_value),
            ("max_value", self.max_value, self.max_value is not None and value > self.max_value),
        ):
            if wrong and limit is not None:
                raise ValidationError(
                    self.error_messages[code], code=code, params={"limit": format_yuan(limit)}
                )


class ComboboxLine(NamedTuple):
    """A line of a combobox: what choosing it writes, and a label that typing finds it by too.

    The label holds the name besides the initials, since some browsers show it alone.
    """

    value: str
    label: str


class ComboboxWidget(forms.TextInput):
    """A native combobox: an input with its `datalist`, no script needed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Set the look; the field gives itself as the source of options."""
        super().__init__({"class": "combobox", "autocomplete": "off", **(attrs or {})})
        self.field: ComboboxField | None = None

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """The input followed by its options; one statement."""
        list_id = f"{(attrs or {}).get('id', f'id_{name}')}_list"
        control = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        lines = self.field.options() if self.field else []
        options = format_html_join("", '<option value="{}" label="{}"></option>', lines)
        return format_html('{}<datalist id="{}">{}</datalist>', control, list_id, options)


class ComboboxField(_ModelChoiceField):
    """One record of a list of some hundreds, found by typing its code, name or initials.

    Shows `code name`; takes that text, the code alone, or a name that only one record has.
    `code` and `name` are field names of the model; `code` must be unique in the queryset.
    """

    widget = ComboboxWidget
    default_error_messages = {
        "invalid_choice": _(
            "“%(value)s” is not in the list. Type part of the code or name and choose a line."
        ),
        "ambiguous": _("More than one is called “%(value)s”. Choose the line with its code."),
        "near": _("“%(value)s” is not in the list. Did you mean %(near)s? Choose the line."),
    }

    def __init__(
        self,
        queryset: models.QuerySet[Any],
        *,
        code: str = "code",
        name: str = "name",
        placeholder: Label | None = None,
        **kwargs: Any,
    ) -> None:
        """Remember which fields make the label."""
        self.code = code
        self.name = name
        super().__init__(queryset, **kwargs)
        self.widget.attrs.setdefault("placeholder", placeholder or _("Code or name"))
        self._bind_widget()

    def __deepcopy__(self, memo: dict[int, Any]) -> "ComboboxField":
        """Each form's widget reads its own form's queryset."""
        copy: ComboboxField = super().__deepcopy__(memo)
        copy._bind_widget()
        return copy

    def _bind_widget(self) -> None:
        """Give the widget its source of options."""
        if isinstance(self.widget, ComboboxWidget):
            self.widget.field = self

    def options(self) -> list[ComboboxLine]:
        """The lines of the list, by code; one statement."""
        rows = self._records().order_by(self.code).values_list(self.code, self.name)
        return [
            ComboboxLine(self._line(code, name), self._line(name, initials_of_title(name)))
            for code, name in rows
        ]

    def label_from_instance(self, obj: Any) -> str:
        """`code name`."""
        return self._line(getattr(obj, self.code), getattr(obj, self.name))

    def prepare_value(self, value: Any) -> Any:
        """A record or its key becomes its line; text that was typed stays."""
        if isinstance(value, models.Model):
            return self.label_from_instance(value)
        if isinstance(value, int):
            found = self._records().filter(pk=value).first()
            return self.label_from_instance(found) if found else ""
        if isinstance(value, str) and value and self._has_text_key():
            found = self._records().filter(pk=value.replace("\0", " ")).first()  # as `to_python`
            return self.label_from_instance(found) if found else value
        return value

    def to_python(self, value: Any) -> Any:
        """The record that the text names; ValidationError when none or several do."""
        if value in self.empty_values:
            return None
        if isinstance(value, models.Model):
            return value
        text = " ".join(str(value).replace("\0", " ").split())  # the database refuses NUL
        head = text.split(" ", 1)[0]
        found = self._records().filter(**{self.code: head}).first()
        if found is not None and text in (head, self.label_from_instance(found)):
            return found
        named = list(self._records().filter(**{self.name: text})[:2])
        if len(named) == 1:
            return named[0]
        params = {"value": text}
        code = "ambiguous" if named else "invalid_choice"
        near = [] if named else list(self._records().filter(**{f"{self.name}__contains": text})[:3])
        if near:
            code = "near"
            lines = map(self.label_from_instance, near)
            params["near"] = str(pgettext("between listed words", ", ")).join(lines)
        raise ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lines, since the browser sends text."""
        before = self.prepare_value(initial) or ""
        return not self.disabled and str(before) != " ".join(str(data or "").split())

    def _has_text_key(self) -> bool:
        """Whether the records' keys are text, which typed text may be too."""
        return isinstance(self._records().model._meta.pk, models.CharField)

    def _records(self) -> models.QuerySet[Any]:
        """The queryset, fresh for each use."""
        queryset = self.queryset
        if queryset is None:
            raise TypeError("a combobox needs its queryset")
        return queryset.all()

    @staticmethod
    def _line(code: object, name: object) -> str:
        """How a record stands in the list."""
        return " ".join(f"{code} {name}".split())
