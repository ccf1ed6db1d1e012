"""Refusals in plain words: which permission is missing and which roles hold it."""

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from enrollment.access.roles import role_label


class MissingPermission(PermissionDenied):
    """The user lacks one permission (`app.codename`)."""

    def __init__(self, permission: str) -> None:
        """Keep the permission for the page that explains the refusal."""
        super().__init__(permission)
        self.permission = permission


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 403 page: the reason given by the service, or the permission and who holds it.

    Two statements at most, made only for the refusal.
    """
    context = admin.site.each_context(request)
    if isinstance(exception, MissingPermission):
        app_label, _dot, codename = exception.permission.partition(".")
        permission = Permission.objects.filter(
            content_type__app_label=app_label, codename=codename
        ).first()
        groups = (
            Group.objects.filter(permissions=permission) if permission else Group.objects.none()
        )
        context["permission_code"] = exception.permission
        context["roles_allowed"] = [role_label(group.name) for group in groups.order_by("name")]
    elif exception is not None:
        context["reason"] = str(exception)
    return render(request, "403.html", context, status=403)
