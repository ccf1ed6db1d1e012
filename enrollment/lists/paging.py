"""The primary keys of one page, read from either end of the list or from a position."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from enrollment.lists.keyset import Key


class Pager:
    """Reads a page of `size` rows and one more, to know whether another page follows."""

    def __init__(self, rows: QuerySet[Any], keys: Sequence[Key], size: int) -> None:
        self.rows = rows
        self.keys = keys
        self.size = size
        self.has_next = False
        self.has_previous = False
        # The keys' values of the first and of the last row.
        self.first: Sequence[Any] = ()
        self.last_row: Sequence[Any] = ()

    def numbered(self, number: int) -> list[Any]:
        """The page of that number, from 1; the rows before it are passed over in the index."""
        found = self._read(self.rows, (number - 1) * self.size)
        self.has_previous = number > 1
        self.has_next = len(found) > self.size
        return self._page(found[: self.size])

    def after(self, rows: QuerySet[Any]) -> list[Any]:
        """The first page of the rows behind a position."""
        found = self._read(rows)
        self.has_previous = True
        self.has_next = len(found) > self.size
        return self._page(found[: self.size])

    def before(self, rows: QuerySet[Any]) -> list[Any]:
        """The last page of the rows before a position."""
        found = self._read(rows, backwards=True)
        self.has_previous = len(found) > self.size
        self.has_next = True
        return self._page(found[: self.size][::-1])

    def last(self, counted: int | None = None) -> list[Any]:
        """The end of the list, read backwards: the rows that stand on the page of that number.

        With the number of rows the pages before it are those that one meets from the beginning;
        without it a whole page is shown, and the first one has what is left.
        """
        rest = ((counted - 1) % self.size + 1) if counted else self.size
        found = self._read(self.rows, backwards=True)
        self.has_previous = len(found) > rest
        self.has_next = False
        return self._page(found[:rest][::-1])

    def _page(self, found: list[tuple[Any, ...]]) -> list[Any]:
        """The primary keys; the ends are kept for the links."""
        if found:
            self.first, self.last_row = found[0][1:], found[-1][1:]
        return [row[0] for row in found]

    def _read(
        self, rows: QuerySet[Any], offset: int = 0, *, backwards: bool = False
    ) -> list[tuple[Any, ...]]:
        terms = [key.reverse_term if backwards else key.term for key in self.keys]
        paths = [key.path for key in self.keys]
        page = rows.order_by(*terms).values_list("pk", *paths)
        return list(page[offset : offset + self.size + 1])
