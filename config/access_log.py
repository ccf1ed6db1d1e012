"""One line of JSON per request, without anything personal.

Who searched for whom stands in the portal's own logs (reads, prints, unmaskings), where it is
kept under permission. This one is for operators: the view's name instead of the address, which
may hold a resident's key; no query, no client address, no user name.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

log = logging.getLogger("portal.access")
REQUEST_ID = "X-Request-ID"


class AccessLogMiddleware:
    """Logs each request when its response is ready; health checks only when they fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Time the request and give it an id that the answer carries too."""
        began = time.perf_counter_ns()
        identity = uuid.uuid4().hex[:16]
        response = self.get_response(request)
        response[REQUEST_ID] = identity
        match = request.resolver_match
        view = match.view_name if match else ""
        if not (view.startswith("health") and response.status_code < 400):
            line = {
                "request": identity,
                "method": request.method,
                "view": view,
                "status": response.status_code,
                "ms": (time.perf_counter_ns() - began) // 1_000_000,
            }
            log.info("%s", json.dumps(line))
        return response
