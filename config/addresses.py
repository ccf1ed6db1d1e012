"""Addresses that no link of the portal has."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase


class CleanAddressMiddleware:
    """Refuses a NUL in an address with 400: no text of the database can hold one.

    What was typed into a search box (`q`) is left to the list, which says so above its table.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on when the address is clean."""
        asked = [(name, *values) for name, values in request.GET.lists() if name != "q"]
        if "\0" in request.path or any("\0" in part for parts in asked for part in parts):
            raise BadRequest("NUL in the address")
        return self.get_response(request)
