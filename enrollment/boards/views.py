"""A board that the desk fetches once it stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from enrollment.access.requests import staff_of
from enrollment.boards.registry import registered_for
from enrollment.desk.navigation import register_view


def board(request: HttpRequest, key: str) -> HttpResponse:
    """One board of this user as a fragment; not found for all others."""
    user = staff_of(request)
    for one in registered_for(user):
        if one.key == key:
            return render(request, "boards/board.html", {"board": one.provider(user)})
    raise Http404(key)


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_view("desk/boards/<str:key>/", board, "portal_board", permission=None)
