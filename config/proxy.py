"""The browser's address behind the proxy: login throttling counts by it."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

HEADER = "HTTP_X_REAL_IP"


class RealAddressMiddleware:
    """Takes the address that the trusted proxy names; from anybody else the header is nothing.

    Trusted are a Unix socket, which has no address of its own, and the addresses in
    `PORTAL_PROXIES`. The proxy must replace the header, never pass on what came in
    (deploy/nginx/portal.conf).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put the browser's address where Django and its libraries look for it."""
        named = _address(request.META.pop(HEADER, ""))
        peer = request.META.get("REMOTE_ADDR", "")
        if named and (not peer or peer in settings.PORTAL_PROXIES):
            request.META["REMOTE_ADDR"] = named
        return self.get_response(request)


def _address(text: str) -> str:
    """The text when it is an address, else nothing."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
