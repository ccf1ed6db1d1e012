"""The two acts of saved filters; they are used from each list."""

from enrollment.desk.navigation import register_view
from enrollment.savedfilters.views import keep, remove


def register() -> None:
    """For every member of staff; the list's own permission decides."""
    register_view("filters/<str:label>/keep/", keep, "enrollment_savedfilter_keep", permission=None)
    register_view(
        "filters/<int:pk>/remove/", remove, "enrollment_savedfilter_remove", permission=None
    )
