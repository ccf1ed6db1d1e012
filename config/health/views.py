"""What a load balancer and an operator see."""

from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.health.checks import examine, examine_vital, status_of

KEEP_SECONDS = 15
NAMES = {
    "database": _("Database"),
    "migrations": _("Migrations"),
    "static files": _("Static files"),
    "queue": _("Queue"),
    "worker": _("Worker"),
    "beat": _("Schedule (beat)"),
    "failed jobs": _("Failed jobs"),
    "disk": _("Disk"),
}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when requests may come, 503 when not; one word, no details, no login.

    What the web process itself needs is asked each time; queue, worker, beat and disk, which may
    have to be waited for, at most every fifteen seconds: `degraded`, still with 200.
    """
    if status_of(examine_vital()) == "unavailable":
        return JsonResponse({"status": "unavailable"}, status=503)
    status = cache.get_or_set("health", lambda: status_of(examine()), KEEP_SECONDS)
    return JsonResponse({"status": status})


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every check with its detail, for the operator."""
    findings = examine()
    context = {
        **admin.site.each_context(request),
        "title": _("Health of the portal"),
        "status": status_of(findings),
        "findings": [(NAMES[finding.name], finding) for finding in findings],
    }
    return render(request, "health/page.html", context)
