"""Probes are answered before the portal asks by which name it was called."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

PROBES = ("/health/", "/health/ready")


class ProbeMiddleware:
    """Answers the probes of containers and load balancers, which ask by an address.

    Any other middleware would refuse a name that is not among ALLOWED_HOSTS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The probe's answer, or what the rest of the portal answers."""
        if request.path_info not in PROBES:
            return self.get_response(request)
        found = request.resolver_match = resolve(request.path_info)
        answer: HttpResponseBase = found.func(request)
        return answer
