"""The rows of a list as cells: the columns shown, in the order shown, masked as shown."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.contrib.admin.utils import display_for_value as _display_for_value
from django.core.exceptions import ObjectDoesNotExist
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enrollment.lists.changelist import PortalChangeList
from enrollment.lists.keyset import rows_after
from enrollment.lists.paging import Pager

Cell = str | int | Decimal
CHUNK = 2_000


def header(changelist: PortalChangeList) -> list[str]:
    """The words above the columns."""
    screen = changelist.model_admin
    return [
        capfirst(str(label_for_field(column, changelist.model, screen)))
        for column in _columns(changelist)
    ]


def chunks(changelist: PortalChangeList) -> Iterator[list[list[Cell]]]:
    """All rows of the list, not only those of the page, some thousand at a time."""
    pager = Pager(changelist.queryset, changelist.keys, CHUNK)
    keys = pager.numbered(1)
    columns = _columns(changelist)
    while keys:
        rows = changelist.rows_of(keys)
        yield [[_cell(changelist, column, row) for column in columns] for row in rows]
        if not pager.has_next:
            return
        behind = rows_after(changelist.queryset, changelist.keys, list(pager.last_row))
        keys = pager.after(behind)


def _columns(changelist: PortalChangeList) -> list[Any]:
    return [column for column in changelist.list_display if column != "action_checkbox"]


def _cell(changelist: PortalChangeList, column: Any, row: Any) -> Cell:
    """What the list shows, without mark-up; an amount as a number."""
    path = getattr(column, "money_path", "")
    if path:
        return _amount(row, path)
    screen = changelist.model_admin
    empty = str(screen.get_empty_value_display())
    try:
        field, attribute, value = lookup_field(column, row, screen)
    except ObjectDoesNotExist:
        return ""
    if field is None or field.auto_created:
        boolean = bool(getattr(attribute, "boolean", False))
        shown = _truth(value) if boolean else _display_for_value(value, empty)
    elif field.is_relation:
        shown = getattr(row, field.name) or ""
    elif isinstance(value, bool):
        shown = _truth(value)
    elif isinstance(value, int) and not field.choices:
        return value
    else:
        shown = display_for_field(value, field, empty)
    if isinstance(value, date) and field is not None and not field.choices:
        shown = display_for_field(value, field, empty)
    text = unescape(strip_tags(shown)) if isinstance(shown, SafeString) else str(shown)
    return "" if text == empty else text


def _amount(row: Any, path: str) -> Cell:
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return "" if row is None else row


def _truth(value: Any) -> str:
    return "" if value is None else _("yes") if value else _("no")
