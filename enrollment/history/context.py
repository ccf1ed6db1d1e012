"""Who acts, and by which act: noted with every change of a kept row (`pghistory_context`)."""

from collections.abc import Callable
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponseBase
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

from enrollment.access.models import User


class HistoryMiddleware(PghistoryMiddleware):
    """Notes the user and the name of the view; never an address, which may tell of a person."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The user's key; None before a login."""
        return {"user": request.user.pk}

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponseBase],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> None:
        """The view is known only once the address is resolved."""
        if request.resolver_match is not None:
            pghistory.context(view=request.resolver_match.view_name)


def on_behalf_of(user: User) -> None:
    """Name the person whose order the running task carries out."""
    pghistory.context(user=user.pk)
