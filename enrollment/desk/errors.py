"""What a browser is told when a page is refused or fails, in plain words."""

import sys

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from enrollment.access.roles import role_label
from enrollment.console.database import answers


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


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a request that failed: 503 while the database is away, else 500.

    Both are drawn without a query, and without the request's context, which could fail again.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError) and not answers():
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return defaults.server_error(request)
