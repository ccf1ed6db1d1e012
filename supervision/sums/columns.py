"""Lists whose amounts lead to the rows that they are the sum of."""

from collections.abc import Mapping
from functools import wraps
from typing import Any, ClassVar

from django.http import HttpRequest

from enrollment.access.models import User
from enrollment.access.requests import staff_of
from enrollment.desk.admin import NOTHING, Column, ViewOnlyAdmin
from enrollment.desk.tags import money_link
from supervision.sums.addresses import Address


class SummedAdmin(ViewOnlyAdmin):
    """A list whose amounts lead to the rows that they are the sum of.

    `behind` gives the address for the field of a money column.
    """

    behind: ClassVar[Mapping[str, Address]] = {}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns as this reader may follow them."""
        reader = staff_of(request)
        return [
            _leading(column, self.behind[path], reader)
            if (path := getattr(column, "money_path", "")) in self.behind
            else column
            for column in super().get_list_display(request)
        ]


def _leading(column: Any, address: Address, reader: User) -> Column:
    """The money column with its amounts as links; what the exports read of it stays."""
    path: str = column.money_path

    @wraps(column)
    def leading(obj: Any) -> str:
        amount = getattr(obj, path)
        return NOTHING if amount is None else money_link(amount, address(obj, reader))

    return leading
