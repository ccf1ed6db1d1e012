"""The box's own addresses, and what enrolment lets it find."""

from enrollment.desk.navigation import register_view
from enrollment.search import issued, people, views


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_view("search/", views.search, "portal_search", permission=None)
    register_view("search/<str:name>/", views.results, "portal_search_results", permission=None)
    people.register()
    issued.register()
