"""A list of the portal: the stock change list with pages by key and bounded counts."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from enrollment.lists.bar import Bar, bar_of
from enrollment.lists.counting import COUNTED, Counted, add_up, count_rows
from enrollment.lists.faults import faults_of
from enrollment.lists.indexes import ordered_by_index
from enrollment.lists.keyset import Key, keys_of, position_of, read_position, rows_after
from enrollment.lists.ordering import as_read, is_choice
from enrollment.lists.paging import Pager
from enrollment.lists.searching import NUL, SearchForm, SearchRefused
from enrollment.lists.terms import as_shown, opened
from enrollment.values.money import format_yuan

# Where a page begins: after a row, before a row, at the end of the list.
AFTER, BEFORE, LAST = "after", "before", "last"
# Asks for the sums of however many rows.
TOTALS = "totals"
_OWN = (AFTER, BEFORE, LAST, TOTALS)


class PortalChangeList(ChangeList):
    """Rows in an order that an index gives, a page at a time, counted as far as it is cheap.

    The statement for a page reads the keys of its rows only, then the rows by key: joins and
    wide columns are fetched for the rows shown and no others.
    """

    search_form_class = SearchForm
    model_admin: Any  # a `PortalModelAdmin`, which stands on the lists and not under them

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the page's position out of the parameters that narrow the list."""
        self.position = {name: request.GET[name] for name in _OWN if name in request.GET}
        self.linked: dict[str, Any] = {}
        self.filter_specs: list[Any] = []
        # What narrows the list and cannot be understood; then it has no rows.
        self.faults: list[str] = []
        self.reader = request.user
        super().__init__(request, *args, **kwargs)

    # --- narrowing ------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Narrowed, searched and in order."""
        self.query = opened(self.query)
        for name in _OWN:
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        self.root_queryset = self._with_asked_order(request, self.root_queryset)
        rows: QuerySet[Any] | None = None
        self.search_fault = ""
        if NUL in self.query:
            self.query = as_shown(self.query)
            self.search_fault = _("it holds a character that nothing is found by. Type it again.")
        try:
            rows = super().get_queryset(request, exclude_parameters)
        except SearchRefused as refused:
            self.search_fault = str(refused)
        except IncorrectLookupParameters:
            # Said as `faults`, beside the filter; the stock shows the whole list instead.
            pass
        self.faults = faults_of(self)
        if rows is None or self.faults:
            ordering = self.get_ordering(request, self.root_queryset)
            rows = self.root_queryset.none().order_by(*ordering)
        # A search may have its own order, that of the index which finds its rows.
        self.keys: list[Key] = keys_of(self.model, rows.query.order_by, rows.query.annotations)
        return rows.order_by(*(key.term for key in self.keys))

    def get_filters(self, request: HttpRequest) -> Any:
        """Keep what a link narrows the list by without a filter of its own."""
        found = super().get_filters(request)
        specs, has_filters, linked, duplicates, active = found
        self.linked = dict(linked)
        return specs, has_filters, linked, duplicates, active or bool(linked)

    # --- order ----------------------------------------------------------------------------

    def is_sortable(self, column: Any) -> bool:
        """Whether the list may be sorted by the column: any of a bounded list, else by index."""
        if self.sortable_by is not None and column not in self.sortable_by:
            return False
        path = self.get_ordering_field(column)
        if not isinstance(path, str):
            return False
        if getattr(self.model_admin, "bounded_list", False):
            return True
        name = path.lstrip("-")
        # An index has a choice in the order of its hidden code.
        if name not in ordered_by_index(self.model) or is_choice(self.model, name):
            return False
        # By a relation's number is no order that anybody reads.
        return not self.model._meta.get_field(name).is_relation if name != "pk" else True

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By the chosen column; else by the days that a filter narrows to; else as declared."""
        self.sorted_column, terms = self._chosen(request)
        self.keys = keys_of(self.model, terms, queryset.query.annotations)
        return [key.term for key in self.keys]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        """The one column whose arrow is shown."""
        if self.sorted_column is None or not self.keys:
            return {}
        # A relation is sorted as its model is: what was asked for says the direction.
        first = self.asked[1][-1] if self.asked else self.keys[0].term
        return {self.sorted_column: "desc" if first.startswith("-") else "asc"}

    def _with_asked_order(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Note what may be sorted by and what is asked for; the rows with what that needs."""
        self.sortable: list[Any] = [
            column for column in self.list_display if self.is_sortable(column)
        ]
        self.sortable_by = self.sortable
        self.asked: tuple[int, list[str]] | None = None
        found = self._asked_column()
        if found is None:
            return rows
        column, term = found
        if not getattr(self.model_admin, "bounded_list", False):
            self.asked = (column, [term])
            return rows
        added, terms = as_read(self.model, term, rows.query.annotations)
        self.asked = (column, terms)
        return rows.annotate(**added) if added else rows

    def _asked_column(self) -> tuple[int, str] | None:
        """The first column that the address asks for and that may be sorted by, and its term."""
        for text in str(self.params.get(ORDER_VAR, "")).split("."):
            number = text.removeprefix("-")
            if number.isdecimal() and int(number) < len(self.list_display):
                column = self.list_display[int(number)]
                if column in self.sortable:
                    term = str(self.get_ordering_field(column))
                    if text.startswith("-"):
                        term = term.removeprefix("-") if term.startswith("-") else f"-{term}"
                    return int(number), term
        return None

    def _chosen(self, request: HttpRequest) -> tuple[int | None, list[Any]]:
        """The column that the list is sorted by, and the order."""
        if self.asked is not None:
            return self.asked
        terms = self._by_filtered_days() or self._declared(request)
        first = str(terms[0]).lstrip("-") if terms else ""
        shown = (
            place
            for place, column in enumerate(self.list_display)
            if column in self.sortable and str(self.get_ordering_field(column)).lstrip("-") == first
        )
        return next(shown, None), terms

    def _by_filtered_days(self) -> list[str]:
        """As the filtered days ask, such as the latest first: one index finds and sorts them."""
        for spec in self.filter_specs:
            term = getattr(spec, "sorts_by", "")
            if term and term.lstrip("-") in ordered_by_index(self.model):
                return [term]
        return []

    def _declared(self, request: HttpRequest) -> list[Any]:
        screen = self.model_admin
        return list(screen.get_ordering(request) or self.model._meta.ordering or ())

    # --- page -----------------------------------------------------------------------------

    def get_results(self, request: HttpRequest) -> None:
        """One page, and as much of the count as is cheap."""
        self.page = Pager(self.queryset, self.keys, self.list_per_page)
        number = min(max(self.page_num, 1), self._callable)
        primary_keys = self._page_of(number)
        if not primary_keys and (self.position or number > 1):
            # The rows of that page are gone, or it never was: the first page.
            self.page_num = number = 1
            primary_keys = self.page.numbered(1)
        self.result_list = self.rows_of(primary_keys)
        self.show_all = self.can_show_all = False
        self.show_full_result_count = False
        self.full_result_count = None
        self.show_admin_actions = True
        self.counted = self._count(primary_keys)
        self.result_count = self.counted.rows
        self.multi_page = self.page.has_next or self.page.has_previous

    def _page_of(self, number: int) -> list[Any]:
        for name, backwards in ((AFTER, False), (BEFORE, True)):
            values = read_position(self.keys, self.position.get(name, ""))
            if values is not None:
                rows = rows_after(self.queryset, self.keys, values, backwards=backwards)
                found = self.page.before(rows) if backwards else self.page.after(rows)
                # The first page has what is left of the rows, none of them a second time.
                if backwards and not self.page.has_previous:
                    self.page_num = 1
                return found
        if LAST in self.position:
            counted = self._counted_rows
            return self.page.last(counted.rows if counted.is_exact else None)
        self.page_num = number
        return self.page.numbered(number)

    def rows_of(self, primary_keys: Sequence[Any]) -> list[Any]:
        """The rows with all that the columns need, in order."""
        if not primary_keys:
            return []
        rows = self.queryset.order_by().filter(pk__in=primary_keys)
        by_key = {row.pk: row for row in rows}
        found = [by_key[key] for key in primary_keys if key in by_key]
        self.model_admin.prepare_rows(found)
        return found

    # --- count and sums -------------------------------------------------------------------

    def _count(self, primary_keys: Sequence[Any]) -> Counted:
        """Without a statement where the page shows everything and nothing is to be added up."""
        money = list(self.money_columns.values())
        if not self.page.has_next and not self.page.has_previous and not money:
            return Counted(len(primary_keys), is_exact=True)
        return self._counted_rows

    @cached_property
    def _counted_rows(self) -> Counted:
        money = list(self.money_columns.values())
        if TOTALS in self.position:
            return add_up(self.queryset, money)
        return count_rows(self.queryset, money)

    @cached_property
    def money_columns(self) -> dict[int, str]:
        """Position and path of the columns whose sum means something."""
        found = {}
        for place, column in enumerate(self.list_display):
            shown = column if callable(column) else getattr(self.model_admin, str(column), None)
            path = getattr(shown, "total_of", "")
            if path:
                found[place] = path
        return found

    @cached_property
    def totals(self) -> list[dict[str, Any]] | None:
        """The cells of the row of totals; None when there is none to show.

        The cells before the first sum are one, with the words.
        """
        if not self.counted.totals or not self.result_list:
            return None
        first = min(self.money_columns)
        cells: list[dict[str, Any]] = (
            [{"span": first, "text": "", "is_label": True}] if first else []
        )
        for place in range(first, len(self.list_display)):
            path = self.money_columns.get(place)
            amount = self.counted.totals[path] if path else None
            text = "" if amount is None else format_yuan(amount)
            cells.append({"span": 1, "text": text, "is_money": path is not None})
        return cells

    @property
    def totals_url(self) -> str:
        """Where to have everything added up; empty when it is done or there is nothing to add."""
        if not self.money_columns or self.counted.totals or not self.result_list:
            return ""
        return self.get_query_string({TOTALS: "1"})

    # --- links ----------------------------------------------------------------------------

    @cached_property
    def bar(self) -> Bar:
        """Filters and chips."""
        return bar_of(self)

    @property
    def pages(self) -> int | None:
        """How many pages there are; None when the rows were not counted."""
        return -(-self.result_count // self.list_per_page) if self.counted.is_exact else None

    @property
    def shown_page(self) -> int | None:
        """The number of this page; None where only the end of the list is known."""
        if self.position.get(LAST) and self.multi_page:
            return self.pages
        return self.page_num or None

    @property
    def farthest(self) -> int:
        """The last page that can be called by number; farther ones are reached by key."""
        return min(self.pages or self._callable, self._callable)

    @property
    def _callable(self) -> int:
        """The page that the last row counted stands on.

        The rows before a page called by number are passed over one by one, which would cost
        more than the page itself from some ten thousand rows on.
        """
        return max(COUNTED // self.list_per_page, 1)

    @property
    def first_url(self) -> str:
        """The first page."""
        return self.get_query_string() if self.page.has_previous else ""

    @property
    def previous_url(self) -> str:
        """The page before, by the first row of this one."""
        if not self.page.has_previous or not self.result_list:
            return ""
        number = self.shown_page
        place = {BEFORE: position_of(self.keys, self.page.first)}
        return self.get_query_string({**place, "p": number - 1 if number and number > 1 else 0})

    @property
    def next_url(self) -> str:
        """The page behind, by the last row of this one."""
        if not self.page.has_next or not self.result_list:
            return ""
        number = self.shown_page
        place = {AFTER: position_of(self.keys, self.page.last_row)}
        return self.get_query_string({**place, "p": number + 1 if number else 0})

    @property
    def last_url(self) -> str:
        """The end of the list, read backwards."""
        return self.get_query_string({LAST: "1"}) if self.page.has_next else ""


__all__ = ["IncorrectLookupParameters", "PortalChangeList"]
