"""What a user limited to some townships sees of a model, wherever the admin shows it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from enrollment.access.scope import visible_to

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ScopedAdmin(_ModelAdmin):
    """Rows and choices of the user's townships.

    Lists, record pages, history, actions, exports and autocomplete all read `get_queryset`;
    choices of other records are narrowed the same way.
    """

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Any]":
        """The rows of the user's townships."""
        return visible_to(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices from the user's townships."""
        return super().formfield_for_foreignkey(
            db_field, request, **_narrowed(db_field, request, kwargs)
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices from the user's townships."""
        return super().formfield_for_manytomany(
            db_field, request, **_narrowed(db_field, request, kwargs)
        )


def _narrowed(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a choice's form field with the rows that the user may see."""
    given = kwargs.get("queryset")
    rows = db_field.remote_field.model._default_manager.all() if given is None else given
    return {**kwargs, "queryset": visible_to(rows, request.user)}
