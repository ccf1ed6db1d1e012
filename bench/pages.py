"""The window's live quote beside a bare template of the same size: same form, login, permission.

    python -m bench.pages [--times 200]

Makes a database of its own (dropped at the end) on the server that the settings name. Both pages
are asked in turn through the same middleware; milliseconds are processor time of the web process
and of its database process together. The bare page is a template that holds the quote's own text,
word for word, with as many variables as the quote has lines. Medians; the ratio is what holds
elsewhere (`settings.ROOT_URLCONF` is this module, for the bare page alone).
"""

import argparse
import json
import os
import re
import statistics
from typing import Any
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.exceptions import PermissionDenied  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402

from bench.database import machine  # noqa: E402
from bench.lists import worked  # noqa: E402
from claims.tests.factories import make_clerk, make_resident  # noqa: E402
from claims.tests.test_window import papers  # noqa: E402
from enrollment.tests.factories import make_bureau, make_institution  # noqa: E402

QUOTE, BARE = "/window/quote/", "/bare/"
SENT_AS = "application/x-www-form-urlencoded"  # as htmx sends the form of the window
TARGET = 3
_bare: dict[str, Any] = {}


def bare(request: HttpRequest) -> HttpResponse:
    """The same words for the same clerk, without finding or calculating anything."""
    if not request.user.has_perm("claims.enter_claim"):
        raise PermissionDenied
    return HttpResponse(_bare["template"].render(_bare["values"], request))


urlpatterns = [
    path("bare/", admin.site.admin_view(bare)),
    path("", include("config.urls")),
]


def keep(text: str) -> None:
    """Make the bare template of a page: each line's text is a variable."""
    values: dict[str, str] = {}

    def variable(match: re.Match[str]) -> str:
        values[f"v{len(values)}"] = match[1]
        return f">{{{{ v{len(values) - 1} }}}}<"

    source = re.sub(r">([^<{]+)<", variable, text)
    _bare["template"], _bare["values"] = engines["django"].from_string(source), values


def main() -> None:
    """Ask both in turn; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    connection.settings_dict["TEST"]["NAME"] = f"bench_pages_{os.getpid()}"
    own = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        make_bureau()
        client = Client()
        client.force_login(make_clerk())
        sent = urlencode(papers(make_institution(), person=make_resident().pk), doseq=True)
        asks = {
            "quote": lambda: client.post(QUOTE, sent, content_type=SENT_AS),
            "bare": lambda: client.post(BARE, sent, content_type=SENT_AS),
        }
        text = asks["quote"]().content.decode()
        keep(text)
        assert len(asks["bare"]().content) >= len(text)  # noqa: S101
        taken: dict[str, list[Any]] = {name: [] for name in asks}
        for _turn in range(options.times):
            for name, ask in asks.items():
                before = worked()
                ask()
                taken[name].append(worked() - before)
        with CaptureQueriesContext(connection) as seen:
            asks["quote"]()
        medians = {name: statistics.median(found) * 1000 for name, found in taken.items()}
        report = {
            "milliseconds": {name: round(value, 2) for name, value in medians.items()},
            "ratio": round(medians["quote"] / medians["bare"], 2),
            "target": TARGET,
            "statements": len(seen),
            "bytes": len(text.encode()),
            "machine": machine(),
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


if __name__ == "__main__":
    main()
