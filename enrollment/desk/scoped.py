"""What a user limited to some townships sees of a model, wherever the admin shows it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enrollment.access.scope import is_limited, sees_none, visible_to
from enrollment.desk.tags import Label

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


# What who works for some townships reads where the whole county's matters stand.
COUNTY_ONLY = _("This concerns the whole county; your account works for some townships only.")


class ScopedAdmin(_ModelAdmin):
    """Rows and choices of the user's townships.

    Lists, record pages, history, actions, exports and autocomplete all read `get_queryset`;
    choices of other records are narrowed the same way.
    """

    # Rules of the whole county, which who works for some of its townships reads and never changes.
    changed_by_the_county = False
    # One sentence for an empty list: what belongs here and how it comes here.
    empty_list_hint: Label = ""

    def get_empty_list_hint(self, request: HttpRequest) -> Label:
        """That, or why the list of the whole county is empty for who works for some townships."""
        return COUNTY_ONLY if sees_none(request.user, self.model) else self.empty_list_hint

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By role; rules of the county by who works for all of it."""
        return super().has_add_permission(request) and self._may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role; rules of the county by who works for all of it."""
        return super().has_change_permission(request, obj) and self._may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role; rules of the county by who works for all of it."""
        return super().has_delete_permission(request, obj) and self._may_write(request)

    def _may_write(self, request: HttpRequest) -> bool:
        return not (self.changed_by_the_county and is_limited(request.user))

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
